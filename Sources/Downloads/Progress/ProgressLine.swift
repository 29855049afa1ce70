import Foundation

/// Progress as one line of text for a terminal of a given width. A value: the caller measures time.
struct ProgressLine: Sendable, Equatable {
  var progress: DownloadProgress
  /// Since the first report of this phase.
  var elapsed: Duration
  /// Bytes that came in that time.
  var receivedByteCount: Int

  func text(width: Int) -> String {
    let line =
      switch progress.phase {
      case .waiting: "waiting for another pull into this folder"
      case .asking: "asking the hub"
      case .finished: "\(progress.fileCount) files, \(ByteAmount.text(progress.totalByteCount))"
      case .hashing, .downloading: bar(width: width)
      }
    return String(line.prefix(max(width - 1, 0)))
  }

  private func bar(width: Int) -> String {
    let fraction = progress.fraction ?? 0
    let numbers =
      " \(Int(fraction * 100)) %  \(ByteAmount.text(progress.completedByteCount)) of "
      + "\(ByteAmount.text(progress.totalByteCount))\(rate)  \(progress.file)"
    let cells = min(30, width - numbers.count - 3)
    guard cells >= 5 else { return String(numbers.dropFirst()) }
    let full = Int(Double(cells) * fraction)
    return "[\(String(repeating: "#", count: full))\(String(repeating: "-", count: cells - full))]\(numbers)"
  }

  /// Speed and time left, once there is something to judge by.
  private var rate: String {
    let seconds = Double(elapsed.milliseconds) / 1000
    guard seconds >= 1, receivedByteCount > 0 else { return "" }
    let bytesPerSecond = Double(receivedByteCount) / seconds
    let left = Double(max(progress.totalByteCount - progress.completedByteCount, 0)) / bytesPerSecond
    let speed = ByteAmount.text(Int(min(bytesPerSecond, 1e15)))
    guard left < 360_000 else { return "  \(speed)/s" }
    let whole = Int(left.rounded(.up))
    let time =
      whole < 60
      ? "\(whole) s" : whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    return "  \(speed)/s, \(time) left"
  }
}

/// Byte counts for people: decimal units, three digits.
enum ByteAmount {
  static func text(_ byteCount: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var value = Double(max(byteCount, 0))
    var unit = 0
    // 999.5 would be shown as 1000.
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let decimals = unit == 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    return String(format: "%.\(decimals)f ", value) + units[unit]
  }
}
