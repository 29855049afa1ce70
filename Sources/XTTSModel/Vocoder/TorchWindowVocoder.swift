/// Decodes windows on libtorch, in batches on a separate stream. Each window is decoded with all the context that its
/// samples depend on, so no state is kept.
public final class TorchWindowVocoder: WindowVocoder {
  private let vocoder: BackgroundVocoder
  /// The batches that are being decoded, oldest first.
  private var batches: [(sequences: [SequenceKey], batch: BackgroundVocoder.Batch)] = []
  private var finished: [FinishedWindow] = []

  /// Decodes the batches of `vocoder`.
  public init(_ vocoder: BackgroundVocoder) { self.vocoder = vocoder }

  public var concurrency: WindowConcurrency { .any }

  /// See ``WindowVocoder/begin(_:)``.
  public func begin(_ windows: [AudioWindow]) {
    var due: [(sequence: SequenceKey, request: BackgroundVocoder.Request)] = []
    for window in windows {
      do throws(ModelError) {
        let request = try vocoder.request(
          codes: window.codes, isLast: window.isLast, latents: window.latents,
          speakerEmbedding: window.speakerEmbedding, speed: window.speed)
        if let request { due.append((window.sequence, request)) } else { finish(window.sequence, .success([])) }
      } catch {
        finish(window.sequence, .failure(error))
      }
    }
    for group in vocoder.groups(due.map(\.request)) {
      let members = group.map { due[$0] }
      do throws(ModelError) {
        try beginBatch(members)
      } catch {
        // If the batch does not fit in memory, decode the windows one at a time, so that only the failing request ends.
        for member in members {
          do throws(ModelError) { try beginBatch([member]) } catch { finish(member.sequence, .failure(error)) }
        }
      }
    }
  }

  private func beginBatch(
    _ members: [(sequence: SequenceKey, request: BackgroundVocoder.Request)]
  ) throws(ModelError) {
    batches.append((members.map(\.sequence), try vocoder.begin(members.map(\.request))))
  }

  private func finish(_ sequence: SequenceKey, _ samples: Result<[Float], ModelError>) {
    finished.append(FinishedWindow(sequence: sequence, samples: samples))
  }

  public func finishedWindows(waits: Bool) -> [FinishedWindow] {
    var waits = waits
    while let (sequences, batch) = batches.first {
      do throws(ModelError) {
        if !waits, try !batch.isDone() { break }
        waits = false
        for (sequence, samples) in zip(sequences, try batch.take()) { finish(sequence, .success(samples)) }
      } catch {
        for sequence in sequences { finish(sequence, .failure(error)) }
      }
      batches.removeFirst()
    }
    defer { finished.removeAll(keepingCapacity: true) }
    return finished
  }

  public func release(_ sequence: SequenceKey) {}
}
