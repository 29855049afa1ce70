import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat
import SpeechCore

/// Reads a JSON body whole, within bounds of size and time.
struct BodyReader: Sendable {
  let maximumBytes: Int
  let timeout: Duration

  /// - Throws: 415, 413 or 408.
  func json(_ request: Request, _ context: ServerContext) async throws -> Data {
    if let type = request.headers[.contentType] {
      let essence = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
      guard essence == "application/json" || essence.hasSuffix("+json") else {
        throw HTTPError(.unsupportedMediaType, message: "the body must be application/json")
      }
    }
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > maximumBytes {
      throw tooLarge(context)
    }
    let buffer = try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
      group.addTask { [maximumBytes] in
        do {
          return try await request.body.collect(upTo: maximumBytes)
        } catch is NIOTooManyBytesError {
          throw tooLarge(context)
        }
      }
      group.addTask { [timeout] in
        try await Task.sleep(for: timeout)
        hangUpSoon(context)
        throw HTTPError(.requestTimeout, headers: [.connection: "close"], message: "the body took too long")
      }
      defer { group.cancelAll() }
      guard let buffer = try await group.next() else { throw CancellationError() }
      return buffer
    }
    return Data(buffer: buffer)
  }

  private func tooLarge(_ context: ServerContext) -> HTTPError {
    hangUpSoon(context)
    return HTTPError(
      .contentTooLarge, headers: [.connection: "close"], message: "the body may have at most \(maximumBytes) bytes")
  }

  /// The rest of a body that was refused is not read to its end; the client gets a moment to see the answer.
  private func hangUpSoon(_ context: ServerContext) {
    let channel = context.channel
    channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
  }
}
