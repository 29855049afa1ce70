import Checkpoint
import Foundation
import SpeechCore
import Torch

@testable import XTTSModel

/// A generated checkpoint, loaded, and upstream's results for it.
final class ParityCase: Sendable {
  let checkpoint: ParityCheckpoint
  let golden: [String: StoredTensor]
  private let model: TestModel

  init(_ checkpoint: ParityCheckpoint) throws {
    self.checkpoint = checkpoint
    model = try TestModel(checkpoint.checkpoint)
    let path = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(checkpoint.rawValue).safetensors").path
    golden = try Checkpoint.open(path).tensors(under: "")
  }

  func load() throws(ModelError) -> XTTS { try model.load() }

  func floats(_ name: String) throws -> [Float] { try tensor(name).floats() }
  func integers(_ name: String) throws -> [Int] { try tensor(name).integers() }

  private func tensor(_ name: String) throws -> StoredTensor {
    guard let tensor = golden[name] else { throw ModelError(.unreadable, "no golden tensor \(name)") }
    return tensor
  }

  /// The voice that upstream computed.
  func voice() throws -> VoiceConditioning {
    VoiceConditioning(
      gptLatents: try floats("gpt_cond_latent"), speakerEmbedding: try floats("speaker_embedding"))
  }

  var clips: [AudioClip] {
    checkpoint.referenceClips.map { clip in
      AudioClip(samples: clip.samples.map { Float($0) / 32768 }, sampleRate: clip.sampleRate)
    }
  }
}
