import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix
import Testing

@testable import HTTPAdapter

/// Sends whole requests over a real socket, each on a separate connection.
struct HTTPTestClient: Sendable {
  let port: Int

  func execute(
    uri: String, method: HTTPRequest.Method, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer()
  ) async throws -> TestResponse {
    var request = HTTPRequest(method: method, scheme: "http", authority: "test", path: uri, headerFields: headers)
    if body.readableBytes > 0 { request.headerFields[.contentLength] = "\(body.readableBytes)" }
    let head = request
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPClientCodec())
          return try NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      // A server may answer before it has read everything.
      async let _ = outbound.write(contentsOf: [.head(head), .body(body), .end(nil)])
      var response = TestResponse()
      for try await part in inbound {
        switch part {
        case .head(let head): (response.status, response.headers) = (head.status, head.headerFields)
        case .body(let bytes): response.body.writeImmutableBuffer(bytes)
        case .end: return response
        }
      }
      return response
    }
  }
}

struct TestResponse: Sendable {
  var status = HTTPResponse.Status.internalServerError
  var headers: HTTPFields = [:]
  var body = ByteBuffer()
}

extension SpeechHTTPServer {
  /// Runs the server on a free port while `body` runs.
  func serve(_ body: (HTTPTestClient) async throws -> Void) async throws {
    try await run({ application(onServerRunning: $0) }, body)
  }

  /// Runs the server of `SPEECHBUS_ADMIN_PORT` on a free port while `body` runs.
  func serveAdministration(_ body: (HTTPTestClient) async throws -> Void) async throws {
    try await run({ try #require(administration(onServerRunning: $0)) }, body)
  }
}

private func run(
  _ application: (@escaping @Sendable (Int) async -> Void) throws -> any ApplicationProtocol,
  _ body: (HTTPTestClient) async throws -> Void
) async throws {
  let (ports, found) = AsyncStream<Int>.makeStream()
  let application = try application { found.yield($0) }
  let running = Task { try await application.run() }
  var port = 0
  for await found in ports {
    port = found
    break
  }
  let result: Result<Void, any Error>
  do {
    result = .success(try await body(HTTPTestClient(port: port)))
  } catch {
    result = .failure(error)
  }
  running.cancel()
  try? await running.value
  try result.get()
}
