import Logging
import RabbitMQ
import SpeechCore
import Synchronization

/// Claims of keys as exclusive queues: the broker lets one connection declare a queue, and deletes it when the connection
/// ends. So the claims of a lost worker end with it.
public final class AMQPKeyClaims: KeyClaims {
  private let connection: RecoveringConnection
  private let prefix: String
  private let current = Mutex<Connection?>(nil)
  private let logger: Logger
  private static let backOff = RetryBackoff(initial: .milliseconds(20), maximum: .milliseconds(500))

  /// - Parameter prefix: the prefix of the queues' names.
  public init(_ configuration: ConnectionConfiguration, prefix: String, logger: Logger) {
    var configuration = configuration
    configuration.connectionName = "speechbus keys"
    connection = RecoveringConnection(configuration: configuration, logger: logger)
    self.prefix = prefix
    self.logger = logger
  }

  public func run() async {
    do throws(RabbitMQError) {
      try await connection.run { [self] connection throws(RabbitMQError) in
        current.withLock { $0 = connection }
      } lost: { [self] _ in
        current.withLock { $0 = nil }
      }
    } catch {
      logger.error("keys of requests can't be claimed at the broker", metadata: ["error": "\(error)"])
    }
  }

  public func claim(_ key: String) async throws(SpeechError) -> KeyClaim {
    let queue = "\(prefix).\(SHA256.hash(data: Array(key.utf8)).hexadecimal.prefix(40))"
    var attempt = 0
    while true {
      guard !Task.isCancelled else { throw SpeechError(.cancelled, "the request was cancelled") }
      if let connection = current.withLock({ $0 }) {
        do throws(RabbitMQError) {
          if let channel = try await connection.lock(queue) { return claim(queue, channel, connection) }
        } catch {
          guard error.replyCode != 403 else { return Self.unprotected }
        }
      } else if attempt > 20 {
        throw SpeechError(.overloaded, "the broker is away, so the key can't be claimed; try again soon")
      }
      try? await Task.sleep(for: Self.backOff.delay(attempt: attempt, jitter: .random(in: 0..<1)))
      attempt += 1
    }
  }

  private func claim(_ queue: String, _ channel: Channel, _ connection: Connection) -> KeyClaim {
    KeyClaim(
      isHeld: { [self] in current.withLock { $0 === connection } },
      release: {
        Task {
          _ = try? await channel.delete(queue: queue)
          await channel.close()
        }
      })
  }

  /// For an account that may not declare the queue: keys hold within one worker.
  private static let unprotected = KeyClaim(isHeld: { true }, release: {})
}
