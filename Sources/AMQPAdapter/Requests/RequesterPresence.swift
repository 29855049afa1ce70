import Foundation
import Logging
import RabbitMQ

/// Tells whether a reply queue still exists, by a passive declare.
///
/// It has a connection of its own and looks for one queue at a time: RabbitMQ 3.10 closes the whole connection over a
/// direct reply-to address that somebody made up, and only so is it known which address it was.
actor RequesterPresence {
  private static let cacheLimit = 1024
  /// After the broker could not be asked, it is left alone for this long.
  private static let restTime = Duration.seconds(2)

  private let configuration: ConnectionConfiguration
  private let cacheTime: Duration
  private let logger: Logger
  private var connection: Connection?
  private var channel: Channel?
  private var restsUntil = ContinuousClock.now
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

  /// When the broker can't be asked, the answer is yes: doing the work loses nothing, skipping it might.
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
    guard ContinuousClock.now >= restsUntil else { return true }
    do throws(RabbitMQError) {
      let channel = try await openChannel()
      _ = try await channel.inspect(queue: replyTo)
      return true
    } catch {
      channel = nil
      if error.code == .channelClosed {
        // A queue that belongs to its requester's connection is "locked" for everyone else: it exists.
        return !error.isNotFound
      }
      await connection?.close()
      connection = nil
      if error.replyCode == 541 {
        logger.warning("the broker can't bear a reply_to; it counts as gone", metadata: ["error": "\(error)"])
        return false
      }
      logger.info("requesters can't be looked for now", metadata: ["error": "\(error)"])
      restsUntil = .now + Self.restTime
      return true
    }
  }

  private func openChannel() async throws(RabbitMQError) -> Channel {
    if let channel { return channel }
    let connection = try await openConnection()
    let channel = try await connection.openChannel()
    self.channel = channel
    return channel
  }

  private func openConnection() async throws(RabbitMQError) -> Connection {
    if let connection { return connection }
    var failure = RabbitMQError(.invalidConfiguration, "the broker URL names no host")
    for endpoint in configuration.endpoints {
      do throws(RabbitMQError) {
        let connection = try await Connection.open(configuration, endpoint: endpoint)
        self.connection = connection
        return connection
      } catch {
        failure = error
      }
    }
    throw failure
  }
}
