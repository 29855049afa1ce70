import Checkpoint
import Foundation
import SpeechAudio
import SpeechCore
import XTTSEngine

extension Synthesize {
  /// Speaks one segment of an exact length and writes what each stage made.
  func diagnose(_ request: SynthesisRequest, voice: ResolvedVoice, on synthesizer: XTTSEngine) async throws {
    var sampling = synthesizer.defaultSampling
    sampling.temperature = request.temperature ?? sampling.temperature
    sampling.topK = request.topK ?? sampling.topK
    sampling.topP = request.topP ?? sampling.topP
    sampling.repetitionPenalty = request.repetitionPenalty ?? sampling.repetitionPenalty
    let followed = try follow.map(codes(of:))
    let job = SynthesisJob(
      id: "trace", text: request.text, language: request.language ?? .english, voice: voice.conditioning,
      seed: request.seed ?? 0, sampling: sampling, speed: request.speed,
      normalization: request.normalization ?? .upstream)
    let trace = try await synthesizer.trace(
      FixedLengthJob(job, codes: codes ?? followed?.count ?? 60, isGreedy: greedy, following: followed ?? []))
    let file = try OutputFile(speech.output)
    let encoder = try AudioEncoder(
      request.encoding, isStream: false, sourceRate: synthesizer.sampleRate,
      process: try chosenDecoder.encoder)
    try file.append(encoder.append(trace.samples))
    try file.append(encoder.finish())
    try file.close()
    if let dump { try write(trace, of: voice.conditioning, to: dump) }
    let figures =
      "\(trace.codes.count) codes, \(trace.textTokens.count) text tokens, \(trace.samples.count) samples"
    if speech.output == "-" { StandardError.write(figures) } else { print(figures) }
  }

  /// The codes of a dump.
  private func codes(of path: String) throws -> [Int] {
    do {
      guard let codes = try Checkpoint.open(path).tensors(under: "")["codes"] else {
        throw CommandFailure("\(path) has no tensor codes")
      }
      return try codes.integers()
    } catch let error as CheckpointError {
      throw CommandFailure("\(error)")
    }
  }

  private func write(_ trace: SynthesisTrace, of voice: VoiceConditioning, to path: String) throws {
    let width = trace.hiddenSize
    var tensors: [(name: String, source: TensorSource)] = [
      ("text_tokens", TensorSource(integers: trace.textTokens, shape: [trace.textTokens.count])),
      ("gpt_cond_latent", TensorSource(floats: voice.gptLatents, shape: [1, voice.gptLatents.count / width, width])),
      (
        "speaker_embedding",
        TensorSource(floats: voice.speakerEmbedding, shape: [1, voice.speakerEmbedding.count, 1])
      ),
      ("codes", TensorSource(integers: trace.codes, shape: [trace.codes.count])),
      ("first_logits", TensorSource(floats: trace.firstLogits, shape: [trace.firstLogits.count])),
      ("latents", TensorSource(floats: trace.latents, shape: [1, trace.latents.count / width, width])),
      ("wav", TensorSource(floats: trace.samples, shape: [trace.samples.count])),
    ]
    if follow != nil {
      let rows = max(1, trace.codes.count)
      tensors.append(("logits", TensorSource(floats: trace.logits, shape: [rows, trace.logits.count / rows])))
    }
    do {
      try SafetensorsWriter.write(tensors, to: path)
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
