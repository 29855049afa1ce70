import Foundation
import SpeechCore

/// The data of a run; the conclusions are computed here.
struct SoakResult {
  struct Capacity: Sendable, Equatable {
    /// Answers per second of all kinds, and of those with speech.
    var answers: Double
    var good: Double
  }

  /// The time of a phase, in seconds since the load began.
  struct Span: Sendable, Equatable {
    var start: Double
    var end: Double
  }

  var plan: SoakPlan
  var start: ContinuousClock.Instant
  /// The times of all phases.
  var spans: [Span]
  var capacity: Capacity
  var entries: [Ledger.Entry]
  var samples: [Sampler.Sample]
  var deadLetters: [DeadLetter]
  var retries: Int
  /// The number of connections that workers lost during faults that cut none; nil without such a phase.
  var needlessLosses: Int?
  /// Nil without that fault.
  var foreign: ForeignOrigins.Count?
  /// Nil without that fault.
  var rolling: RollingRestart.Count?
  /// Whether each worker's audit chain verifies.
  var chains: [Bool]
  /// Faults that are not possible on this machine.
  var omitted: [SoakPlan.Fault]

  /// The entries of the load, without those of the measurements of capacity.
  var offered: [Ledger.Entry] { entries.filter { $0.phase >= 0 } }

  /// Requests that were published with a confirm, have no answer and are not among the dead letters.
  var lost: [Ledger.Entry] {
    let parked = Set(deadLetters.compactMap(\.correlationID))
    return entries.filter { $0.outcome == nil && $0.isConfirmed && !parked.contains($0.offer.id) }
  }

  /// The requests of a fault, and those of them that ended as they must: with their speech, refused with their error, or
  /// unanswered in `tts.dead` with their error.
  func settled(_ fault: SoakPlan.Fault) -> (settled: Int, all: Int) {
    let own = entries.filter { $0.offer.fault == fault }
    let settled = own.count { entry in
      if let code = entry.offer.deadLetter {
        return entry.outcome == nil
          && deadLetters.contains { $0.correlationID == entry.offer.id && $0.errorCode == code.rawValue }
      }
      return entry.outcome == entry.offer.refusal.map(Ledger.Outcome.refused) ?? .good
    }
    return (settled, own.count)
  }

  var wrong: [Ledger.Entry] {
    entries.filter { if case .wrong = $0.outcome { true } else { false } }
  }

  var unexpected: [Ledger.Entry] {
    entries.filter { if case .unexpected = $0.outcome { true } else { false } }
  }

  var differing: Int { entries.reduce(0) { $0 + $1.differing } + differingKeys }
  var repeats: Int { entries.reduce(0) { $0 + $1.repeats } }

  /// A correct answer has the audio of its text synthesised alone, so two correct answers of one key are equal.
  private var differingKeys: Int {
    entries.count { entry in
      guard entry.offer.messageID != nil, case .wrong = entry.outcome else { return false }
      return true
    }
  }

  func entries(ofPhase phase: Int) -> [Ledger.Entry] { entries.filter { $0.phase == phase } }

  /// The latencies in seconds from the offer to the whole answer, of the phase's good answers, ascending.
  func latencies(ofPhase phase: Int) -> [Double] {
    entries(ofPhase: phase).compactMap { $0.outcome == .good ? $0.latency.map { $0 / .seconds(1) } : nil }.sorted()
  }

  static func percentile(_ sorted: [Double], _ share: Double) -> Double? {
    sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
  }

  /// Good answers per second in a phase. Its first seconds are not counted, because the queue fills then.
  func goodRate(ofPhase phase: Int) -> Double {
    let end = spans[phase].end
    let begin = spans[phase].start + min(5, (end - spans[phase].start) / 4)
    let count = entries.count { entry in
      guard entry.outcome == .good, let at = entry.answeredAt else { return false }
      let seconds = (at - start) / .seconds(1)
      return seconds >= begin && seconds < end
    }
    return Double(count) / (end - begin)
  }

  /// The rate of good answers under overload relative to the mean of the capacities just before and just after it; nil
  /// without that phase.
  var overloadShare: Double? {
    guard let phase = plan.phases.firstIndex(where: \.isOverload) else { return nil }
    let capacities = plan.phases.indices.filter { plan.phases[$0].offering == .capacity }.map(goodRate(ofPhase:))
    let mean = capacities.reduce(0, +) / Double(max(1, capacities.count))
    return mean > 0 ? goodRate(ofPhase: phase) / mean : nil
  }

  /// The number of cores in use during a phase, by the names of the samples.
  func cores(ofPhase phase: Int) -> [String: Double] {
    let within = samples.filter { $0.seconds >= spans[phase].start && $0.seconds <= spans[phase].end }
    guard let first = within.first, let last = within.last, last.seconds > first.seconds else { return [:] }
    return ProcessorTime.used(within.map(\.processor)).mapValues { $0 / (last.seconds - first.seconds) }
  }

  /// The medians over the second halves of the first and of the last phase.
  func drift(_ value: (Sampler.Sample) -> Int?) -> (before: Int, after: Int)? {
    func median(_ phase: Int) -> Int? {
      let span = spans[phase]
      let range = (span.start + span.end) / 2...span.end
      let values = samples.filter { range.contains($0.seconds) }.compactMap(value).sorted()
      return values.isEmpty ? nil : values[values.count / 2]
    }
    guard let before = median(0), let after = median(plan.phases.count - 1) else { return nil }
    return (before, after)
  }

  /// The requirements of a run, each with its measured value.
  var verdicts: [(name: String, figure: String, holds: Bool)] {
    var verdicts: [(name: String, figure: String, holds: Bool)] = [
      ("lost", "\(lost.count)", lost.isEmpty),
      ("wrong audio", "\(wrong.count)", wrong.isEmpty),
      ("different bytes for one id", "\(differing)", differing == 0),
      ("errors that should not be", "\(unexpected.count)", unexpected.isEmpty),
      ("audit chains that verify", "\(chains.count { $0 }) of \(chains.count)", chains.allSatisfy { $0 }),
    ]
    if let memory = drift({ $0.residentBytes["a"] }) {
      let share = Double(memory.after) / Double(memory.before) - 1
      verdicts.append(
        (
          "memory after against before, at most +5 %",
          String(
            format: "%+.1f %% (%.0f → %.0f MiB)", share * 100, Double(memory.before) / 1_048_576,
            Double(memory.after) / 1_048_576), share <= 0.05
        ))
    }
    if let descriptors = drift({ $0.descriptors["a"] }) {
      verdicts.append(
        (
          "descriptors after against before, at most +5", "\(descriptors.before) → \(descriptors.after)",
          descriptors.after <= descriptors.before + 5
        ))
    }
    if let bombs = plan.phases.firstIndex(where: { $0.fault == .audioBombs }),
      let before = drift({ $0.residentBytes["a"] })?.before
    {
      let span = spans[bombs].start...spans[bombs].end
      let peak = samples.filter { span.contains($0.seconds) }.compactMap { $0.residentBytes["a"] }.max() ?? before
      let rise = Double(peak - before) / 1_048_576
      verdicts.append(
        ("memory under audio bombs, at most +400 MiB", String(format: "%+.0f MiB", rise), rise <= 400))
    }
    for fault in SoakPlan.Fault.allCases {
      let own = settled(fault)
      guard own.all > 0 else { continue }
      verdicts.append(
        ("requests of \(fault.rawValue) that end as they must", "\(own.settled) of \(own.all)", own.settled == own.all))
    }
    if let foreign {
      verdicts.append(
        (
          "requests of foreign origins refused with 403, and voices changed",
          "\(foreign.refused) of \(foreign.sent), \(foreign.changedVoices)",
          foreign.refused == foreign.sent && foreign.changedVoices == 0
        ))
    }
    if let rolling {
      verdicts.append(
        (
          "streams over HTTP that were cut when their worker restarted",
          "\(rolling.sent - rolling.whole - rolling.refused) of \(rolling.sent); \(rolling.refused) refused before any audio",
          rolling.whole > 0 && rolling.whole + rolling.refused == rolling.sent
        ))
    }
    if let needlessLosses {
      verdicts.append(
        ("connections lost during faults that cut none", "\(needlessLosses)", needlessLosses == 0))
    }
    if let overloadShare {
      verdicts.append(
        (
          "good answers under overload, at least 90 % of capacity", String(format: "%.0f %%", overloadShare * 100),
          overloadShare >= 0.9
        ))
    }
    return verdicts
  }
}
