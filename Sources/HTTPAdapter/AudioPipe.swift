import Foundation
import SpeechCore

/// Carries audio from the synthesis to the connection. The writer waits while too many bytes are buffered.
actor AudioPipe {
  private static let maximumBufferedBytes = 4 << 20

  private var chunks: [Data] = []
  private var bufferedBytes = 0
  private var end: Result<SynthesisReply, SpeechError>?
  private var isClosed = false
  private var reader: CheckedContinuation<Void, Never>?
  private var writer: CheckedContinuation<Void, Never>?

  enum Event: Sendable {
    case chunk(Data)
    case end(Result<SynthesisReply, SpeechError>)
  }

  /// - Throws: `CancellationError` once the client is gone.
  func send(_ chunk: Data) async throws {
    guard !isClosed else { throw CancellationError() }
    chunks.append(chunk)
    bufferedBytes += chunk.count
    wakeReader()
    while bufferedBytes > Self.maximumBufferedBytes, !isClosed {
      await withCheckedContinuation { writer = $0 }
    }
    guard !isClosed else { throw CancellationError() }
  }

  func finish(_ result: Result<SynthesisReply, SpeechError>) {
    end = result
    wakeReader()
  }

  /// The next chunk, or the end. For one reader.
  func next() async -> Event {
    while true {
      if !chunks.isEmpty {
        let chunk = chunks.removeFirst()
        bufferedBytes -= chunk.count
        wakeWriter()
        return .chunk(chunk)
      }
      if let end { return .end(end) }
      await withCheckedContinuation { reader = $0 }
    }
  }

  /// Call it when the client is gone. The synthesis fails at its next chunk.
  func close() {
    isClosed = true
    chunks = []
    bufferedBytes = 0
    wakeWriter()
  }

  private func wakeReader() {
    reader?.resume()
    reader = nil
  }

  private func wakeWriter() {
    writer?.resume()
    writer = nil
  }
}
