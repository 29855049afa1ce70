/// What `speechbus bench --json` prints.
public struct BenchmarkReport: Codable, Sendable, Equatable {
  /// All streams of one number together.
  public struct Run: Codable, Sendable, Equatable {
    public var streams: Int
    /// From the call to the first samples, over the streams.
    public var firstAudioSecondsMedian: Double
    public var firstAudioSecondsP95: Double
    /// Seconds from a stream's call to its end, per second of its audio; the median over the streams.
    public var realTimeFactorMedian: Double
    /// Audio of all streams per second of the run.
    public var audioSecondsPerSecond: Double
    /// Time in decode steps, divided by the codes of all streams.
    public var millisecondsPerCode: Double

    private enum CodingKeys: String, CodingKey {
      case streams
      case firstAudioSecondsMedian = "first_audio_seconds_median"
      case firstAudioSecondsP95 = "first_audio_seconds_p95"
      case realTimeFactorMedian = "real_time_factor_median"
      case audioSecondsPerSecond = "audio_seconds_per_second"
      case millisecondsPerCode = "milliseconds_per_code"
    }
  }

  public var device: String
  public var precision: String
  public var loadSeconds: Double
  /// Of the process, since its start.
  public var peakRSSBytes: Int
  public var runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case device, precision, runs
    case loadSeconds = "load_seconds"
    case peakRSSBytes = "peak_rss_bytes"
  }
}

/// One stream's part in a run.
struct StreamTiming: Sendable, Equatable {
  var firstAudioSeconds: Double
  var totalSeconds: Double
  var audioSeconds: Double
}

extension BenchmarkReport.Run {
  /// - Parameters:
  ///   - wallSeconds: from the first stream's call to the last one's end.
  ///   - decodeSeconds: time in decode steps.
  ///   - codes: of all streams.
  init(_ timings: [StreamTiming], wallSeconds: Double, decodeSeconds: Double, codes: Int) {
    let firsts = timings.map(\.firstAudioSeconds).sorted()
    let factors = timings.map { $0.audioSeconds > 0 ? $0.totalSeconds / $0.audioSeconds : 0 }.sorted()
    let audio = timings.reduce(0) { $0 + $1.audioSeconds }
    self.init(
      streams: timings.count, firstAudioSecondsMedian: Self.quantile(0.5, of: firsts),
      firstAudioSecondsP95: Self.quantile(0.95, of: firsts), realTimeFactorMedian: Self.quantile(0.5, of: factors),
      audioSecondsPerSecond: wallSeconds > 0 ? audio / wallSeconds : 0,
      millisecondsPerCode: codes > 0 ? decodeSeconds * 1000 / Double(codes) : 0)
  }

  /// Between the two nearest of the sorted values, as their distance says.
  static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    guard let last = sorted.last else { return 0 }
    let position = share * Double(sorted.count - 1)
    let low = Int(position)
    guard low + 1 < sorted.count else { return last }
    return sorted[low] + (sorted[low + 1] - sorted[low]) * (position - Double(low))
  }
}
