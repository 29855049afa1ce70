/// The output of `speechbus bench --json`.
public struct BenchmarkReport: Codable, Sendable, Equatable {
  /// One run, with a number of streams at the same time.
  public struct Run: Codable, Sendable, Equatable {
    /// The number of streams.
    public var streams: Int
    /// Seconds from the call to the first samples, over the streams.
    public var firstAudioSecondsMedian: Double
    /// The 95th percentile of the same.
    public var firstAudioSecondsP95: Double
    /// Seconds from a stream's call to its end, per second of its audio; the median over the streams.
    public var realTimeFactorMedian: Double
    /// Seconds of audio of all streams per second of the run.
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

  /// The model's device.
  public var device: String
  /// The precision of the GPT.
  public var precision: String
  /// Seconds from the call of `load` to the end of the warm-up.
  public var loadSeconds: Double
  /// The largest resident memory of the process since its start.
  public var peakRSSBytes: Int
  /// One run per number of streams.
  public var runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case device, precision, runs
    case loadSeconds = "load_seconds"
    case peakRSSBytes = "peak_rss_bytes"
  }
}

/// The times of one stream of a run.
struct StreamTiming: Sendable, Equatable {
  var firstAudioSeconds: Double
  var totalSeconds: Double
  var audioSeconds: Double
}

extension BenchmarkReport.Run {
  /// - Parameters:
  ///   - wallSeconds: the time from the first stream's call to the last one's end.
  ///   - decodeSeconds: the time in decode steps.
  ///   - codes: the codes of all streams.
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

  /// Interpolates linearly between the two nearest of the sorted values.
  static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    guard let last = sorted.last else { return 0 }
    let position = share * Double(sorted.count - 1)
    let low = Int(position)
    guard low + 1 < sorted.count else { return last }
    return sorted[low] + (sorted[low + 1] - sorted[low]) * (position - Double(low))
  }
}
