import Foundation

/// The processor time of each process by name, in seconds since its start.
struct ProcessorTime: Sendable, Equatable {
  /// A process that is not running has no value.
  var seconds: [String: Double] = [:]

  /// The time used between readings, in their order. Time that a process used after its last reading is not counted.
  static func used(_ readings: [ProcessorTime]) -> [String: Double] {
    var used: [String: Double] = [:]
    for (before, after) in zip(readings, readings.dropFirst()) {
      for (name, seconds) in after.seconds {
        // If the value is lower than before, another process of that name has started in between.
        let earlier = before.seconds[name].flatMap { $0 <= seconds ? $0 : nil } ?? 0
        used[name, default: 0] += seconds - earlier
      }
    }
    return used
  }

  /// The processor time of all threads of a process, including kernel time; nil when it is not running.
  static func ofProcess(_ pid: pid_t) -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
    return parse(stat: text).map { Double($0) / Double(sysconf(Int32(_SC_CLK_TCK))) }
  }

  /// The user and system ticks of a line of `/proc/PID/stat`. Its second field, in parentheses, may contain any
  /// characters.
  static func parse(stat: String) -> Int? {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
    return user + system
  }
}
