import ArgumentParser
import Foundation
import XTTSEngine

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the engine on this machine: a fixed number of codes per stream, the stop code disabled.",
    discussion: """
      Run it with nothing else on the machine. XTTS_MODEL_DIR, XTTS_PRECISION, XTTS_USE_GPU and SPEECHBUS_SLOTS decide what \
      is measured.

      EXAMPLES
        speechbus bench
        speechbus bench --streams 1,8 --codes 200 --json
        XTTS_PRECISION=float32 speechbus bench --slots 8
      """)

  @OptionGroup var engine: EngineFlags

  @Option(help: "Numbers of concurrent streams, with commas; one run per number.")
  var streams = "1,4,8"

  @Option(help: "Audio codes per stream (46.4 ms of audio each).")
  var codes = 100

  @Flag(help: "Decode each stream's audio in one piece at its end instead of in windows.")
  var oneShot = false

  @Flag(help: "Write JSON instead of a table.")
  var json = false

  private var counts: [Int?] { streams.split(separator: ",").map { Int($0) } }

  func validate() throws {
    guard !counts.isEmpty, counts.allSatisfy({ $0.map { (1...256).contains($0) } ?? false }), (1...600).contains(codes)
    else { throw badUsage("--streams takes numbers from 1 to 256 with commas, --codes one from 1 to 600") }
  }

  func run() async throws {
    let start = ContinuousClock.now
    let synthesizer = try await Progress.during("loading the model") {
      try await engine.loadEngine(try engine.findModel())
    }
    let loadTime = ContinuousClock.now - start
    defer { synthesizer.close() }
    for line in synthesizer.notes + synthesizer.warnings { StandardError.write("speechbus: \(line)") }
    var report = try await Progress.during("measuring") {
      try await synthesizer.benchmark(
        BenchmarkPlan(streams: counts.compactMap { $0 }, codes: codes, isOneShot: oneShot))
    }
    // The start as a caller sees it: digest, weights and the synthesis that warms up.
    report.loadSeconds = loadTime / .seconds(1)
    if json {
      JSONOutput.pretty(report)
    } else {
      printTable(report)
    }
  }

  private func printTable(_ report: BenchmarkReport) {
    let memory = Double(report.peakRSSBytes) / Double(1 << 30)
    print(
      "\(report.device), \(report.precision), loaded in \(number(report.loadSeconds)) s, peak RSS \(number(memory)) GiB"
    )
    print("streams  first audio  p95      real-time factor  audio s/s  ms/code")
    for run in report.runs {
      print(
        String(
          format: "%7d  %9.3f s  %5.3f s  %16.3f  %9.3f  %7.2f", run.streams, run.firstAudioSecondsMedian,
          run.firstAudioSecondsP95, run.realTimeFactorMedian, run.audioSecondsPerSecond, run.millisecondsPerCode))
    }
  }

  private func number(_ value: Double) -> String { String(format: "%.2f", value) }
}
