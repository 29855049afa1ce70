import Foundation

/// Process metrics from `/proc/self`, under the names that Prometheus clients use.
enum ProcessStatistics {
  static func read() -> [String: Double] {
    var values: [String: Double] = [:]
    if let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8) {
      values = parse(
        stat: stat, ticksPerSecond: Double(sysconf(CInt(_SC_CLK_TCK))), pageBytes: Double(sysconf(CInt(_SC_PAGESIZE))),
        bootTime: bootTime())
    }
    if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      values["process_open_fds"] = Double(descriptors.count)
    }
    values["process_max_fds"] = Double(sysconf(CInt(_SC_OPEN_MAX)))
    return values
  }

  /// Parses `/proc/[pid]/stat`, proc(5). The fields follow the command name, which may itself contain spaces and
  /// parentheses.
  static func parse(stat: String, ticksPerSecond: Double, pageBytes: Double, bootTime: Double?) -> [String: Double] {
    guard let end = stat.lastIndex(of: ")"), ticksPerSecond > 0 else { return [:] }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    // fields[0] is field 3 (state) of the manual's numbering.
    func field(_ number: Int) -> Double? {
      fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
    }
    var values: [String: Double] = [:]
    if let user = field(14), let system = field(15) {
      values["process_cpu_seconds_total"] = (user + system) / ticksPerSecond
    }
    if let threads = field(20) { values["process_threads"] = threads }
    if let start = field(22), let bootTime {
      values["process_start_time_seconds"] = bootTime + start / ticksPerSecond
    }
    if let virtual = field(23) { values["process_virtual_memory_bytes"] = virtual }
    if let pages = field(24) { values["process_resident_memory_bytes"] = pages * pageBytes }
    return values
  }

  private static func bootTime() -> Double? {
    guard let stat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
    let line = stat.split(separator: "\n").first { $0.hasPrefix("btime ") }
    return line.flatMap { Double($0.dropFirst(6)) }
  }
}
