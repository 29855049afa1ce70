import SpeechCore
import XTTSModel

extension EngineLoop {
  /// One decode step of several sequences together.
  func decode(_ sequences: [SpeechSequence]) {
    defer {
      rows.removeAll(keepingCapacity: true)
      samplers.removeAll(keepingCapacity: true)
      decoding.removeAll(keepingCapacity: true)
    }
    for sequence in sequences where sequence.phase == .decoding {
      guard let slot = sequence.slot, let sampler = sequence.sampler else { continue }
      let step = sequence.codes.count
      rows.append(
        DecodeRow(
          slot: slot, code: sequence.codes.last ?? backend.configuration.gpt.startCode, codeIndex: step,
          promptLength: sequence.segment.promptRows, needsLogits: sequence.job.codePolicy.needsLogits(at: step)))
      samplers.append(sampler)
      decoding.append(sequence)
    }
    guard !rows.isEmpty else { return }
    let start = clock.now
    do throws(ModelError) {
      let decoded = try backend.decoder.decode(rows, samplers: samplers)
      let seconds = (clock.now - start) / .seconds(1)
      metrics?.decodeStep(seconds: seconds, sequences: rows.count)
      statistics.seconds += seconds
      // A sampler that is shared with this list would be copied by its next change.
      samplers.removeAll(keepingCapacity: true)
      for (sequence, row) in zip(decoding, decoded) { take(row, of: sequence) }
    } catch {
      decodeOneByOne()
    }
  }

  /// Repeats a failed step row by row, so that only the failing request ends. A slot's cache is written by position, so
  /// the repetition changes nothing.
  private func decodeOneByOne() {
    for (index, sequence) in decoding.enumerated() {
      do throws(ModelError) {
        for row in try backend.decoder.decode([rows[index]], samplers: [samplers[index]]) { take(row, of: sequence) }
      } catch {
        fail(sequence, error)
      }
    }
  }

  /// Adds the result of a step to its sequence.
  private func take(_ row: DecodedRow, of sequence: SpeechSequence) {
    // Another segment of its request may have failed in this step.
    guard sequence.phase == .decoding else { return }
    let code: Int
    switch row.code {
    case .success(let drawn): code = sequence.job.codePolicy.code(at: sequence.codes.count, drawn: drawn)
    case .failure(let error): return fail(sequence, error)
    }
    sequence.logits += row.logits
    sequence.latents += row.latent
    sequence.sampler?.remember(code)
    metrics?.codes(1)
    statistics.codes += 1
    let isStop = code == backend.configuration.gpt.stopCode
    switch scheduler.decoded(sequence, code: isStop ? nil : code) {
    case .running: break
    case .rewound: rewind(sequence)
    case .ended:
      sequence.times.decoded = seconds(since: sequence.job)
      noteLimit(sequence)
    }
  }

  /// Restarts a runaway segment after the last code that its decoded audio depends on. The slot's cache stays as it is,
  /// because later positions are overwritten.
  private func rewind(_ sequence: SpeechSequence) {
    let kept = sequence.codes.count
    sequence.latents.removeSubrange((kept * backend.decoder.hiddenSize)...)
    sequence.sampler = sampler(of: sequence)
    for code in sequence.codes { sequence.sampler?.remember(code) }
    sequence.warnings.append(
      "segment \(sequence.key.segment + 1) did not end within \(sequence.segment.codeLimit) codes and was spoken again "
        + "from code \(kept + 1) on")
  }

  private func noteLimit(_ sequence: SpeechSequence) {
    guard sequence.hitLimit, case .speech = sequence.job.codePolicy else { return }
    sequence.warnings.append(
      "segment \(sequence.key.segment + 1) was stopped at its limit of \(sequence.codes.count) codes: "
        + "its end may be missing or not be speech")
  }
}
