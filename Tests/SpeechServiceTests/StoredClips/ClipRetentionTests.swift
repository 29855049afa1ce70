import Foundation
import SpeechCore
import SpeechService
import Testing

struct ClipRetentionTests {
  private func file(_ name: String, age: Double, bytes: Int = 10) -> ClipBounds.File {
    ClipBounds.File(name: name, modifiedAt: Date(timeIntervalSince1970: 1_000 - age), byteCount: bytes)
  }

  private let now = Date(timeIntervalSince1970: 1_000)

  @Test func theOldestGoFirst() {
    let files = [file("b", age: 20), file("a", age: 30), file("d", age: 1), file("c", age: 10)]
    func gone(_ bounds: ClipBounds) -> [String] { bounds.surplus(of: files, now: now).map(\.name) }
    #expect(gone(ClipBounds()) == [])
    #expect(gone(ClipBounds(maximumAge: 15)) == ["a", "b"])
    #expect(gone(ClipBounds(maximumBytes: 10)) == ["a", "b", "c"])
    #expect(gone(ClipBounds(maximumBytes: 39)) == ["a"])
    #expect(gone(ClipBounds(maximumAge: 15, maximumBytes: 10)) == ["a", "b", "c"])
    #expect(gone(ClipBounds(maximumAge: 0, maximumBytes: 0)) == ["a", "b", "c", "d"])
  }

  @Test func onlyClipsAndAbandonedWritesAreRemoved() async throws {
    let folder = NSTemporaryDirectory() + "clips-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let clips = ClipDirectory(path: folder)
    let ids = [String(repeating: "a", count: 32), String(repeating: "b", count: 32)]
    for id in ids { _ = try await clips.store(Data("sound".utf8), requestID: id, format: .wav) }
    for name in ["notes.txt", "short.wav", "\(ids[0]).wav.x.partial"] {
      #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data("x".utf8)))
    }
    #expect(clips.removeSurplus(ClipBounds(maximumAge: 60)) == 0)
    #expect(clips.removeSurplus(ClipBounds(maximumAge: 60), now: Date(timeIntervalSinceNow: 7_200)) == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["notes.txt", "short.wav"])
  }
}
