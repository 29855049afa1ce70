import HTTPAdapter
import Hummingbird
import NIOCore
import NIOPosix
import Testing

/// A socket that sends text and reads what comes.
final class RawClient: Sendable {
  private let channel: any Channel
  private let incoming: AsyncStream<String>
  private let source: AsyncStream<String>.Continuation

  /// - Parameters:
  ///   - address: the client's own; all of 127.0.0.0/8 is this machine.
  ///   - reads: false leaves everything in the socket's buffers.
  init(port: Int, from address: String = "127.0.0.1", reads: Bool = true) async throws {
    let (stream, source) = AsyncStream<String>.makeStream()
    incoming = stream
    self.source = source
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader(source)) }
      }
      .bind(to: SocketAddress(ipAddress: address, port: 0))
      .connect(host: "127.0.0.1", port: port).get()
  }

  deinit { channel.close(promise: nil) }

  func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  func close() async throws { try await channel.close() }

  /// Everything up to the chunk in which `end` shows up, or up to the connection's end.
  func read(until end: String) async throws -> String {
    var text = ""
    for await chunk in incoming {
      text += chunk
      if text.contains(end) { break }
    }
    return text
  }

  func readToEnd() async throws -> String {
    var text = ""
    for await chunk in incoming { text += chunk }
    return text
  }

  private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let source: AsyncStream<String>.Continuation

    init(_ source: AsyncStream<String>.Continuation) { self.source = source }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      source.yield(String(buffer: unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) { source.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}

/// Runs the server on a free port while `body` runs.
func withServer(_ server: SpeechHTTPServer, _ body: (Int) async throws -> Void) async throws {
  let (ports, found) = AsyncStream<Int>.makeStream()
  let application = server.application { found.yield($0) }
  let running = Task { try await application.run() }
  var iterator = ports.makeAsyncIterator()
  let port = try #require(await iterator.next())
  let result: Result<Void, any Error>
  do {
    result = .success(try await body(port))
  } catch {
    result = .failure(error)
  }
  running.cancel()
  try? await running.value
  try result.get()
}
