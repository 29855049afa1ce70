import ArgumentParser
import Foundation
import XTTSEngine

extension Model {
  struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Loads the model as the service does, says how long it took, keeps the packed weights.",
      discussion: """
        Run it once after a deploy, or when a volume or an image is made, and every start of the service finds the \
        weights packed (SPEECHBUS_MODEL_CACHE says where). Seconds are counted from the start of this process.

        EXAMPLES
          speechbus model load
          SPEECHBUS_MODEL_CACHE=/var/cache/speechbus speechbus model load --json
        """)

    @OptionGroup var engine: EngineFlags

    @Flag(help: "Write JSON.")
    var json = false

    func run() async throws {
      let model = try engine.findModel()
      let synthesizer = try await Progress.during("loading the model") { try await engine.loadEngine(model) }
      defer { synthesizer.close() }
      var report = Report(
        startToReadySeconds: ProcessAge.now ?? 0, loadSeconds: synthesizer.loadTime / .seconds(1),
        packedWeights: synthesizer.packedWeights.map { $0.weights.wasRead ? "read" : "made" } ?? "none",
        residentBytes: ProcessMemory.residentBytes, peakRSSBytes: ProcessMemory.peakBytes)
      report.kept = try await engine.keepPackedWeights(of: synthesizer, in: model)
      if json {
        JSONOutput.pretty(report)
      } else {
        report.print()
      }
    }
  }
}

private struct Report: Encodable {
  var startToReadySeconds: Double
  var loadSeconds: Double
  /// `read` from a file, `made` from the checkpoint, or `none` where the kernels don't run.
  var packedWeights: String
  /// When ready, and the most before.
  var residentBytes: Int
  var peakRSSBytes: Int
  /// Where packed weights were written.
  var kept: String?

  private enum CodingKeys: String, CodingKey {
    case kept
    case startToReadySeconds = "start_to_ready_seconds"
    case loadSeconds = "load_seconds"
    case packedWeights = "packed_weights"
    case residentBytes = "resident_bytes"
    case peakRSSBytes = "peak_rss_bytes"
  }

  func print() {
    let mebibytes = { (bytes: Int) in String(format: "%.0f MiB", Double(bytes) / Double(1 << 20)) }
    Swift.print(
      String(format: "ready after %.2f s, of which the load took %.2f s", startToReadySeconds, loadSeconds)
        + "; packed weights: \(packedWeights)")
    Swift.print("resident \(mebibytes(residentBytes)), at most \(mebibytes(peakRSSBytes))")
    if let kept { Swift.print("packed weights kept in \(kept)") }
  }
}
