import Foundation

/// Ends the process at once on the second SIGTERM or SIGINT; the first one drains, which the service group does.
final class StopSignals {
  private let sources: [any DispatchSourceSignal]

  init() {
    let queue = DispatchQueue(label: "speechbus.signals")
    sources = [SIGTERM, SIGINT].map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      nonisolated(unsafe) var count: UInt = 0
      source.setEventHandler {
        // Signals that came close together are counted in one call. The queue is serial.
        count += source.data
        guard count > 1 else { return }
        StandardError.write("speechbus: stopped at once by a second signal; unfinished requests are delivered again")
        _exit(128 + number)
      }
      source.resume()
      return source
    }
  }
}
