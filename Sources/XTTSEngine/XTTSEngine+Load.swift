import Foundation
import SpeechCore
import Torch
import XTTSModel
import XTTSText

/// What is known of a model besides its files.
public struct ModelIdentity: Sendable, Equatable {
  public var repo: String
  public var revision: String
  /// SHA-256 of `model.pth`, lower-case hex.
  public var sha256: String

  public init(repo: String, revision: String, sha256: String) {
    self.repo = repo
    self.revision = revision
    self.sha256 = sha256
  }
}

/// What leaves the engine's thread once the model is there.
struct LoadedEngine: Sendable {
  var model: ModelDescription
  var configuration: XTTSConfiguration
  var builtInVoices: [BuiltInVoice]
  var slots: Int
  var slotCapacity: Int
  var latentCount: Int
  var speakerSize: Int
  var warnings: [String]
  /// What was decided for the device, for the log.
  var notes: [String] = []
}

extension XTTSEngine {
  /// Loads a model directory and speaks once, so that the engine is ready when this returns.
  ///
  /// - Parameter modelDirectory: `model.pth`, `config.json`, `vocab.json` and, if there, `speakers_xtts.pth`.
  /// - Throws: ``SpeechError`` `model_unavailable`, naming file, field, tensor or device.
  public static func load(
    modelDirectory: String, identity: ModelIdentity, options: EngineOptions = EngineOptions(),
    metrics: any EngineMetrics = NoEngineMetrics()
  ) async throws(SpeechError) -> XTTSEngine {
    try await load(
      modelDirectory: modelDirectory, identity: identity, options: options, metrics: metrics, wrapping: { $0 })
  }

  /// - Parameter wrapping: replaces parts of the backend: tests put faults in here.
  static func load(
    modelDirectory: String, identity: ModelIdentity, options: EngineOptions,
    metrics: any EngineMetrics = NoEngineMetrics(), wrapping: @escaping @Sendable (EngineBackend) -> EngineBackend
  ) async throws(SpeechError) -> XTTSEngine {
    let start = ContinuousClock.now
    let thread = EngineThread()
    async let frontend = frontend(in: modelDirectory)
    let result: Result<LoadedEngine, SpeechError> = await withCheckedContinuation { continuation in
      thread.start {
        do throws(ModelError) {
          let (loaded, backend) = try BackendLoader(options: options).load(modelDirectory, identity: identity)
          let limits = backend.schedulerLimits(options, slots: loaded.slots)
          let loop = EngineLoop(backend: wrapping(backend), limits: limits, metrics: metrics)
          if options.warmsUp { try loop.warmUp(loaded) }
          continuation.resume(returning: .success(loaded))
          return loop
        } catch {
          continuation.resume(returning: .failure(SpeechError(.modelUnavailable, error.message)))
          return nil
        }
      }
    }
    let loaded = try result.get()
    let read: TextFrontend
    switch await frontend {
    case .success(let frontend): read = frontend
    case .failure(let error):
      thread.close()
      throw error
    }
    let preparation = SpeechPreparation(
      frontend: read, configuration: loaded.configuration, options: options, latentCount: loaded.latentCount,
      speakerSize: loaded.speakerSize, slotCapacity: loaded.slotCapacity)
    return XTTSEngine(
      loaded: loaded, thread: thread, preparation: preparation, loadTime: ContinuousClock.now - start)
  }

  private static func frontend(in directory: String) async -> Result<TextFrontend, SpeechError> {
    let path = URL(fileURLWithPath: directory).appendingPathComponent("vocab.json").path
    do throws(TextError) {
      return .success(try TextFrontend(vocabularyPath: path))
    } catch {
      return .failure(SpeechError(.modelUnavailable, "\(error)"))
    }
  }
}
