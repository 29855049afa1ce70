import Checkpoint
import Downloads
import Foundation
import Logging
import SpeechCore
import XTTSEngine
import XTTSModel

extension EngineFlags {
  /// The files of the model.
  /// - Throws: ``BadSetting``, or ``CommandFailure`` with the missing files.
  func findModel(_ environment: Environment = .process) throws -> ModelDirectory {
    do {
      return try ModelDirectory(path: try modelDirectory(environment))
    } catch let error as DownloadError {
      throw CommandFailure(error.message)
    }
  }

  /// Loads the engine as flags and environment say.
  /// - Throws: ``BadSetting``, or ``CommandFailure`` saying what is wrong with the model.
  func loadEngine(
    _ found: ModelDirectory, _ environment: Environment = .process, warmsUp: Bool = true,
    metrics: (any EngineMetrics)? = nil,
    logger: Logger = Logger(label: "speechbus")
  ) async throws -> XTTSEngine {
    var options = try options(environment)
    options.warmsUp = warmsUp
    let place = try environment(Settings.modelCache, flag: modelCache)
    do {
      let origin = try origin(of: found.path, environment)
      let digest = place.digest(ofFileAt: found.weightsPath)
      // The remembered digest, or nil: then it is computed on a separate thread during the load.
      let remembered = digest.remembered
      let source = remembered.map { remembered in
        PackedWeightsSource(modelDigest: remembered) { form in
          place.packedWeightsPath(weights: found.weightsPath, digest: remembered, form: form)
            .map(PackedWeightsFile.init)
        } onUseless: { reason in
          logger.debug("packing the model's weights", metadata: ["reason": "\(reason)"])
        }
      }
      return try await XTTSEngine.load(
        ModelFiles(found),
        identify: { () async throws(SpeechError) in
          ModelIdentity(
            repo: origin.repositoryID, revision: origin.revision,
            sha256: try await Self.compute(digest))
        }, packedWeights: source, options: options, metrics: metrics)
    } catch let error as DownloadError {
      throw CommandFailure("\(error)")
    } catch let error as SpeechError {
      throw CommandFailure(error.message)
    }
  }

  /// Leaves what an engine packed for the next start, where that is wanted and can be.
  /// - Returns: the file's path; nil when nothing was written.
  func keepPackedWeights(
    of engine: XTTSEngine, in found: ModelDirectory, _ environment: Environment = .process,
    logger: Logger = Logger(label: "speechbus")
  ) async throws -> String? {
    guard let packed = engine.packedWeights, !packed.weights.wasRead else { return nil }
    guard
      let path = try environment(Settings.modelCache, flag: modelCache).packedWeightsPath(
        weights: found.weightsPath, digest: engine.model.sha256, form: packed.form.name)
    else { return nil }
    let digest = engine.model.sha256
    return await DedicatedThread.run("packed-weights") { _ in
      do throws(CheckpointError) {
        try PackedWeightsFile(path: path).write(packed.weights, modelDigest: digest, form: packed.form)
        return path
      } catch {
        logger.debug("the packed weights are not kept", metadata: ["reason": "\(error)"])
        return nil
      }
    }
  }

  private static func compute(_ digest: FileDigest) async throws(SpeechError) -> String {
    do throws(DownloadError) {
      return try await DedicatedThread.run("model-digest") { _ throws(DownloadError) in try digest.sha256() }
    } catch {
      throw SpeechError(.modelUnavailable, error.message)
    }
  }

  /// The origin of a model: the record of the pull, its place in a cache, else the operator's setting, else the name of its
  /// folder.
  private func origin(of directory: String, _ environment: Environment) throws -> ModelOrigin {
    if let (origin, _) = try ModelOrigin.told(by: directory) { return origin }
    if repoID != nil || environment.variables[Settings.repository.description.name]?.isEmpty == false {
      return ModelOrigin(repositoryID: try environment(Settings.repository, flag: repoID), revision: "local")
    }
    return ModelOrigin(repositoryID: URL(fileURLWithPath: directory).lastPathComponent, revision: "local")
  }
}

extension ModelOrigin {
  /// The origin that the folder itself records, and the kind of record; nil for a plain folder.
  static func told(by directory: String) throws(DownloadError) -> (origin: ModelOrigin, way: String)? {
    if let record = try ModelRecord(directory: directory), !record.isLocal {
      return (ModelOrigin(repositoryID: record.repositoryID, revision: record.revision), "fetched by model pull")
    }
    return ModelOrigin(cacheSnapshot: directory).map { ($0, "Hugging Face cache") }
  }
}

extension ModelFiles {
  init(_ directory: ModelDirectory) {
    self.init(
      weights: directory.weightsPath, configuration: directory.configurationPath, vocabulary: directory.vocabularyPath,
      speakers: directory.speakersPath)
  }
}
