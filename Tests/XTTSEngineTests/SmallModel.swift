import Foundation
import SpeechCore
import Testing
import XTTSModel

@testable import Checkpoint
@testable import XTTSEngine

/// Tests that run a model, one at a time: each uses the whole machine, and one weighs it.
@Suite(.serialized) enum EngineRuns {}

/// A random checkpoint that runs in milliseconds, written once for all tests.
enum SmallModel {
  private static let path = FileManager.default.temporaryDirectory
    .appending(path: "speech-engine-\(UUID().uuidString)").path

  static let directory: Result<String, any Error> = Result {
    atexit { try? FileManager.default.removeItem(atPath: SmallModel.path) }
    var checkpoint = RandomCheckpoint(dimensions)
    checkpoint.seed = 3
    checkpoint.typicalCodeCount = 30
    try checkpoint.write(to: path)
    return path
  }

  static let dimensions = {
    var dimensions = XTTSDimensions.small
    dimensions.layerCount = 2
    dimensions.width = 64
    dimensions.headCount = 4
    dimensions.audioCodeCount = 66
    dimensions.maximumAudioCodes = 80
    dimensions.conditioningLayerCount = 1
    dimensions.vocoderChannels = 32
    dimensions.residualKernels = [3, 5]
    return dimensions
  }()

  static let identity = ModelIdentity(repo: "test/small", revision: "0", sha256: "00")

  static func engine(
    _ options: EngineOptions = EngineOptions(), metrics: (any EngineMetrics)? = nil,
    wrapping: @escaping @Sendable (EngineBackend) -> EngineBackend = { $0 }
  ) async throws -> XTTSEngine {
    var options = options
    options.device = options.device ?? "cpu"
    options.threads = options.threads ?? 1
    return try await XTTSEngine.load(
      ModelFiles(directory: try directory.get()), identify: { identity }, options: options, metrics: metrics,
      wrapping: wrapping)
  }
}

/// Everything a job gave.
struct Heard: Sendable, Equatable {
  var started = 0
  var audio: [[Float]] = []
  var segments: [SegmentReport] = []
  var warnings: [String] = []
  var times: [SegmentTimes] = []
  /// Each mark in samples from the start.
  var marks: [String: Int] = [:]

  var samples: [Float] { audio.flatMap { $0 } }

  /// Without the times: equal speech takes other ones.
  static func == (one: Heard, other: Heard) -> Bool {
    one.started == other.started && one.audio == other.audio && one.segments == other.segments
      && one.warnings == other.warnings && one.marks == other.marks
  }
}

extension XTTSEngine {
  func job(
    _ text: String, seed: UInt64 = 1, language: Language = .english, voice: Int = 0, speed: Float = 1,
    priority: Int = 0, deadline: ContinuousClock.Instant? = nil
  ) -> SynthesisJob {
    SynthesisJob(
      id: "test", text: text, language: language, voice: builtInVoices[voice % builtInVoices.count].conditioning,
      seed: seed, speed: speed, priority: priority, deadline: deadline)
  }

  func hear(_ job: SynthesisJob) async throws -> Heard {
    var heard = Heard()
    for try await event in synthesize(job) {
      switch event {
      case .started: heard.started += 1
      case .audio(let samples): heard.audio.append(samples)
      case .times(let times): heard.times.append(times)
      case .segment(let report): heard.segments.append(report)
      case .mark(let name, let before): heard.marks[name] = heard.samples.count - before
      case .warning(let warning): heard.warnings.append(warning)
      }
    }
    return heard
  }
}
