import AMQPAdapter
import Foundation
import RabbitMQ
import Synchronization

/// Memory, descriptors and queue length, once a second.
final class Sampler: Sendable {
  struct Sample: Sendable, Equatable {
    /// Since the load began.
    var seconds: Double
    /// By worker name; absent while it is not running.
    var residentBytes: [String: Int] = [:]
    var descriptors: [String: Int] = [:]
    /// Nil while the broker could not be asked.
    var queueLength: Int?
    var openRequests: Int
  }

  private let samples = Mutex<[Sample]>([])
  private let workers: [Worker]
  private let ledger: Ledger
  private let broker: ConnectionConfiguration
  private let queue: String

  init(workers: [Worker], ledger: Ledger, broker: ConnectionConfiguration, queue: String) {
    self.workers = workers
    self.ledger = ledger
    var broker = broker
    broker.methodTimeout = .seconds(2)
    broker.connectTimeoutSeconds = 2
    self.broker = broker
    self.queue = queue
  }

  var all: [Sample] { samples.withLock { $0 } }

  /// Samples until cancelled.
  func run() async {
    let start = ContinuousClock.now
    var asker: (Connection, Channel)?
    while !Task.isCancelled {
      var sample = Sample(seconds: (.now - start) / .seconds(1), openRequests: ledger.openCount)
      for worker in workers {
        guard let usage = worker.usage() else { continue }
        sample.residentBytes[worker.name] = usage.residentBytes
        sample.descriptors[worker.name] = usage.descriptors
      }
      do throws(RabbitMQError) {
        let (connection, channel) = if let asker { asker } else { try await ask() }
        asker = (connection, channel)
        sample.queueLength = try await channel.inspect(queue: queue).messageCount
      } catch {
        await asker?.0.close()
        asker = nil
      }
      samples.withLock { $0.append(sample) }
      try? await Task.sleep(for: .seconds(1))
    }
    await asker?.0.close()
  }

  private func ask() async throws(RabbitMQError) -> (Connection, Channel) {
    let connection = try await Connection.open(broker, endpoint: broker.endpoints[0])
    return (connection, try await connection.openChannel())
  }
}
