import SpeechCore

extension RequestProcessor {
  /// Refuses what can't be done in the time it has left, while every slot is taken; with slots to spare it is tried.
  func checkTime(for request: SynthesisRequest, _ envelope: RequestEnvelope) throws(SpeechError) {
    guard let deadline = envelope.deadline, running.count >= configuration.slots else { return }
    let left = deadline.timeIntervalSince(envelope.time())
    guard times.admits(characters: request.text.unicodeScalars.count, secondsLeft: left) else {
      observe(.skipped(.deadline))
      throw SpeechError(.deadlineExceeded, "there is too much to do to meet the deadline")
    }
  }

  /// Learns how long work takes. A stored reply tells how long it took when it was made; work that was given up at its
  /// deadline would have taken longer still.
  func note(
    _ result: Result<SynthesisReply, SpeechError>, _ request: SynthesisRequest, _ envelope: RequestEnvelope,
    seconds: Double
  ) {
    let characters = request.text.unicodeScalars.count
    switch result {
    case .success(let reply):
      let made = reply.timings.totalSeconds - reply.timings.queueSeconds
      times.note(seconds: max(seconds, made), characters: characters)
    case .failure:
      guard running.stopReason(envelope) == .skip(.deadline) else { return }
      times.note(seconds: seconds, characters: characters)
    }
  }
}
