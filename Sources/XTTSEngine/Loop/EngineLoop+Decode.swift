import SpeechCore
import XTTSModel

extension EngineLoop {
  /// One decode step of several sequences together.
  func decode(_ keys: [SequenceKey]) {
    for key in keys {
      guard let active = jobs[key.request], let sequence = sequence(key) else { continue }
      let index = sequence.codes.count
      rows.append(
        DecodeRow(
          slot: sequence.slot, code: sequence.codes.last ?? backend.configuration.gpt.startCode, codeIndex: index,
          promptLength: sequence.promptLength, needsLogits: active.job.diagnostics.needsLogits(at: index)))
      samplers.append(sequence.sampler)
      decoding.append((key, sequence))
    }
    defer {
      rows.removeAll(keepingCapacity: true)
      samplers.removeAll(keepingCapacity: true)
      decoding.removeAll(keepingCapacity: true)
    }
    guard !rows.isEmpty else { return }
    let start = clock.now
    do throws(ModelError) {
      let decoded = try backend.decoder.decode(rows, samplers: samplers)
      let seconds = (clock.now - start).inSeconds
      metrics.decodeStep(seconds: seconds, sequences: rows.count)
      statistics.seconds += seconds
      // A sampler that is shared with this list would be copied by its next change.
      samplers.removeAll(keepingCapacity: true)
      for (index, row) in decoded.enumerated() { take(row, of: decoding[index]) }
    } catch {
      decodeOneByOne()
    }
  }

  /// Repeats a failed step row by row, so that only the failing request ends. A slot's cache is written by position, so
  /// the repetition changes nothing.
  private func decodeOneByOne() {
    for index in decoding.indices {
      do throws(ModelError) {
        let decoded = try backend.decoder.decode([rows[index]], samplers: [samplers[index]])
        for row in decoded { take(row, of: decoding[index]) }
      } catch {
        fail(decoding[index].key.request, error)
      }
    }
  }

  /// Adds the result of a step to its sequence.
  private func take(_ row: DecodedRow, of decoding: (key: SequenceKey, sequence: ActiveSequence)) {
    let (key, sequence) = decoding
    // Another segment of its request may have failed in this step.
    guard let active = jobs[key.request], active.sequences[key.segment] === sequence else { return }
    let drawn: Int
    switch row.code {
    case .success(let code): drawn = code
    case .failure(let error): return fail(key.request, error)
    }
    let code = active.job.diagnostics.code(at: sequence.codes.count, drawn: drawn)
    let stopped = code == backend.configuration.gpt.stopCode
    sequence.logits += row.logits
    sequence.latents += row.latent
    sequence.sampler.remember(code)
    if !stopped { sequence.codes.append(code) }
    metrics.codes(1)
    statistics.codes += 1
    switch scheduler.decoded(key, stopped: stopped) {
    case .rewound(let kept): rewind(key, sequence, to: kept, job: active.job)
    case .ended(let hitLimit): end(key, sequence, hitLimit: hitLimit)
    case .running, nil: break
    }
  }

  /// Restarts a runaway segment after the last code that its decoded audio depends on. The slot's cache stays as it is,
  /// because later positions are overwritten.
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
    sequence.hitLimit = hitLimit
    guard hitLimit, jobs[key.request]?.job.diagnostics.suppressesStop == false else { return }
    sequence.warnings.append(
      "segment \(key.segment + 1) was stopped at its limit of \(sequence.codes.count) codes: "
        + "its end may be missing or not be speech")
  }
}
