import Foundation

/// The time since the start of this process, including the work of the dynamic linker.
enum ProcessAge {
  /// Seconds, to a hundredth; nil where the system has no such figure.
  static var now: Double? {
    guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
      let up = uptime.split(separator: " ").first.flatMap({ Double($0) }),
      // The name in parentheses may hold spaces; the start, in ticks, is the 20th field after it.
      let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 19,
      let ticks = Double(fields[19])
    else { return nil }
    return up - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
