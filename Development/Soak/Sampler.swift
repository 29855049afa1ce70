import Foundation
import RabbitMQ
import Synchronization
import TestSupport

/// Samples memory, descriptors, processor time and queue length once per second.
final class Sampler: Sendable {
  struct Sample: Sendable, Equatable {
    /// Seconds since the load began.
    var seconds: Double
    /// By worker name; a worker that is not running has no value.
    var residentBytes: [String: Int] = [:]
    var descriptors: [String: Int] = [:]
    /// The processor time of the workers by their names, of `broker`, and of `load` (this program).
    var processor = ProcessorTime()
    /// Nil while the broker is not reachable.
    var queueLength: Int?
    var openRequests: Int
  }

  private let samples = Mutex<[Sample]>([])
  private let workers: [Worker]
  private let ledger: Ledger
  private let node: PrivateBroker
  private let broker: ConnectionConfiguration
  private let queue: String
  private let start: ContinuousClock.Instant

  init(
    workers: [Worker], ledger: Ledger, node: PrivateBroker, queue: String, start: ContinuousClock.Instant
  ) throws(RabbitMQError) {
    self.workers = workers
    self.ledger = ledger
    self.node = node
    var broker = try ConnectionConfiguration(url: node.url)
    broker.methodTimeout = .seconds(2)
    broker.connectTimeoutSeconds = 2
    self.broker = broker
    self.queue = queue
    self.start = start
  }

  var all: [Sample] { samples.withLock { $0 } }

  /// Takes samples until the task is cancelled.
  func run() async {
    var asker: (Connection, Channel)?
    while !Task.isCancelled {
      var sample = Sample(seconds: (.now - start) / .seconds(1), openRequests: ledger.openCount)
      for worker in workers {
        guard let usage = worker.usage() else { continue }
        sample.residentBytes[worker.name] = usage.residentBytes
        sample.descriptors[worker.name] = usage.descriptors
      }
      sample.processor = processor()
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

  private func processor() -> ProcessorTime {
    var pids = ["load": getpid()]
    pids["broker"] = node.pid
    for worker in workers { pids[worker.name] = worker.pid }
    return ProcessorTime(seconds: pids.compactMapValues(ProcessorTime.ofProcess))
  }

  private func ask() async throws(RabbitMQError) -> (Connection, Channel) {
    let connection = try await Connection.open(broker, endpoint: broker.endpoints[0])
    return (connection, try await connection.openChannel())
  }
}
