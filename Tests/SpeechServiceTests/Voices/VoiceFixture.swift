import Foundation
import SQLiteStorage
import SpeechAudio
import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

/// A voice registry on a real database in a separate folder.
final class VoiceFixture: Sendable {
  let folder = NSTemporaryDirectory() + "voices-" + UUID().uuidString
  private let keyFile: String
  let engine: ConditioningStub
  let sources = Mutex<[ConditioningSource]>([])

  /// The key file of replicas that trust each other.
  private static let sharedKeyFile = NSTemporaryDirectory() + "key-" + UUID().uuidString

  init(speakers: [String] = ["Ada"], sharesKey: Bool = true) throws {
    keyFile = sharesKey ? Self.sharedKeyFile : folder + "/own.key"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    engine = ConditioningStub(speakers: speakers)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The state of one process; opening a new one simulates a restart.
  struct Process {
    var database: SpeechDatabase
    var store: SQLiteVoiceStore
    var lexicons: SQLiteLexiconStore
    var position: SQLiteVoiceReplicationStore
    var registry: VoiceRegistry
    var clips: ClipDirectory
  }

  func start(
    withModel: Bool = true, fetcher: (any AudioFetcher)? = nil, budgets: MemoryBudgets = MemoryBudgets()
  ) throws -> Process {
    let database = try SpeechDatabase(path: folder + "/db.sqlite", keyFile: keyFile)
    let store = SQLiteVoiceStore(database, voiceDirectory: folder + "/voices")
    let registry = VoiceRegistry(
      store: store, intake: VoiceIntake(fetcher: fetcher, budgets: budgets), synthesizer: withModel ? engine : nil,
      clips: ClipDirectory(path: folder + "/generated"), cacheCapacity: 4
    ) { [self] source in sources.withLock { $0.append(source) } }
    return Process(
      database: database, store: store, lexicons: SQLiteLexiconStore(database),
      position: SQLiteVoiceReplicationStore(database), registry: registry,
      clips: ClipDirectory(path: folder + "/generated"))
  }

  var resolved: [ConditioningSource] { sources.withLock { $0 } }
}

/// Counts conditioning calls; the result depends on the samples and on `gpt_cond_len`. It does not support synthesis.
final class ConditioningStub: SpeechSynthesizer {
  let model = ModelDescription(repo: "test", revision: "1", sha256: "m1", precision: "float32", device: "cpu")
  let languages: [Language] = [.english]
  let builtInVoices: [BuiltInVoice]
  let defaultSampling = SamplingParameters()
  let calls = Mutex(0)
  let shape = Mutex<VoiceShape?>(nil)
  var voiceShape: VoiceShape? { shape.withLock { $0 } }

  init(speakers: [String]) {
    builtInVoices = speakers.map {
      BuiltInVoice(name: $0, conditioning: VoiceConditioning(gptLatents: [7], speakerEmbedding: [7]))
    }
  }

  var callCount: Int { calls.withLock { $0 } }

  func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning {
    calls.withLock { $0 += 1 }
    // Lets other tasks make requests meanwhile.
    for _ in 0..<20 { await Task.yield() }
    let sum = clips.flatMap(\.samples).reduce(0) { $0 + abs($1) }
    return VoiceConditioning(gptLatents: [sum], speakerEmbedding: [Float(settings.conditioningSeconds ?? 1)])
  }

  func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    AsyncThrowingStream { $0.finish() }
  }
}

/// A tone as an encoded file.
func tone(
  _ frequency: Float = 220, seconds: Double = 4, rate: Int = 24_000, gain: Float = 0.5, format: AudioFormat = .wav
) throws -> Data {
  let samples = (0..<Int(seconds * Double(rate))).map { gain * sin(2 * .pi * frequency * Float($0) / Float(rate)) }
  return try AudioEncoder.encode(samples, format: format, sampleRate: rate)
}
