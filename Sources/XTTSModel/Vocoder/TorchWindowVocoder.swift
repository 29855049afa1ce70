import Torch

/// Decodes windows on libtorch, in batches on a separate stream, while the caller's stream continues. On the CPU the
/// windows are complete when ``begin(_:)`` returns. Each window is decoded with all the context that its samples depend
/// on, so no state is kept.
///
/// Not thread-safe: only the thread that calls libtorch may use it.
public final class TorchWindowVocoder: WindowVocoder {
  private struct Batch {
    let windows: [(sequence: SequenceKey, keptSamples: Range<Int>)]
    /// `[windows, samples]` on the host.
    let samples: Tensor
    let end: DeviceEvent
  }

  private let vocoder: Vocoder
  private let stream: DeviceStream
  private let isBatched: Bool
  /// The batches that are being decoded, oldest first.
  private var batches: [Batch] = []
  private var finished: [FinishedWindow] = []

  /// - Parameter isBatched: false decodes each window by itself, so that its bytes don't depend on the others.
  public init(_ vocoder: Vocoder, device: Device, isBatched: Bool) throws(ModelError) {
    self.vocoder = vocoder
    self.isBatched = isBatched
    stream = try ModelError.wrapping { () throws(TorchError) in try DeviceStream(on: device) }
  }

  /// See ``WindowVocoder/concurrency``.
  public var concurrency: WindowConcurrency { .any }

  /// See ``WindowVocoder/begin(_:)``.
  public func begin(_ windows: [AudioWindow]) {
    var due: [Vocoder.Request] = []
    for window in windows {
      do throws(ModelError) {
        if let request = try vocoder.request(window) {
          due.append(request)
        } else {
          finish(window.sequence, .success([]))
        }
      } catch {
        finish(window.sequence, .failure(error))
      }
    }
    for group in groups(due) {
      do throws(ModelError) {
        try beginBatch(group)
      } catch {
        // If the batch does not fit in memory, decode the windows one at a time, so that only the failing request ends.
        for request in group {
          do throws(ModelError) { try beginBatch([request]) } catch { finish(request.sequence, .failure(error)) }
        }
      }
    }
  }

  /// Groups the windows that can be decoded together: those with the same number of frames and of interpolation stages.
  func groups(_ requests: [Vocoder.Request]) -> [[Vocoder.Request]] {
    guard isBatched else { return requests.map { [$0] } }
    var groups: [[Vocoder.Request]] = []
    for request in requests {
      if let place = groups.firstIndex(where: { $0.first?.fits(request) == true }) {
        groups[place].append(request)
      } else {
        groups.append([request])
      }
    }
    return groups
  }

  private func beginBatch(_ requests: [Vocoder.Request]) throws(ModelError) {
    let batch = try ModelError.wrapping { () throws(TorchError) in
      try stream.run { () throws(TorchError) in
        let wave = try vocoder.wave(of: requests).squeezed(1)
        let samples = try Tensor.pinned(wave.shape)
        try samples.copyWithoutWaiting(from: wave)
        return Batch(
          windows: requests.map { ($0.sequence, $0.window.keptSamples) }, samples: samples,
          end: try DeviceEvent(on: stream.device))
      }
    }
    batches.append(batch)
  }

  private func finish(_ sequence: SequenceKey, _ samples: Result<[Float], ModelError>) {
    finished.append(FinishedWindow(sequence: sequence, samples: samples))
  }

  /// See ``WindowVocoder/finishedWindows(waits:)``.
  public func finishedWindows(waits: Bool) -> [FinishedWindow] {
    var waits = waits
    while let batch = batches.first {
      do throws(ModelError) {
        guard let samples = try samples(of: batch, waits: waits) else { break }
        waits = false
        for (window, samples) in zip(batch.windows, samples) { finish(window.sequence, .success(samples)) }
      } catch {
        for window in batch.windows { finish(window.sequence, .failure(error)) }
      }
      batches.removeFirst()
    }
    defer { finished.removeAll(keepingCapacity: true) }
    return finished
  }

  /// The samples of each window of a batch, in order; nil if they are not ready and `waits` is false.
  private func samples(of batch: Batch, waits: Bool) throws(ModelError) -> [[Float]]? {
    try ModelError.wrapping { () throws(TorchError) in
      if try !batch.end.isDone() {
        guard waits else { return nil }
        try stream.synchronize()
      }
      let width = batch.samples.elementCount / max(1, batch.windows.count)
      return try batch.samples.withUnsafeMutableElements(of: Float.self) { samples in
        batch.windows.enumerated().map { index, window in
          let start = index * width
          return Array(samples[(start + window.keptSamples.lowerBound)..<(start + window.keptSamples.upperBound)])
        }
      }
    }
  }

  /// See ``WindowVocoder/release(_:)``.
  public func release(_ sequence: SequenceKey) {}
}
