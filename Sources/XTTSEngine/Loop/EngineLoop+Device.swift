import SpeechCore
import XTTSModel

/// Windows that a ``BackgroundVocoder`` works on, whose samples come in a later step.
struct PendingWindows {
  var keys: [SequenceKey]
  /// Whom they are for, so that a slot's next sequence never gets them.
  var sequences: [ActiveSequence]
  var batch: BackgroundVocoder.Batch
}

extension EngineLoop {
  /// Decodes windows: one by one, or together beside the steps that follow where the backend can.
  func vocode(_ windows: [SchedulerStep.Window]) {
    guard let vocoder = backend.windows else {
      for window in windows { vocode(window) }
      return
    }
    // The scheduler counts a window as due until its audio is there.
    let underWay = Set(pending.flatMap(\.keys))
    var due: [(window: SchedulerStep.Window, sequence: ActiveSequence, request: BackgroundVocoder.Request)] = []
    for window in windows where !underWay.contains(window.key) {
      guard let active = jobs[window.key.request], let sequence = sequence(window.key) else { continue }
      do throws(ModelError) {
        let request = try vocoder.request(
          codes: window.codes, isLast: window.isLast, latents: sequence.latents,
          speakerEmbedding: active.job.voice.speakerEmbedding, speed: active.job.speed)
        if let request {
          due.append((window, sequence, request))
        } else {
          deliver([], of: window.key, sequence, active)
        }
      } catch {
        fail(window.key.request, error)
      }
    }
    for group in vocoder.groups(due.map(\.request)) {
      let members = group.map { due[$0] }
      do throws(ModelError) {
        pending.append(
          PendingWindows(
            keys: members.map(\.window.key), sequences: members.map(\.sequence),
            batch: try vocoder.begin(members.map(\.request))))
      } catch {
        // Without memory for all, one by one may do, and if not, only who is at fault fails.
        for member in members { vocode(member.window) }
      }
    }
    // Where nothing runs in the background all is there already.
    collectWindows(waiting: false)
  }

  /// Hands on the audio of windows that are done.
  /// - Parameter waiting: nothing else is to be done, so the oldest are waited for.
  func collectWindows(waiting: Bool) {
    var waits = waiting
    while let first = pending.first {
      let samples: [[Float]]
      do throws(ModelError) {
        if !waits, try !first.batch.isDone() { return }
        waits = false
        samples = try first.batch.take()
      } catch {
        pending.removeFirst()
        for key in first.keys { fail(key.request, error) }
        continue
      }
      pending.removeFirst()
      for (index, key) in first.keys.enumerated() {
        guard let active = jobs[key.request], sequence(key) === first.sequences[index] else { continue }
        deliver(samples[index], of: key, first.sequences[index], active)
      }
    }
  }

  /// Prefills chunks: one by one, or whole prompts together where the decoder can.
  func prefill(_ chunks: [SchedulerStep.Prefill]) {
    guard let deviceDecoder else {
      for chunk in chunks { prefill(chunk) }
      return
    }
    var whole: [(chunk: SchedulerStep.Prefill, prompt: PromptEmbeddings)] = []
    for chunk in chunks {
      if let prompt = sequence(chunk.key)?.prompt, chunk.rows == 0..<prompt.rowCount {
        whole.append((chunk, prompt))
      } else {
        prefill(chunk)
      }
    }
    guard !whole.isEmpty else { return }
    do throws(ModelError) {
      try deviceDecoder.prefill(whole.map { ($0.chunk.slot, $0.prompt) })
      for (chunk, _) in whole {
        sequence(chunk.key)?.prompt = nil
        scheduler.prefilled(chunk.key, rows: chunk.rows)
      }
    } catch {
      // Only who is at fault fails.
      for (chunk, _) in whole { prefill(chunk) }
    }
  }
}
