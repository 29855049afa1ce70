import SpeechCore
import XTTSModel

extension EngineLoop {
  /// One decode step of several sequences together.
  func decode(_ keys: [SequenceKey]) {
    rows.removeAll(keepingCapacity: true)
    decoding.removeAll(keepingCapacity: true)
    for key in keys {
      guard let sequence = sequence(key) else { continue }
      rows.append(
        DecodeRow(
          slot: sequence.slot, code: sequence.codes.last ?? backend.configuration.gpt.startCode,
          codeIndex: sequence.codes.count, promptLength: sequence.promptLength))
      decoding.append((key, sequence))
    }
    guard !rows.isEmpty else { return }
    let start = clock.now
    do throws(ModelError) {
      try run(rows.indices)
      let seconds = (clock.now - start).inSeconds
      metrics.decodeStep(seconds: seconds, sequences: rows.count)
      statistics.seconds += seconds
      for index in decoding.indices { take(index, row: index) }
    } catch {
      decodeOneByOne()
    }
    decoding.removeAll(keepingCapacity: true)
  }

  /// A step that failed is taken again row by row, so that only who is at fault fails: a slot's cache is written by
  /// position, which makes a second time harmless.
  private func decodeOneByOne() {
    for index in decoding.indices {
      do throws(ModelError) {
        try run(index..<(index + 1))
        take(index, row: 0)
      } catch {
        fail(decoding[index].key.request, error)
      }
    }
  }

  private func run(_ range: Range<Int>) throws(ModelError) {
    let rows = Array(self.rows[range])
    let codeCount = backend.decoder.audioCodeCount
    let hiddenSize = backend.decoder.hiddenSize
    typealias Buffer = UnsafeMutableBufferPointer<Float>
    try logits.withUnsafeMutableBufferPointer { (logits: inout Buffer) throws(ModelError) in
      let logits = UnsafeMutableBufferPointer(rebasing: logits.prefix(rows.count * codeCount))
      try hidden.withUnsafeMutableBufferPointer { (hidden: inout Buffer) throws(ModelError) in
        let hidden = UnsafeMutableBufferPointer(rebasing: hidden.prefix(rows.count * hiddenSize))
        if let deviceDecoder {
          return try deviceDecoder.decode(
            rows, samplers: decoding[range].map(\.sequence.sampler), codes: &drawn, hidden: hidden)
        }
        try backend.decoder.decode(rows, logits: logits, hidden: hidden)
      }
    }
  }

  /// Draws a sequence's next code from its row of the step's results.
  private func take(_ index: Int, row: Int) {
    let (key, sequence) = decoding[index]
    // Another segment of its request may have failed in this very step.
    guard let active = jobs[key.request], active.sequences[key.segment] === sequence else { return }
    let hiddenSize = backend.decoder.hiddenSize
    var code: Int
    let followed = active.job.following
    do throws(ModelError) {
      if active.job.sink.trace != nil, sequence.codes.isEmpty || followed != nil {
        sequence.logits += try rowLogits(row, sequence)
      }
      code = try nextCode(row, sequence)
    } catch {
      return fail(key.request, error)
    }
    if let followed, sequence.codes.count < followed.count { code = followed[sequence.codes.count] }
    let stopped = code == backend.configuration.gpt.stopCode
    sequence.latents.append(contentsOf: hidden[(row * hiddenSize)..<((row + 1) * hiddenSize)])
    if !stopped { sequence.codes.append(code) }
    metrics.codes(1)
    statistics.codes += 1
    switch scheduler.decoded(key, stopped: stopped) {
    case .rewound(let kept): rewind(key, sequence, to: kept, job: active.job)
    case .ended(let hitLimit): end(key, sequence, hitLimit: hitLimit)
    case .running, nil: break
    }
  }

  private func rowLogits(_ row: Int, _ sequence: ActiveSequence) throws(ModelError) -> [Float] {
    if let deviceDecoder { return try deviceDecoder.logits(ofSlot: sequence.slot) }
    let codeCount = backend.decoder.audioCodeCount
    return Array(logits[(row * codeCount)..<((row + 1) * codeCount)])
  }

  private func nextCode(_ row: Int, _ sequence: ActiveSequence) throws(ModelError) -> Int {
    if deviceDecoder != nil {
      guard drawn.indices.contains(row), let code = drawn[row] else {
        throw ModelError(.backend, "the model gave a logit that is not a number")
      }
      sequence.sampler.remember(code)
      return code
    }
    let codeCount = backend.decoder.audioCodeCount
    return try logits.withUnsafeBufferPointer { (logits) throws(ModelError) in
      try sequence.sampler.next(
        logits: UnsafeBufferPointer(rebasing: logits[(row * codeCount)..<((row + 1) * codeCount)]))
    }
  }

  /// Takes a runaway up again from the last code that its decoded audio depends on. The slot's cache needs nothing:
  /// later positions are written over.
  private func rewind(_ key: SequenceKey, _ sequence: ActiveSequence, to kept: Int, job: PreparedJob) {
    let limit = sequence.codes.count
    sequence.codes.removeSubrange(kept...)
    sequence.latents.removeSubrange((kept * backend.decoder.hiddenSize)...)
    sequence.sampler = sampler(job, key.segment, attempt: 1)
    for code in sequence.codes { sequence.sampler.remember(code) }
    sequence.warnings.append(
      "segment \(key.segment + 1) did not end within \(limit) codes and was spoken again from code \(kept + 1) on")
  }

  private func end(_ key: SequenceKey, _ sequence: ActiveSequence, hitLimit: Bool) {
    sequence.hasEnded = true
    sequence.hitLimit = hitLimit
    guard hitLimit, jobs[key.request]?.job.suppressesStop == false else { return }
    sequence.warnings.append(
      "segment \(key.segment + 1) was stopped at its limit of \(sequence.codes.count) codes: "
        + "its end may be missing or not be speech")
  }
}
