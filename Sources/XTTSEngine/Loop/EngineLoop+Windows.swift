import SpeechCore
import XTTSModel

extension EngineLoop {
  /// Gives windows to the vocoder, and delivers those that it decodes at once.
  func begin(_ windows: [SchedulerStep.Window]) {
    guard !windows.isEmpty else { return }
    let due = windows.filter { $0.sequence.phase != .cancelled }.map { window in
      if window.sequence.nextWindow == 0 { window.sequence.times.firstWindow = seconds(since: window.sequence.job) }
      return AudioWindow(
        sequence: window.sequence.key, codes: window.codes, isLast: window.isLast, isBeside: window.isBeside,
        latents: window.sequence.latents, speakerEmbedding: window.sequence.voice.speakerEmbedding,
        speed: window.sequence.segment.speed)
    }
    backend.vocoder.begin(due)
    deliverFinishedWindows(waits: false)
  }

  /// Delivers the audio of finished windows.
  /// - Parameter waits: blocks until the oldest window is finished, because no other work is due.
  func deliverFinishedWindows(waits: Bool) {
    for window in backend.vocoder.finishedWindows(waits: waits) {
      // A cancelled sequence has no listener any more.
      guard let request = scheduler.request(window.sequence.request),
        let sequence = scheduler.sequence(window.sequence)
      else { continue }
      switch window.samples {
      case .success(let samples): deliver(samples, of: sequence, request)
      case .failure(let error): fail(sequence, error)
      }
    }
  }

  /// Delivers the audio of a window, and completes its segment and request if it is their last one.
  private func deliver(_ samples: [Float], of sequence: SpeechSequence, _ request: EngineRequest) {
    guard samples.allSatisfy(\.isFinite) else {
      return fail(sequence, ModelError(.backend, "the vocoder gave a sample that is not a number"))
    }
    var samples = sequence.trimmer.push(samples)
    let outcome = scheduler.vocoded(sequence)
    if outcome != .moreToCome { samples += sequence.trimmer.finish() }
    sequence.speechSamples += samples.count
    if !sequence.hasSounded {
      samples.insert(contentsOf: repeatElement(0, count: sequence.segment.silenceBefore), at: 0)
      sequence.hasSounded = true
    }
    if outcome != .moreToCome { samples += repeatElement(0, count: sequence.segment.silenceAfter) }
    if !samples.isEmpty { push(.audio(samples), of: sequence, request) }
    if outcome != .moreToCome { complete(sequence, request) }
    if outcome == .requestComplete { finish(request, nil) }
  }

  /// Reports a segment whose audio is complete.
  private func complete(_ sequence: SpeechSequence, _ request: EngineRequest) {
    let text = sequence.segment.text
    sequence.job.codePolicy.measurement?.trace?(
      SynthesisTrace(
        textTokens: sequence.segment.tokens, codes: sequence.codes, logits: sequence.logits,
        audioCodeCount: backend.decoder.audioCodeCount, latents: sequence.latents,
        hiddenSize: backend.decoder.hiddenSize))
    for warning in sequence.warnings { push(.warning(warning), of: sequence, request) }
    let report = SegmentReport(
      text: text, characters: text.count, codes: sequence.codes.count, hitLimit: sequence.hitLimit,
      normalized: sequence.segment.normalized)
    sequence.times.complete = seconds(since: sequence.job)
    sequence.times.codes = sequence.codes.count
    push(.times(sequence.times), of: sequence, request)
    push(.segment(report), of: sequence, request)
    for mark in sequence.segment.marks {
      let distance = mark.samplesBeforeEnd(of: sequence.segment, speech: sequence.speechSamples)
      push(.mark(mark.name, samplesBefore: distance), of: sequence, request)
    }
    for event in request.output.finish(segment: sequence.key.segment) { send(event, to: request) }
  }

  /// Sends an event and those that waited for it, in the order of the text.
  private func push(_ event: SynthesisEvent, of sequence: SpeechSequence, _ request: EngineRequest) {
    for event in request.output.push(event, segment: sequence.key.segment) { send(event, to: request) }
  }
}
