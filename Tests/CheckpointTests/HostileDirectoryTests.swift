import Checkpoint
import Foundation
import Testing

/// Reads the files of `tools/hostile/generate.py` if `CHECKPOINT_HOSTILE_DIR` names their folder.
@Suite struct HostileDirectoryTests {
  static let directory = ProcessInfo.processInfo.environment["CHECKPOINT_HOSTILE_DIR"]

  @Test(.enabled(if: directory != nil)) func everyFileIsRefused() throws {
    let directory = try #require(Self.directory)
    let expected = try JSONDecoder().decode(
      [String: String].self, from: Data(contentsOf: URL(fileURLWithPath: "\(directory)/expected.json")))
    #expect(expected.count >= 50)
    for (name, reason) in expected.sorted(by: { $0.key < $1.key }) {
      let error = #expect(throws: CheckpointError.self, "\(name): \(reason)") {
        try Checkpoint.open("\(directory)/\(name)")
      }
      #expect(error?.file == "\(directory)/\(name)")
      print("\(name) (\(reason)): \(error?.reason ?? "not refused")")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(directory)/executed"))
  }
}
