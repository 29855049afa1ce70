/// Decodes windows on the CPU kernels: on the calling thread with all its cores, or one at a time on a second thread. The
/// bytes depend on neither.
public final class KernelWindowVocoder: WindowVocoder {
  private let vocoder: KernelVocoder
  private let thread: VocoderThread?
  /// The sequences that have begun and not ended.
  private var sequences: [SequenceKey: KernelSequenceVocoder] = [:]
  /// The sequence whose window the second thread is decoding. Its state stays in use until then, even if the sequence
  /// is released.
  private var beside: (key: SequenceKey, sequence: KernelSequenceVocoder)?
  private var finished: [FinishedWindow] = []

  /// - Parameter thread: nil if the calling thread needs all cores.
  public init(_ vocoder: KernelVocoder, thread: VocoderThread?) {
    self.vocoder = vocoder
    self.thread = thread
  }

  /// See ``WindowVocoder/concurrency``.
  public var concurrency: WindowConcurrency { thread == nil ? .none : .one }

  /// See ``WindowVocoder/begin(_:)``.
  public func begin(_ windows: [AudioWindow]) {
    for window in windows {
      do throws(ModelError) {
        try begin(window)
      } catch {
        finished.append(FinishedWindow(sequence: window.sequence, samples: .failure(error)))
      }
    }
  }

  private func begin(_ window: AudioWindow) throws(ModelError) {
    let sequence: KernelSequenceVocoder
    if let begun = sequences[window.sequence] {
      sequence = begun
    } else {
      sequence = try vocoder.sequence(speakerEmbedding: window.speakerEmbedding, speed: window.speed)
      sequences[window.sequence] = sequence
    }
    let next = try sequence.next(codes: window.codes, isLast: window.isLast, latents: window.latents)
    if window.isLast { sequences[window.sequence] = nil }
    if window.isBeside, let thread, beside == nil {
      thread.begin(next)
      beside = (window.sequence, sequence)
    } else {
      let samples = try next.decode(at: vocoder.workspace)
      finished.append(FinishedWindow(sequence: window.sequence, samples: .success(samples)))
    }
  }

  /// See ``WindowVocoder/finishedWindows(waits:)``.
  public func finishedWindows(waits: Bool) -> [FinishedWindow] {
    if let thread, let running = beside, waits || thread.isDone {
      finished.append(FinishedWindow(sequence: running.key, samples: thread.take()))
      beside = nil
    }
    defer { finished.removeAll(keepingCapacity: true) }
    return finished
  }

  /// See ``WindowVocoder/release(_:)``.
  public func release(_ sequence: SequenceKey) { sequences[sequence] = nil }
}
