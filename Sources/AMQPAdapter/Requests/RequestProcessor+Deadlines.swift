import SpeechCore

extension RequestProcessor {
  /// While all slots are busy, refuses a request that cannot finish before its deadline. With a free slot it is
  /// attempted.
  func checkTime(for synthesis: SynthesisRequest, _ request: SpeechRequest) throws(SpeechError) {
    guard let deadline = request.context.deadline, bus.admission.isFull else { return }
    let left = (deadline - .now).seconds
    guard bus.times.admits(characters: synthesis.text.unicodeScalars.count, secondsLeft: left) else {
      bus.observe(.skipped(.deadline))
      throw SpeechError(.deadlineExceeded, "the service is too busy to meet the deadline")
    }
  }

  /// Records the duration of a request's work, for the estimate. A stored reply reports the duration of its original
  /// synthesis. Work that was stopped at its deadline counts with the time so far, although the whole would have taken
  /// longer.
  func note(
    _ result: Result<SynthesisReply, SpeechError>, _ synthesis: SynthesisRequest, _ request: SpeechRequest,
    seconds: Double
  ) {
    let characters = synthesis.text.unicodeScalars.count
    switch result {
    case .success(let reply):
      let made = reply.timings.totalSeconds - reply.timings.queueSeconds
      bus.times.note(seconds: max(seconds, made), characters: characters)
    case .failure:
      guard bus.running.stopReason(request) == .skip(.deadline) else { return }
      bus.times.note(seconds: seconds, characters: characters)
    }
  }
}
