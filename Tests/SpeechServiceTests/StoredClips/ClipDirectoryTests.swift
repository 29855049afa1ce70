import Foundation
import SpeechCore
import Testing

@testable import SpeechService

struct ClipDirectoryTests {
  private let path = NSTemporaryDirectory() + "clips-" + UUID().uuidString

  @Test func aClipIsPrivateWholeAndFoundByItsID() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let clips = ClipDirectory(path: path)
    let id = RequestContext.makeRequestID()
    let stored = try await clips.store(Data("audio".utf8), requestID: id, format: .opus)
    #expect(try await clips.clip(requestID: id) == stored)
    #expect(FileManager.default.contents(atPath: stored.path) == Data("audio".utf8))
    let attributes = try FileManager.default.attributesOfItem(atPath: stored.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 1)
  }

  @Test(arguments: [
    "../secret", "..", "", "ABCDEF0123456789ABCDEF0123456789", "a/b", "0123456789abcdef0123456789abcde\0",
  ])
  func otherIDsLeadNowhere(id: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let clips = ClipDirectory(path: path)
    #expect(try await clips.clip(requestID: id) == nil)
    await #expect(throws: SpeechError.self) { try await clips.store(Data(), requestID: id, format: .wav) }
  }

  @Test func aFolderThatCannotBeMadeIsAnError() async throws {
    let clips = ClipDirectory(path: "/proc/nowhere")
    let error = await #expect(throws: SpeechError.self) {
      try await clips.store(Data(), requestID: RequestContext.makeRequestID(), format: .wav)
    }
    #expect(error?.code == .internal)
  }
}
