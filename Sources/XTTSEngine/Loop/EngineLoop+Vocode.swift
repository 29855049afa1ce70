import SpeechCore
import XTTSModel

extension EngineLoop {
  /// Decodes one window of a segment and hands its audio on.
  func vocode(_ window: SchedulerStep.Window) {
    guard let active = jobs[window.key.request], let sequence = sequence(window.key) else { return }
    let samples: [Float]
    do throws(ModelError) {
      samples = try sequence.vocoder.decode(codes: window.codes, isLast: window.isLast, latents: sequence.latents)
    } catch {
      return fail(window.key.request, error)
    }
    deliver(samples, of: window.key, sequence, active)
  }

  /// Hands a window's audio on, and what its end means for segment and request.
  func deliver(_ samples: [Float], of key: SequenceKey, _ sequence: ActiveSequence, _ active: ActiveJob) {
    guard samples.allSatisfy(\.isFinite) else {
      return fail(key.request, ModelError(.backend, "the vocoder gave a sample that is not a number"))
    }
    var samples = sequence.trimmer.push(samples)
    let outcome = scheduler.vocoded(key)
    let isComplete = outcome == .segmentComplete || outcome == .requestComplete
    if isComplete { samples += sequence.trimmer.finish() }
    if !samples.isEmpty { release(active.output.push(.audio(samples), segment: key.segment), active, key) }
    if isComplete { complete(key, sequence, active) }
    if outcome == .requestComplete { finish(key.request, nil) }
  }

  /// Reports a segment whose audio is all made.
  private func complete(_ key: SequenceKey, _ sequence: ActiveSequence, _ active: ActiveJob) {
    let segment = active.job.segments[key.segment]
    active.job.diagnostics.trace?(
      SegmentTrace(
        textTokens: segment.tokens, codes: sequence.codes,
        firstLogits: Array(sequence.logits.prefix(backend.decoder.audioCodeCount)), logits: sequence.logits,
        latents: sequence.latents))
    let report = SegmentReport(
      text: segment.text, characters: segment.text.count, codes: sequence.codes.count, hitLimit: sequence.hitLimit)
    for warning in segment.warnings + sequence.warnings {
      release(active.output.push(.warning(warning), segment: key.segment), active, key)
    }
    release(active.output.push(.segment(report), segment: key.segment), active, key)
    release(active.output.finish(segment: key.segment), active, key)
    active.sequences[key.segment] = nil
  }

  private func release(_ events: [SynthesisEvent], _ active: ActiveJob, _ key: SequenceKey) {
    for event in events { send(event, to: active, id: key.request) }
  }
}
