import Foundation

/// Time, processor time and memory of this process over a run.
final class Meter {
  private var began = ContinuousClock.now
  private var ended = ContinuousClock.now
  private var processorBegan = 0.0
  private var processorEnded = 0.0
  private var brokerBegan = 0.0
  private var brokerEnded = 0.0
  private let brokerPID: String?
  private var storedBytesBegan = 0
  private var storedBytesEnded = 0
  private var memory: [(count: Int, bytes: Int)] = []

  /// - Parameter brokerPID: of the broker's process, when its processor time is to be told too.
  init(brokerPID: String?) { self.brokerPID = brokerPID }

  func start() {
    began = .now
    processorBegan = Self.processorSeconds()
    brokerBegan = brokerSeconds()
    storedBytesBegan = Self.storedByteCount()
    mark(0)
  }

  func mark(_ count: Int) { memory.append((count, Self.residentBytes())) }

  func stop() {
    ended = .now
    processorEnded = Self.processorSeconds()
    brokerEnded = brokerSeconds()
    storedBytesEnded = Self.storedByteCount()
  }

  /// Bytes that this process made the disk take between start and stop.
  var storedBytes: Int { storedBytesEnded - storedBytesBegan }

  func report(requests: Int, replyBytes: Int, left: Int, queueType: String) {
    let seconds = (ended - began) / .seconds(1)
    let processor = processorEnded - processorBegan
    print("queue type            \(queueType)")
    print("requests              \(requests), \(left) left in the queue")
    print("reply body            \(replyBytes) bytes")
    print(String(format: "rate                  %.0f requests/s over %.2f s", Double(requests) / seconds, seconds))
    printProcessor("this side", processor, seconds, requests)
    if brokerPID != nil { printProcessor("broker   ", brokerEnded - brokerBegan, seconds, requests) }
    let sizes = memory.map { String(format: "%.0f", Double($0.bytes) / 1_048_576) }
    print("resident memory       \(sizes.joined(separator: " ")) MiB")
  }

  private func printProcessor(_ name: String, _ processor: Double, _ seconds: Double, _ requests: Int) {
    let perRequest = processor / Double(requests) * 1e6
    print(String(format: "processor, \(name)  %.2f cores, %.0f µs a request", processor / seconds, perRequest))
  }

  /// The middle and the tail of a list of times.
  static func report(_ name: String, seconds: [Double]) {
    let sorted = seconds.sorted()
    guard let last = sorted.last else { return }
    func quantile(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] * 1e3 }
    let label = name.padding(toLength: 22, withPad: " ", startingAt: 0)
    print(
      label
        + String(
          format: "p50 %.2f, p90 %.2f, p99 %.2f, max %.2f ms", quantile(0.5), quantile(0.9), quantile(0.99), last * 1e3)
    )
  }

  /// User and system time from `/proc`, in ticks of 1/100 s after the command's closing parenthesis.
  private func brokerSeconds() -> Double {
    guard let brokerPID, let stat = try? String(contentsOfFile: "/proc/\(brokerPID)/stat", encoding: .utf8),
      let end = stat.lastIndex(of: ")")
    else { return 0 }
    let fields = stat[end...].split(separator: " ")
    return fields.count > 13 ? ((Double(fields[12]) ?? 0) + (Double(fields[13]) ?? 0)) / 100 : 0
  }

  private static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func storedByteCount() -> Int {
    let lines = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.first { $0.hasPrefix("write_bytes: ") }.flatMap { Int($0.dropFirst(13)) } ?? 0
  }

  private static func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
  }
}
