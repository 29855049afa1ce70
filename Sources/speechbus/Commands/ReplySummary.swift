import Foundation
import SpeechCore

/// The summary of a finished synthesis: one line per figure.
struct ReplySummary {
  private let reply: SynthesisReply
  private let path: String

  init(_ reply: SynthesisReply, path: String) {
    self.reply = reply
    self.path = path
  }

  func print() {
    let factor = reply.timings.realTimeFactor
    let rows = [
      ("file", path),
      ("duration", "\(decimal(reply.durationSeconds)) s"),
      ("first audio", "\(decimal(reply.timings.firstAudioSeconds)) s"),
      ("real-time factor", decimal(factor) + (factor > 0 ? " (\(decimal(1 / factor))x real time)" : "")),
      ("voice", reply.speakerID),
      ("seed", String(reply.seed)),
      ("sha256", reply.sha256),
      ("model", "\(reply.model.repo) (\(reply.model.precision), \(reply.model.device))"),
    ]
    let normalized = reply.segments.compactMap(\.normalized).map { ("normalized", $0) }
    for (name, value) in rows + normalized + reply.warnings.map({ ("warning", $0) }) {
      let line = name.padding(toLength: 18, withPad: " ", startingAt: 0) + value
      // Standard output has the audio.
      if path == "-" { StandardError.write(line) } else { Swift.print(line) }
    }
  }

  private func decimal(_ value: Double) -> String {
    String(format: "%.3f", value)
  }
}
