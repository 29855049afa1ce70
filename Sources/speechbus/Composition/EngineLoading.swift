import Foundation
import ModelHub
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
      let origin = try origin(of: directory, environment)
      let identity = ModelIdentity(
        repo: origin.repo, revision: origin.revision, sha256: try FileDigest.sha256(ofFileAt: files.weightsPath))
      return try await XTTSEngine.load(
        modelDirectory: directory, identity: identity, options: options, metrics: metrics)
    } catch let error as HubError {
      throw CommandFailure("\(error)")
    } catch let error as ModelStoreError {
      throw CommandFailure(error.message)
    } catch let error as SpeechError {
      throw CommandFailure(error.message)
    }
  }

  /// Where a model says it came from: the pull's record, else what the operator says, else its folder.
  private func origin(of directory: String, _ environment: Environment) throws -> (repo: String, revision: String) {
    if let record = try ModelRecord(directory: directory) { return (record.repositoryID, record.revision) }
    if repoID != nil || environment.variables[Settings.repository.name]?.isEmpty == false {
      return (try environment(Settings.repository, flag: repoID), "local")
    }
    return (URL(fileURLWithPath: directory).lastPathComponent, "local")
  }
}
