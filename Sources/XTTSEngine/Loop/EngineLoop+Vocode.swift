import SpeechCore
import XTTSModel

extension EngineLoop {
  /// Decodes one window of a segment and hands its audio on.
  func vocode(_ window: SchedulerStep.Window) {
    let key = window.key
    guard let active = jobs[key.request], let sequence = sequence(key) else { return }
    var samples: [Float]
    do throws(ModelError) {
      samples = try audio(of: window, sequence, job: active.job)
    } catch {
      return fail(key.request, error)
    }
    samples = sequence.trimmer.push(samples)
    let outcome = scheduler.vocoded(key)
    let isComplete = outcome == .segmentComplete || outcome == .requestComplete
    if isComplete { samples += sequence.trimmer.finish() }
    if !samples.isEmpty { release(active.output.push(.audio(samples), segment: key.segment), active, key) }
    if isComplete { complete(key, sequence, active) }
    if outcome == .requestComplete { finish(key.request, nil) }
  }

  /// The samples between this window's and the last one's, with all the context that the vocoder sees.
  private func audio(
    of window: SchedulerStep.Window, _ sequence: ActiveSequence, job: PreparedJob
  ) throws(ModelError) -> [Float] {
    let timeline = backend.timeline(job.speed)
    let start = timeline.decodableSampleCount(codeCount: window.codes.lowerBound, isComplete: false)
    let end = timeline.decodableSampleCount(codeCount: window.codes.upperBound, isComplete: window.isLast)
    guard start < end else { return [] }
    let decoded = try timeline.window(
      samples: start..<end, codeCount: window.codes.upperBound, isComplete: window.isLast)
    let width = backend.decoder.hiddenSize
    let latents = (decoded.codes.lowerBound * width)..<(decoded.codes.upperBound * width)
    guard latents.upperBound <= sequence.latents.count else {
      throw ModelError(.backend, "a vocoder window needs codes \(decoded.codes), which are not there")
    }
    let samples = try backend.vocode(decoded, timeline, sequence.latents[latents], job.voice.speakerEmbedding)
    guard samples.allSatisfy(\.isFinite) else {
      throw ModelError(.backend, "the vocoder gave a sample that is not a number")
    }
    return samples
  }

  /// Reports a segment whose audio is all made.
  private func complete(_ key: SequenceKey, _ sequence: ActiveSequence, _ active: ActiveJob) {
    let segment = active.job.segments[key.segment]
    active.job.sink.trace?(
      SegmentTrace(
        textTokens: segment.tokens, codes: sequence.codes, firstLogits: sequence.firstLogits,
        latents: sequence.latents))
    let report = SegmentReport(
      text: segment.text, characters: segment.text.count, codes: sequence.codes.count, hitLimit: sequence.hitLimit)
    for warning in sequence.warnings {
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
