import Synchronization
import XTTSModel

@testable import XTTSEngine

/// The real vocoder. It counts the windows for the second thread, and a test can make it fail windows.
final class SpyingVocoder: WindowVocoder {
  final class Record: Sendable {
    let beside = Mutex(0)
    let isRefusing = Mutex(false)
  }

  private let vocoder: any WindowVocoder
  private let record: Record
  private var refused: [FinishedWindow] = []

  init(_ vocoder: any WindowVocoder, _ record: Record) {
    self.vocoder = vocoder
    self.record = record
  }

  var concurrency: WindowConcurrency { vocoder.concurrency }

  func begin(_ windows: [AudioWindow]) {
    guard !record.isRefusing.withLock({ $0 }) else {
      refused += windows.map {
        FinishedWindow(sequence: $0.sequence, samples: .failure(ModelError(.backend, "no window, says the test")))
      }
      return
    }
    record.beside.withLock { $0 += windows.count(where: \.isBeside) }
    vocoder.begin(windows)
  }

  func finishedWindows(waits: Bool) -> [FinishedWindow] {
    defer { refused = [] }
    return refused + vocoder.finishedWindows(waits: waits)
  }

  func release(_ sequence: SequenceKey) { vocoder.release(sequence) }
}

extension SmallModel {
  static func engine(_ record: SpyingVocoder.Record, _ options: EngineOptions) async throws -> XTTSEngine {
    try await engine(options) { backend in
      var backend = backend
      backend.vocoder = SpyingVocoder(backend.vocoder, record)
      return backend
    }
  }
}
