import Foundation
import ModelStore
import SpeechCore
import XTTSEngine

extension EngineFlags {
  /// Loads the engine as flags and environment say.
  /// - Throws: ``BadSetting``, or ``CommandFailure`` saying what is wrong with the model.
  func loadEngine(
    _ environment: Environment = .process, warmsUp: Bool = true, metrics: any EngineMetrics = NoEngineMetrics()
  ) async throws -> XTTSEngine {
    var options = try options(environment)
    options.warmsUp = warmsUp
    let directory = try modelDirectory(environment)
    do {
      let files = try ModelDirectory(path: directory)
      let identity = ModelIdentity(
        repo: try environment(Settings.repository, flag: repoID), revision: "local",
        sha256: try FileDigest.sha256(ofFileAt: files.weightsPath))
      return try await XTTSEngine.load(
        modelDirectory: directory, identity: identity, options: options, metrics: metrics)
    } catch let error as ModelStoreError {
      throw CommandFailure(error.message)
    } catch let error as SpeechError {
      throw CommandFailure(error.message)
    }
  }
}
