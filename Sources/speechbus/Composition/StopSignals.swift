import Foundation

/// Decides whether a signal to stop is a second one. Signals within a second count as one, because supervisors and
/// terminals signal a process and its group.
struct StopRequests: Sendable {
  private var first: ContinuousClock.Instant?

  /// Whether the process must end immediately.
  mutating func add(at now: ContinuousClock.Instant) -> Bool {
    guard let first else {
      first = now
      return false
    }
    return now - first >= .seconds(1)
  }
}

/// Ends the process immediately on the second SIGTERM or SIGINT. The first one drains, which the service group does.
final class StopSignals {
  private let sources: [any DispatchSourceSignal]

  init() {
    let queue = DispatchQueue(label: "speechbus.signals")
    nonisolated(unsafe) var requests = StopRequests()
    sources = [SIGTERM, SIGINT].map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // The queue is serial.
        guard requests.add(at: .now) else { return }
        StandardError.write("speechbus: stopped at once by a second signal; unfinished requests are delivered again")
        _exit(128 + number)
      }
      source.resume()
      return source
    }
  }
}
