import SpeechCore
import XTTSModel

extension EngineLoop {
  /// Decodes windows: one by one, or beside the steps that follow where the backend can.
  /// - Parameter othersWait: prompts or codes are computed in the same step.
  /// - Returns: whether this thread decoded one.
  func vocode(_ windows: [SchedulerStep.Window], othersWait: Bool) -> Bool {
    // The scheduler counts a window as due until its audio is there.
    let underWay = Set(pending.flatMap(\.keys))
    let due = windows.filter { !underWay.contains($0.key) }
    if let vocoder = backend.windows {
      vocode(due, on: vocoder)
      return false
    }
    guard let thread = backend.vocoderThread else {
      for window in due { vocode(window) }
      return !due.isEmpty
    }
    let placement = WindowPlacement(due: due, isFree: pending.isEmpty, othersWait: othersWait)
    if let index = placement.beside { vocode(due[index], on: thread) }
    if let index = placement.here { vocode(due[index]) }
    return placement.here != nil
  }

  private func vocode(_ window: SchedulerStep.Window, on thread: VocoderThread) {
    guard let sequence = sequence(window.key) else { return }
    do throws(ModelError) {
      guard
        let detached = try sequence.vocoder.detached(
          codes: window.codes, isLast: window.isLast, latents: sequence.latents)
      else { return vocode(window) }
      thread.begin(detached)
      pending.append(PendingWindows(keys: [window.key], sequences: [sequence], audio: thread))
    } catch {
      fail(window.key.request, error)
    }
  }

  private func vocode(_ windows: [SchedulerStep.Window], on vocoder: BackgroundVocoder) {
    var due: [(window: SchedulerStep.Window, sequence: ActiveSequence, request: BackgroundVocoder.Request)] = []
    for window in windows {
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
            audio: try vocoder.begin(members.map(\.request))))
      } catch {
        // If the batch does not fit in memory, decode the windows one at a time, so that only the failing request ends.
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
        if !waits, try !first.audio.isDone() { return }
        waits = false
        samples = try first.audio.take()
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
}
