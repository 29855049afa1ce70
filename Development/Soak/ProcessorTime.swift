import Foundation

/// Who uses the processor: seconds since the start of each process, by name.
struct ProcessorTime: Sendable, Equatable {
  /// Absent while a process is not running.
  var seconds: [String: Double] = [:]

  /// What was used between readings, in order; what a process used after its last reading before it ended is left out.
  static func used(_ readings: [ProcessorTime]) -> [String: Double] {
    var used: [String: Double] = [:]
    for (before, after) in zip(readings, readings.dropFirst()) {
      for (name, seconds) in after.seconds {
        // Less than before: another process of that name, which began in between.
        let earlier = before.seconds[name].flatMap { $0 <= seconds ? $0 : nil } ?? 0
        used[name, default: 0] += seconds - earlier
      }
    }
    return used
  }

  /// Seconds of all of a process's threads, in the kernel too; nil when it is not running.
  static func ofProcess(_ pid: pid_t) -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
    return parse(stat: text).map { Double($0) / Double(sysconf(Int32(_SC_CLK_TCK))) }
  }

  /// User and system ticks of a line of `/proc/PID/stat`, whose second field, in parentheses, may hold anything.
  static func parse(stat: String) -> Int? {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
    return user + system
  }
}
