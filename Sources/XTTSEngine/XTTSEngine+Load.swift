import Foundation
import SpeechCore
import Torch
import XTTSModel
import XTTSText

extension XTTSEngine {
  /// Determines the identity of a model.
  public typealias Identification = @Sendable () async throws(SpeechError) -> ModelIdentity

  /// Loads a model and runs it once, so that the engine is ready when this returns.
  ///
  /// - Parameters:
  ///   - identify: runs in parallel with the load, because hashing a checkpoint takes as long.
  ///   - packedWeights: the packed weights of an earlier start, which make this one faster.
  /// - Throws: ``SpeechError`` `model_unavailable`, naming file, field, tensor or device.
  public static func load(
    _ files: ModelFiles, identify: @escaping Identification, packedWeights: PackedWeightsSource? = nil,
    options: EngineOptions = .standard, metrics: (any EngineMetrics)? = nil
  ) async throws(SpeechError) -> XTTSEngine {
    try await load(
      files, identify: identify, packedWeights: packedWeights, options: options, metrics: metrics, wrapping: { $0 })
  }

  /// - Parameter wrapping: replaces parts of the backend. Tests insert faults this way.
  static func load(
    _ files: ModelFiles, identify: @escaping Identification, packedWeights: PackedWeightsSource? = nil,
    options: EngineOptions, metrics: (any EngineMetrics)? = nil,
    wrapping: @escaping @Sendable (EngineBackend) -> EngineBackend
  ) async throws(SpeechError) -> XTTSEngine {
    let start = ContinuousClock.now
    let thread = EngineThread()
    async let frontend = frontend(files.vocabulary, japaneseDictionary: options.japaneseDictionary)
    async let identity = identity(identify)
    let result: Result<LoadedEngine, SpeechError> = await withCheckedContinuation { continuation in
      thread.start {
        do throws(ModelError) {
          let (loaded, backend) = try BackendLoader(options: options, packedWeights: packedWeights).load(files)
          let loop = EngineLoop(backend: wrapping(backend), metrics: metrics)
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
    let known: ModelIdentity
    do throws(SpeechError) {
      read = try await frontend.get()
      known = try await identity.get()
    } catch {
      thread.close()
      throw error
    }
    let text = TextPreparation(read, loaded.configuration, options: options)
    let preparation = SpeechPreparation(text: text, loaded: loaded, options: options)
    return XTTSEngine(
      identity: known, thread: thread, preparation: preparation, loadTime: ContinuousClock.now - start)
  }

  private static func identity(_ identify: Identification) async -> Result<ModelIdentity, SpeechError> {
    do throws(SpeechError) {
      return .success(try await identify())
    } catch {
      return .failure(error)
    }
  }

  private static func frontend(_ path: String, japaneseDictionary: String?) async -> Result<TextFrontend, SpeechError> {
    do throws(TextError) {
      return .success(try TextFrontend(vocabularyPath: path, japaneseDictionary: japaneseDictionary))
    } catch {
      return .failure(SpeechError(.modelUnavailable, "\(error)"))
    }
  }
}
