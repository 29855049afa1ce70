import Foundation
import SpeechCore
import Testing
import XTTSModel

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct EngineLanguageTests {
    /// The vocabulary has a tag for every language; what counts is what the model was trained on.
    @Test func aConfigurationOfOneLanguageLeavesNoOther() async throws {
      let files = FileManager.default
      let folder = files.temporaryDirectory.appending(path: "language-\(UUID().uuidString)")
      defer { try? files.removeItem(at: folder) }
      try files.copyItem(at: URL(fileURLWithPath: try SmallModel.directory.get()), to: folder)
      let file = folder.appending(path: "config.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      let list = try #require(text.firstMatch(of: /"languages"\s*:\s*\[[^\]]*\]/))
      try text.replacing(list.output, with: #""languages": ["en"]"#).write(to: file, atomically: true, encoding: .utf8)
      var options = EngineOptions()
      options.device = "cpu"
      options.threads = 1
      let engine = try await XTTSEngine.load(
        ModelFiles(directory: folder.path), identify: { SmallModel.identity }, options: options)
      #expect(engine.languages == [.english])
    }
  }
}
