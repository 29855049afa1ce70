import Logging
import RabbitMQ
import SpeechCore

/// Runs the suspects: requests that a worker held when it was lost. They wait in their own queue, so that no worker
/// holds one while other requests run. One worker at a time runs them, and consumes no other requests meanwhile.
actor SuspectConsumer {
  private let bus: BusContext
  private let requests: QueueConsumer
  private let lane: RequestLane
  private var connection: Connection?
  private var channel: Channel?

  private var queue: String { bus.configuration.names.suspects }
  /// An exclusive queue: the worker that has declared it runs the suspects.
  private var claim: String { bus.configuration.names.suspectsClaim }

  /// - Parameter requests: the consumer of the requests, paused while suspects run.
  init(_ bus: BusContext, requests: QueueConsumer, lane: RequestLane) {
    (self.bus, self.requests, self.lane) = (bus, requests, lane)
  }

  func start(on connection: Connection) {
    if let channel { lane.lose(channel) }
    self.connection = connection
    bus.suspectSignal.yield()
  }

  /// Looks for suspects until the task is cancelled.
  func run() async {
    let ticks = Task { [bus] in
      while !Task.isCancelled {
        try? await Task.sleep(for: bus.configuration.suspectInterval)
        bus.suspectSignal.yield()
      }
    }
    defer { ticks.cancel() }
    for await _ in bus.suspectSignals { await look() }
  }

  private func look() async {
    guard let connection, bus.lifecycle.phase == .running else { return }
    do throws(RabbitMQError) {
      let channel = try await connection.openChannel()
      if try await channel.inspect(queue: queue).messageCount > 0, try await hasClaim(on: connection) {
        await runSuspects(on: channel)
        _ = try? await channel.delete(queue: claim)
      }
      await channel.close()
    } catch {
      // Without the queue there are no suspects.
      if !error.isNotFound { bus.logger.debug("can't look for suspects", metadata: ["error": "\(error)"]) }
    }
  }

  /// Whether this worker may run the suspects. If its account may not declare the queue of the claim, several workers
  /// may run suspects at a time, each of them alone.
  private func hasClaim(on connection: Connection) async throws(RabbitMQError) -> Bool {
    do throws(RabbitMQError) {
      let channel = try await connection.lock(claim)
      await channel?.close()
      return channel != nil
    } catch {
      guard error.code == .channelClosed else { throw error }
      return true
    }
  }

  private func runSuspects(on channel: Channel) async {
    guard bus.lifecycle.handle(.suspectsFound).contains(.pauseConsuming) else { return }
    self.channel = channel
    bus.logger.warning("requests of a lost worker wait; they run alone, one after the other")
    await requests.pause()
    bus.lifecycle.handle(.consumingPaused)
    var count = 0
    if await bus.lifecycle.isCleared() {
      var last: Delivery?
      do throws(RabbitMQError) {
        // The answer to the next fetch says that the broker has the acknowledgement of the last delivery.
        while bus.lifecycle.phase == .alone, let delivery = try await channel.get(queue: queue) {
          last = delivery
          count += 1
          await lane.run(suspect: delivery, on: channel)
        }
      } catch {
        if let last { bus.running.remember(last.message) }
        bus.logger.warning("can't fetch suspects", metadata: ["error": "\(error)"])
      }
    }
    self.channel = nil
    guard bus.lifecycle.handle(.suspectsDone).contains(.resumeConsuming) else { return }
    bus.logger.info("consuming again; the suspects are done", metadata: ["count": .stringConvertible(count)])
    await requests.resume()
  }
}
