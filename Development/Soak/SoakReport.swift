import Foundation

/// A result as Markdown and as a chart.
struct SoakReport {
  let result: SoakResult

  var markdown: String {
    ([totals, verdicts, phases, codes] + notes).joined(separator: "\n\n") + "\n"
  }

  private var totals: String {
    let offered = result.offered
    let good = offered.count { $0.outcome == .good }
    let refused = offered.count { if case .refused = $0.outcome { true } else { false } }
    var load = "–"
    if case .rate(let value)? = result.plan.phases.first?.offering { load = String(format: "%.1f", value) }
    return String(
      format: """
        %.0f s of load at %@× capacity (capacity measured before: %.1f answers per second, %.1f with speech): \
        %d requests offered, %d answered with their speech, %d refused or ended as requested, %d retried by the \
        service, %d answered more than once, %d dead letters.
        """,
      result.plan.seconds, load, result.capacity.answers, result.capacity.good,
      offered.count, good, refused, result.retries, result.repeats, result.deadLetters.count)
  }

  private var verdicts: String {
    Self.table(
      ["must hold", "measured", ""],
      result.verdicts.map { [$0.name, $0.figure, $0.holds ? "met" : "**not met**"] })
  }

  private var phases: String {
    let rows = result.plan.phases.enumerated().map { index, phase -> [String] in
      let entries = result.entries(ofPhase: index)
      let latencies = result.latencies(ofPhase: index)
      let refused = entries.count { if case .refused = $0.outcome { true } else { false } }
      return [
        phase.fault?.title ?? phase.name, String(format: "%.0f", result.spans[index].end - result.spans[index].start),
        "\(entries.count)",
        "\(entries.count { $0.outcome == .good })", "\(refused)",
        String(format: "%.1f", result.goodRate(ofPhase: index)),
      ]
        + [0.5, 0.95, 0.99].map { share in
          SoakResult.percentile(latencies, share).map { String(format: "%.2f", $0) } ?? "–"
        } + cores(ofPhase: index)
    }
    return Self.table(
      [
        "phase", "s", "offered", "good", "refused", "good/s", "p50 s", "p95 s", "p99 s", "cores: workers", "broker",
        "load",
      ], rows)
  }

  private func cores(ofPhase phase: Int) -> [String] {
    let cores = result.cores(ofPhase: phase)
    let (broker, load) = (cores["broker"] ?? 0, cores["load"] ?? 0)
    return [cores.values.reduce(0, +) - broker - load, broker, load].map { String(format: "%.2f", $0) }
  }

  /// The number of requests by kind and by error code.
  private var codes: String {
    var counts: [String: [String: Int]] = [:]
    for entry in result.offered {
      let outcome =
        switch entry.outcome {
        case .good: "speech"
        case .refused(let code), .unexpected(let code): code.rawValue
        case .wrong: "wrong"
        case nil: "none"
        }
      counts[entry.offer.kind.rawValue, default: [:]][outcome, default: 0] += 1
    }
    let rows = Offer.Kind.allCases.compactMap { kind -> [String]? in
      guard let outcomes = counts[kind.rawValue] else { return nil }
      let list = outcomes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
      return [kind.rawValue, list.joined(separator: ", ")]
    }
    return Self.table(["kind of request", "answers"], rows)
  }

  private var notes: [String] {
    var notes: [String] = []
    if !result.deadLetters.isEmpty {
      let codes = Dictionary(grouping: result.deadLetters) { $0.errorCode ?? "unknown" }.mapValues(\.count)
      notes.append(
        "Dead letters: " + codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
          + ".")
    }
    if !result.omitted.isEmpty {
      notes.append("Skipped on this machine: " + result.omitted.map(\.title).joined(separator: ", ") + ".")
    }
    for entry in (result.lost + result.wrong + result.unexpected).prefix(10) {
      notes.append(
        "- \(entry.offer.id) (\(entry.offer.kind.rawValue), phase \(entry.phase)): "
          + (entry.outcome.map { "\($0)" } ?? "lost"))
    }
    return notes
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  var chart: Chart {
    let samples = result.samples
    func line(_ name: String, _ color: String, _ value: (Sampler.Sample) -> Double?) -> Chart.Line {
      Chart.Line(name: name, color: color, points: samples.map { ($0.seconds, value($0)) })
    }
    return Chart(
      panels: [
        Chart.Panel(
          title: "Resident memory, MiB",
          lines: [("a", "#1f6fb4"), ("b", "#c2571a")].map { name, color in
            line("worker \(name)", color) { $0.residentBytes[name].map { Double($0) / 1_048_576 } }
          }),
        Chart.Panel(
          title: "Open file descriptors",
          lines: [("a", "#1f6fb4"), ("b", "#c2571a")].map { name, color in
            line("worker \(name)", color) { $0.descriptors[name].map(Double.init) }
          }),
        Chart.Panel(
          title: "Requests",
          lines: [
            line("open", "#777777") { Double($0.openRequests) },
            line("in the queue", "#2a8a4a") { $0.queueLength.map(Double.init) },
          ]),
      ],
      phases: zip(result.plan.phases, result.spans).map { ($0.name, $1.start) },
      seconds: samples.last?.seconds ?? result.plan.seconds)
  }
}
