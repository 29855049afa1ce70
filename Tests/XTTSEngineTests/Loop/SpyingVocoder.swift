import Synchronization
import XTTSModel

@testable import XTTSEngine

/// The real vocoder of a sequence, which counts what other threads are given, or refuses to give it.
final class SpyingVocoder: SequenceVocoder {
  final class Record: Sendable {
    let detached = Mutex(0)
    let isRefusing = Mutex(false)
  }

  private let vocoder: any SequenceVocoder
  private let record: Record

  init(_ vocoder: any SequenceVocoder, _ record: Record) {
    self.vocoder = vocoder
    self.record = record
  }

  func decode(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> [Float] {
    try vocoder.decode(codes: codes, isLast: isLast, latents: latents)
  }

  func detached(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> KernelVocoderWindow? {
    guard !record.isRefusing.withLock({ $0 }) else { throw ModelError(.backend, "no window, says the test") }
    record.detached.withLock { $0 += 1 }
    return try vocoder.detached(codes: codes, isLast: isLast, latents: latents)
  }
}

extension SmallModel {
  static func engine(_ record: SpyingVocoder.Record, _ options: EngineOptions) async throws -> XTTSEngine {
    try await engine(options) { backend in
      var backend = backend
      let vocoder = backend.vocoder
      backend.vocoder = { embedding, speed throws(ModelError) in
        SpyingVocoder(try vocoder(embedding, speed), record)
      }
      return backend
    }
  }
}
