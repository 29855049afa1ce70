import Hummingbird
import HummingbirdCore
import NIOCore

/// Disconnects clients that stop reading: each piece of a response must be sent within a time limit.
struct SlowClientGuard: RouterMiddleware {
  let timeout: Duration

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    // Small answers fit the socket's buffer.
    if let length = response.body.contentLength, length <= GuardedWriter.pieceBytes { return response }
    let body = response.body
    let (channel, timeout) = (context.channel, TimeAmount(timeout))
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      try await body.write(GuardedWriter(parent: writer, channel: channel, timeout: timeout))
    }
    return response
  }
}

/// Writes in pieces and closes the connection if a piece is not sent in time.
private struct GuardedWriter: ResponseBodyWriter {
  static let pieceBytes = 256 << 10

  var parent: any ResponseBodyWriter
  let channel: any Channel
  let timeout: TimeAmount

  mutating func write(_ buffer: ByteBuffer) async throws {
    var rest = buffer
    while let piece = rest.readSlice(length: min(rest.readableBytes, Self.pieceBytes)), piece.readableBytes > 0 {
      let watchdog = channel.eventLoop.scheduleTask(in: timeout) { [channel] in channel.close(promise: nil) }
      defer { watchdog.cancel() }
      try await parent.write(piece)
    }
  }

  consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
    try await parent.finish(trailingHeaders)
  }
}
