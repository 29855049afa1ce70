import Foundation

/// Time, processor time and memory of this process over a run.
final class Meter {
  private var began = ContinuousClock.now
  private var ended = ContinuousClock.now
  private var processorBegan = 0.0
  private var processorEnded = 0.0
  private var memory: [(count: Int, bytes: Int)] = []

  func start() {
    began = .now
    processorBegan = Self.processorSeconds()
    mark(0)
  }

  func mark(_ count: Int) { memory.append((count, Self.residentBytes())) }

  func stop() {
    ended = .now
    processorEnded = Self.processorSeconds()
  }

  func report(requests: Int, replyBytes: Int, left: Int, queueType: String) {
    let seconds = (ended - began) / .seconds(1)
    let processor = processorEnded - processorBegan
    print("queue type            \(queueType)")
    print("requests              \(requests), \(left) left in the queue")
    print("reply body            \(replyBytes) bytes")
    print(String(format: "rate                  %.0f requests/s over %.2f s", Double(requests) / seconds, seconds))
    print(String(format: "processor, this side  %.2f cores, %.0f µs a request", processor / seconds, processor / Double(requests) * 1e6))
    print("resident memory       " + memory.map { String(format: "%.0f", Double($0.bytes) / 1_048_576) }.joined(separator: " ") + " MiB")
  }

  private static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
  }
}
