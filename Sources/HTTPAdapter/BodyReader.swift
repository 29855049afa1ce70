import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import SpeechCore

/// Reads a whole JSON body, within limits of size, time and of the memory that all requests share.
struct BodyReader: Sendable {
  let maximumBytes: Int
  let timeout: Duration
  let budgets: MemoryBudgets

  /// - Parameter memory: grows with the received bytes.
  /// - Throws: 415, 413, 408 or 429.
  func json(_ request: Request, _ context: ServerContext, _ memory: ByteReservation) async throws -> Data {
    if let type = request.headers[.contentType] {
      let essence = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
      guard essence == "application/json" || essence.hasSuffix("+json") else {
        throw HTTPError(.unsupportedMediaType, message: "the body must be application/json")
      }
    }
    let name = request.headers[.contentEncoding]
    guard let encoding = ContentEncoding(name) else {
      throw HTTPError(
        .unsupportedMediaType,
        message: "the Content-Encoding must be gzip, deflate or identity, not \(name?.prefix(64) ?? "")")
    }
    let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard length <= maximumBytes else { throw tooLarge(context) }
    return try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask { try await read(request, length: length, context, memory) }
      group.addTask { [timeout] in
        try await Task.sleep(for: timeout)
        hangUpSoon(context)
        throw HTTPError(.requestTimeout, headers: [.connection: "close"], message: "the body took too long")
      }
      defer { group.cancelAll() }
      guard let body = try await group.next() else { throw CancellationError() }
      return try unpacked(body, encoding, context, memory)
    }
  }

  /// The limit of size holds for the unpacked body, and so does its part of the memory.
  private func unpacked(
    _ body: Data, _ encoding: ContentEncoding, _ context: ServerContext, _ memory: ByteReservation
  ) throws -> Data {
    do throws(ContentEncoding.Failure) {
      return try encoding.unpacked(body, maximumBytes: maximumBytes) { count in
        (try? memory.take(max(0, MemoryBudgets.countedBytes(ofBody: count) - memory.bytes))) != nil
      }
    } catch {
      switch error {
      case .malformed:
        throw HTTPError(.badRequest, message: "the body is not packed as its Content-Encoding says, or it is cut")
      case .tooLarge: throw tooLarge(context)
      case .noMemory:
        throw HTTPError(
          .tooManyRequests, headers: [.retryAfter: ErrorAnswer.retryAfter], message: budgets.bodies.exhausted().message)
      }
    }
  }

  /// Chunks that violate HTTP/1.1 are the client's fault, and nothing after them can be read.
  private func read(
    _ request: Request, length: Int, _ context: ServerContext, _ memory: ByteReservation
  ) async throws -> Data {
    do {
      return try await collect(request, length: length, context, memory)
    } catch is HTTPParserError {
      hangUpSoon(context)
      throw HTTPError(
        .badRequest, headers: [.connection: "close"], message: "the body is not valid HTTP/1.1, such as its chunk sizes"
      )
    }
  }

  private func collect(
    _ request: Request, length: Int, _ context: ServerContext, _ memory: ByteReservation
  ) async throws -> Data {
    // Reserved memory costs nothing until it is written, and a growing body would be copied repeatedly.
    var body = Data(capacity: max(0, length))
    for try await piece in request.body {
      let count = body.count + piece.readableBytes
      guard count <= maximumBytes else { throw tooLarge(context) }
      do throws(SpeechError) {
        try memory.take(MemoryBudgets.countedBytes(ofBody: count) - memory.bytes)
      } catch {
        guard error.code == .overloaded else { throw tooLarge(context) }
        hangUpSoon(context)
        throw HTTPError(
          .tooManyRequests, headers: [.connection: "close", .retryAfter: ErrorAnswer.retryAfter],
          message: error.message)
      }
      body.append(contentsOf: piece.readableBytesView)
    }
    return body
  }

  private func tooLarge(_ context: ServerContext) -> HTTPError {
    hangUpSoon(context)
    return HTTPError(
      .contentTooLarge, headers: [.connection: "close"], message: "the body may have at most \(maximumBytes) bytes")
  }

  /// The rest of a refused body is not read. The connection closes after a moment, so that the client can read the answer.
  private func hangUpSoon(_ context: ServerContext) {
    let channel = context.channel
    channel.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
  }
}
