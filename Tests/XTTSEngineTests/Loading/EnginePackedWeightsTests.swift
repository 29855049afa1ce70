import Foundation
import SpeechCore
import Synchronization
import Testing
import XTTSModel

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct EnginePackedWeightsTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "packed-\(UUID().uuidString)").path

    private func load(
      _ onUseless: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> XTTSEngine {
      var options = EngineOptions()
      options.device = "cpu"
      options.threads = 1
      return try await XTTSEngine.load(
        ModelFiles(directory: try SmallModel.directory.get()), identify: { SmallModel.identity },
        packedWeights: PackedWeightsSource(
          modelDigest: SmallModel.identity.sha256, file: { [path] _ in PackedWeightsFile(path: path) },
          onUseless: onUseless), options: options)
    }

    @Test func speaksTheSameFromAFileAndPacksAnewWithoutAGoodOne() async throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      let first = try await load()
      let packed = try #require(first.packedWeights)
      #expect(!packed.weights.wasRead)
      try PackedWeightsFile(path: path).write(
        packed.weights, modelDigest: SmallModel.identity.sha256, form: packed.form)
      let expected = try await first.hear(first.job("The same words."))

      let second = try await load()
      #expect(second.packedWeights?.weights.wasRead == true)
      #expect(try await second.hear(second.job("The same words.")) == expected)

      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
      let reasons = Mutex<[String]>([])
      let third = try await load { reason in reasons.withLock { $0.append(reason) } }
      #expect(third.packedWeights?.weights.wasRead == false)
      #expect(reasons.withLock { $0 }.contains { $0.contains("is damaged") })
      #expect(try await third.hear(third.job("The same words.")) == expected)
    }
  }
}
