import Foundation

/// The resident memory of this process, as Linux counts it.
public enum ProcessMemory {
  /// The peak in bytes; 0 if it can't be read.
  public static var peakBytes: Int { bytes(of: "VmHWM") }
  /// The current value in bytes; 0 if it can't be read.
  public static var residentBytes: Int { bytes(of: "VmRSS") }

  private static func bytes(of field: String) -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    for line in status.split(separator: "\n") where line.hasPrefix(field + ":") {
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
      return (kilobytes ?? 0) * 1024
    }
    return 0
  }
}
