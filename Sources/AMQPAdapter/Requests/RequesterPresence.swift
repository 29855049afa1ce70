import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Checks with a passive declare whether a reply queue still exists.
///
/// It uses its own connection and checks one queue at a time. RabbitMQ 3.10 closes the whole connection for an invented
/// direct reply-to address, and with one check at a time it is certain which address caused the close.
actor RequesterPresence {
  private static let cacheLimit = 1024
  private let configuration: ConnectionConfiguration
  private let cacheTime: Duration
  private let logger: Logger
  private var connection: Connection?
  private var channel: Channel?
  /// After a failed check, the next one is not made before this time.
  private var nextCheck = ContinuousClock.now
  private var failureCount = 0
  private var seen: [String: ContinuousClock.Instant] = [:]
  private var lookups: [String: Task<Bool, Never>] = [:]
  private var lastLookup: Task<Bool, Never>?

  init(_ configuration: ConnectionConfiguration, cacheTime: Duration, logger: Logger) {
    var configuration = configuration
    configuration.connectionName = "speechbus requester checks"
    configuration.connectTimeoutSeconds = min(3, configuration.connectTimeoutSeconds)
    configuration.methodTimeout = .seconds(3)
    self.configuration = configuration
    self.cacheTime = cacheTime
    self.logger = logger
  }

  /// When the broker can't be queried, the result is true: unneeded work is harmless, but a skipped request would be
  /// lost.
  func isPresent(_ replyTo: String) async -> Bool {
    if let last = seen[replyTo], ContinuousClock.now - last < cacheTime { return true }
    if let lookup = lookups[replyTo] { return await lookup.value }
    let previous = lastLookup
    let lookup = Task {
      _ = await previous?.value
      return await self.look(for: replyTo)
    }
    lastLookup = lookup
    lookups[replyTo] = lookup
    let isPresent = await lookup.value
    lookups[replyTo] = nil
    if lookups.isEmpty { lastLookup = nil }
    if seen.count >= Self.cacheLimit { seen = [:] }
    seen[replyTo] = isPresent ? .now : nil
    return isPresent
  }

  func close() async {
    await connection?.close()
    connection = nil
    channel = nil
  }

  private func look(for replyTo: String) async -> Bool {
    guard ContinuousClock.now >= nextCheck else { return true }
    do throws(RabbitMQError) {
      let channel = try await openChannel()
      _ = try await channel.inspect(queue: replyTo)
      failureCount = 0
      return true
    } catch {
      channel = nil
      if error.code == .channelClosed {
        // A queue that belongs to its requester's connection is "locked" for all other connections, so it exists.
        return !error.isNotFound
      }
      await connection?.close()
      connection = nil
      if error.replyCode == 541 {
        logger.warning("the broker refuses a reply_to; its requester counts as gone", metadata: ["error": "\(error)"])
        return false
      }
      logger.info("can't check whether requesters still exist", metadata: ["error": "\(error)"])
      nextCheck = .now + RetryBackoff.broker.delay(attempt: failureCount, jitter: .random(in: 0..<1))
      failureCount += 1
      return true
    }
  }

  private func openChannel() async throws(RabbitMQError) -> Channel {
    if let channel { return channel }
    if connection == nil { connection = try await Connection.openAny(configuration) }
    channel = try await connection?.openChannel()
    guard let channel else { throw RabbitMQError(.closed, "the connection was closed") }
    return channel
  }
}
