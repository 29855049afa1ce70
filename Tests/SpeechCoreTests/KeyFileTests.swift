import Foundation
import Testing

@testable import SpeechCore

struct KeyFileTests {
  private let path = NSTemporaryDirectory() + "key-" + UUID().uuidString

  @Test func theFirstStartMakesAPrivateFileAndLaterOnesReadIt() throws {
    defer { unlink(path) }
    let first = try KeyFile(path: path)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(!first.isOpenToAll)
    #expect(try KeyFile(path: path).ring == first.ring)
    #expect(!"\(first.ring) \(String(reflecting: first.ring.current))".contains(first.ring.current.hexadecimal))
  }

  @Test func aNameWithoutAFolderIsInTheWorkingFolder() throws {
    let name = "key-\(UUID().uuidString)"
    defer { unlink(name) }
    let file = try KeyFile(path: name)
    #expect(FileManager.default.fileExists(atPath: name))
    #expect(try file.rotate() == file.ring.current.id)
  }

  @Test func processesThatStartTogetherGetOneKey() async throws {
    defer { unlink(path) }
    let ids = try await withThrowingTaskGroup(of: String.self) { [path] group in
      for _ in 0..<50 { group.addTask { try KeyFile(path: path).ring.current.id } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
  }

  @Test func aRotationTakesEffectAtOnceAndEarlierSignaturesVerify() throws {
    defer { unlink(path) }
    let file = try KeyFile(path: path)
    let data = Data("an entry".utf8)
    let signature = file.ring.current.signature(of: data, as: .voiceLog)
    let id = try KeyFile(path: path).rotate()
    #expect(file.ring.current.id == id)
    #expect(file.ring.check(signature, of: data, as: .voiceLog) == .valid)
    #expect(file.ring.check(signature, of: data, as: .audit) == .forged)
    #expect(file.ring.check(signature, of: Data("another".utf8), as: .voiceLog) == .forged)
    #expect(file.ring.check(nil, of: data, as: .voiceLog) == .forged)
    #expect(file.ring.check("0123456789abcdef:00", of: data, as: .voiceLog) == .otherKey("0123456789abcdef"))
    #expect(file.ring.check("\(id):", of: data, as: .voiceLog) == .forged)
  }

  @Test(arguments: ["", "\n", "not a key", String(repeating: "0", count: 63), String(repeating: "é", count: 32)])
  func aFileOfAnotherFormIsRefusedWithItsName(text: String) throws {
    defer { unlink(path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: SpeechError.self) { try KeyFile(path: path) }
    #expect(error?.message.contains(path) == true && error?.message.contains("SPEECHBUS_KEY_FILE") == true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func aFileThatBecomesUnreadableKeepsTheLastKeys() throws {
    defer { unlink(path) }
    let file = try KeyFile(path: path)
    let ring = file.ring
    try Data("broken".utf8).write(to: URL(fileURLWithPath: path))
    #expect(file.ring == ring)
  }
}
