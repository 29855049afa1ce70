import SpeechCore
import XTTSModel

extension EngineLoop {
  /// Gives windows to the vocoder, and delivers those that it decodes at once.
  func begin(_ windows: [SchedulerStep.Window]) {
    guard !windows.isEmpty else { return }
    var due: [AudioWindow] = []
    for window in windows {
      guard let active = jobs[window.key.request], let sequence = sequence(window.key) else { continue }
      due.append(
        AudioWindow(
          sequence: window.key, codes: window.codes, isLast: window.isLast, isBeside: window.isBeside,
          latents: sequence.latents, speakerEmbedding: active.job.voice.speakerEmbedding, speed: active.job.speed))
    }
    backend.vocoder.begin(due)
    deliverFinishedWindows(waits: false)
  }

  /// Delivers the audio of finished windows.
  /// - Parameter waits: blocks until the oldest window is finished, because no other work is due.
  func deliverFinishedWindows(waits: Bool) {
    for window in backend.vocoder.finishedWindows(waits: waits) {
      // A cancelled sequence has no listener any more.
      guard let active = jobs[window.sequence.request], let sequence = sequence(window.sequence) else { continue }
      switch window.samples {
      case .success(let samples): deliver(samples, of: window.sequence, sequence, active)
      case .failure(let error): fail(window.sequence.request, error)
      }
    }
  }

  /// Delivers the audio of a window, and completes its segment and request if it is their last one.
  private func deliver(_ samples: [Float], of key: SequenceKey, _ sequence: ActiveSequence, _ active: ActiveJob) {
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

  /// Reports a segment whose audio is complete.
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
