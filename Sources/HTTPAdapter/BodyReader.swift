import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import SpeechCore

/// Reads a whole JSON body or an uploaded form, within limits of size, time, and of the memory and the disk space that all
/// requests share.
struct BodyReader: Sendable {
  let maximumBytes: Int
  let timeout: Duration
  let budgets: MemoryBudgets
  let uploads: UploadLimits

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
    let body = try await inTime(context) {
      // Reserved memory costs nothing until it is written, and a growing body would be copied repeatedly.
      var body = Data(capacity: max(0, length))
      for try await piece in request.body {
        let count = body.count + piece.readableBytes
        guard count <= maximumBytes else { throw tooLarge(context) }
        try take(MemoryBudgets.countedBytes(ofBody: count), memory, context)
        body.append(contentsOf: piece.readableBytesView)
      }
      return body
    }
    return try unpacked(body, encoding, context, memory)
  }

  /// Whether the body is a form with files.
  static func isForm(_ request: Request) -> Bool {
    request.headers[.contentType]?.lowercased().hasPrefix("multipart/") ?? false
  }

  /// Reads a form of `multipart/form-data`, whose files go to the disk.
  /// - Parameter disk: grows with the received bytes.
  /// - Throws: 415, 413, 408, 429, 400, or the errors of ``FormCollector/take(_:)``.
  func form(_ request: Request, _ context: ServerContext, _ disk: ByteReservation) async throws -> UploadedForm {
    guard let boundary = request.headers[.contentType].flatMap(MultipartParser.boundary) else {
      throw HTTPError(.unsupportedMediaType, message: "the body must be multipart/form-data with a boundary")
    }
    guard ContentEncoding(request.headers[.contentEncoding]).map({ $0 == .identity }) ?? false else {
      throw HTTPError(.unsupportedMediaType, message: "a form must not have a Content-Encoding")
    }
    return try await inTime(context) {
      var parser = MultipartParser(boundary: boundary)
      var collector = FormCollector(folder: uploads.folder)
      var count = 0
      do {
        for try await piece in request.body {
          count += piece.readableBytes
          guard count <= uploads.formBytes else { throw tooLarge(context, uploads.formBytes) }
          try take(count, disk, context)
          for event in try parser.parse(Data(buffer: piece)) { try collector.take(event) }
        }
        try parser.finish()
        return try collector.finish()
      } catch let error as MultipartParser.Failure {
        hangUpSoon(context)
        throw HTTPError(
          .badRequest, headers: [.connection: "close"],
          message: error == .headersTooLong
            ? "the headers of a part are too long" : "the form is not valid multipart/form-data, or it is cut")
      } catch let error as SpeechError {
        hangUpSoon(context)
        throw error
      }
    }
  }

  private func inTime<Body: Sendable>(
    _ context: ServerContext, _ read: @escaping @Sendable () async throws -> Body
  ) async throws -> Body {
    try await withThrowingTaskGroup(of: Body.self) { group in
      group.addTask {
        do {
          return try await read()
        } catch is HTTPParserError {
          // Chunks that violate HTTP/1.1 are the client's fault, and nothing after them can be read.
          hangUpSoon(context)
          throw HTTPError(
            .badRequest, headers: [.connection: "close"],
            message: "the body is not valid HTTP/1.1, such as its chunk sizes")
        }
      }
      group.addTask { [timeout] in
        try await Task.sleep(for: timeout)
        hangUpSoon(context)
        throw HTTPError(.requestTimeout, headers: [.connection: "close"], message: "the body took too long")
      }
      defer { group.cancelAll() }
      guard let body = try await group.next() else { throw CancellationError() }
      return body
    }
  }

  /// Takes bytes of a budget up to `count`.
  private func take(_ count: Int, _ reservation: ByteReservation, _ context: ServerContext) throws {
    do throws(SpeechError) {
      try reservation.take(count - reservation.bytes)
    } catch {
      guard error.code == .overloaded else { throw tooLarge(context) }
      hangUpSoon(context)
      throw HTTPError(
        .tooManyRequests, headers: [.connection: "close", .retryAfter: ErrorAnswer.retryAfter], message: error.message)
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

  private func tooLarge(_ context: ServerContext, _ limit: Int? = nil) -> HTTPError {
    hangUpSoon(context)
    return HTTPError(
      .contentTooLarge, headers: [.connection: "close"],
      message: "the body may have at most \(limit ?? maximumBytes) bytes")
  }

  /// The rest of a refused body is not read. The connection closes after a moment, so that the client can read the answer.
  private func hangUpSoon(_ context: ServerContext) {
    let channel = context.channel
    channel.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
  }
}

/// The limits of forms with files.
struct UploadLimits: Sendable {
  /// Where files are kept while a request uses them.
  let folder: String
  /// Shared by all requests.
  let disk = ByteBudget(limit: 512 << 20, of: "uploads")
  static let fileBytes = 25 << 20
  static let files = 16
  /// A whole form.
  let formBytes = 100 << 20
}
