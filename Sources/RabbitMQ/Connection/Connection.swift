import SpeechCore
import Synchronization

/// An event of a whole connection. Handlers run on the connection's thread and must not block.
public enum ConnectionEvent: Sendable, Equatable {
  /// The broker has too little memory or disk space and accepts no messages for now.
  case blocked(reason: String)
  /// The broker accepts messages again.
  case unblocked
  /// The connection has ended. This is its last event.
  case closed(RabbitMQError)
}

/// One open connection to a broker. It runs on its own thread, which never waits for the tasks that use it.
///
/// It does not reconnect; ``RecoveringConnection`` opens a new connection each time.
public final class Connection: Sendable {
  /// The stack size is large because headers may nest as deep as a frame is long, and the C library decodes them
  /// recursively.
  private static let stackBytes = 64 << 20

  let commands: CommandQueue
  let endpoint: BrokerEndpoint
  /// The product and version of the broker.
  public let broker: BrokerVersion

  private init(commands: CommandQueue, endpoint: BrokerEndpoint, broker: BrokerVersion) {
    self.commands = commands
    self.endpoint = endpoint
    self.broker = broker
  }

  /// Connects to one endpoint and logs in.
  /// - Throws: `connectFailed`, `accessRefused` or `invalidConfiguration`.
  public static func open(
    _ configuration: ConnectionConfiguration, endpoint: BrokerEndpoint,
    onEvent: @escaping @Sendable (ConnectionEvent) -> Void = { _ in }
  ) async throws(RabbitMQError) -> Connection {
    let commands = try CommandQueue()
    let result: Result<BrokerVersion, RabbitMQError> = await withCheckedContinuation { continuation in
      DedicatedThread.start("amqp \(configuration.connectionName)", stackBytes: stackBytes) {
        do throws(RabbitMQError) {
          let native = try NativeConnection.open(configuration, endpoint: endpoint)
          let broker = native.broker
          let loop = ConnectionLoop(
            native: native, configuration: configuration, commands: commands, onEvent: onEvent)
          continuation.resume(returning: .success(broker))
          loop.run()
        } catch {
          commands.end(error)
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return Connection(commands: commands, endpoint: endpoint, broker: try result.get())
  }

  /// Opens a connection to the first endpoint that accepts it.
  /// - Throws: the last endpoint's error.
  public static func openAny(
    _ configuration: ConnectionConfiguration, onEvent: @escaping @Sendable (ConnectionEvent) -> Void = { _ in }
  ) async throws(RabbitMQError) -> Connection {
    var failure = RabbitMQError(.invalidConfiguration, "the broker URL names no host")
    for endpoint in configuration.endpoints {
      do throws(RabbitMQError) {
        return try await open(configuration, endpoint: endpoint, onEvent: onEvent)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  /// Opens a channel. Throws `overloaded` when all channels of the connection are in use.
  public func openChannel() async throws(RabbitMQError) -> Channel {
    let id = try await commands.perform { .openChannel($0) }
    return Channel(id: id, commands: commands)
  }

  /// Opens a channel for `body` and closes it afterwards, also when `body` fails. The broker then requeues the deliveries
  /// that were not settled.
  public func withChannel<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Channel) async throws(RabbitMQError) -> Value
  ) async throws(RabbitMQError) -> Value {
    let channel = try await openChannel()
    let result: Result<Value, RabbitMQError>
    do throws(RabbitMQError) { result = .success(try await body(channel)) } catch { result = .failure(error) }
    await channel.close()
    return try result.get()
  }

  /// Sends the waiting commands, then closes the connection. Returns when the thread no longer uses the socket.
  public func close() async {
    _ = try? await commands.perform { .close($0) }
  }
}

extension CommandQueue {
  /// Submits a command and waits for its completion.
  func perform<Value: Sendable>(
    _ command: (@escaping Completion<Value>) -> Command
  ) async throws(RabbitMQError) -> Value {
    let result: Result<Value, RabbitMQError> = await withCheckedContinuation { continuation in
      submit(command { continuation.resume(returning: $0) })
    }
    return try result.get()
  }
}
