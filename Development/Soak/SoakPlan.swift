/// The phases of a run, as a value: the faults and their times.
struct SoakPlan: Sendable, Equatable {
  enum Fault: String, Sendable, CaseIterable {
    case workerKilled = "worker-killed"
    case brokerRestarted = "broker-restarted"
    case lineCut = "line-cut"
    case diskFull = "disk-full"
    case slowClient = "slow-client"
    case clockJump = "clock-jump"
    case audioBombs = "audio-bombs"
    case oddHeaders = "odd-headers"
    case fullReplies = "full-replies"
    case foreignOrigins = "foreign-origins"
    case rollingRestart = "rolling-restart"
    case voiceLogReset = "voice-log-reset"

    var title: String {
      switch self {
      case .workerKilled: "worker killed (SIGKILL) three times"
      case .brokerRestarted: "broker killed and started again"
      case .lineCut: "every TCP line cut, then unreachable"
      case .diskFull: "disk full: databases and stored audio"
      case .slowClient: "client slow to take replies"
      case .clockJump: "a worker's clock an hour ahead, then behind"
      case .audioBombs: "recordings that are small to send and large to decode, eight at once"
      case .oddHeaders: "long, deep and odd headers, correlation ids of any bytes"
      case .fullReplies: "reply queues that are full and refuse"
      case .foreignOrigins: "posts and deletions by pages of foreign origins"
      case .rollingRestart:
        "both workers restarted (SIGTERM) three times, each with 20 streams over HTTP and 20 requests"
      case .voiceLogReset: "the voice log deleted three times"
      }
    }

    /// Whether no connection of a worker may be lost during the fault.
    var keepsConnections: Bool {
      switch self {
      case .workerKilled, .brokerRestarted, .lineCut, .diskFull, .slowClient, .rollingRestart, .voiceLogReset:
        false
      case .clockJump, .audioBombs, .oddHeaders, .fullReplies, .foreignOrigins: true
      }
    }
  }

  /// The way in which requests are offered.
  enum Offering: Sendable, Equatable {
    /// At a constant rate: this multiple of the capacity of the workers.
    case rate(Double)
    /// Like `rate`, and every request has a deadline, which clients of an overloaded service must set.
    case overload(Double)
    /// As many requests as keep all workers busy; the resulting rate is measured.
    case capacity
  }

  struct Phase: Sendable, Equatable {
    var name: String
    var fault: Fault?
    var seconds: Double
    var offering: Offering

    var isOverload: Bool { if case .overload = offering { true } else { false } }
  }

  var phases: [Phase]

  /// - Parameters:
  ///   - seconds: the duration of all phases together, without the overload.
  ///   - overloadSeconds: the duration of the overload at the end; 0 skips it.
  ///   - capacitySeconds: the duration of each measurement of capacity. One is just before and one just after the
  ///     overload, because the speed of a machine may change within minutes.
  init(
    seconds: Double, load: Double, faults: [Fault], overload: Double, overloadSeconds: Double, capacitySeconds: Double
  ) {
    // Phases without faults before and after the faults, for comparison.
    let quiet = faults.isEmpty ? 0.5 : 0.17
    let share = faults.isEmpty ? 0 : (1 - 2 * quiet) / Double(faults.count)
    phases = [Phase(name: "calm", seconds: seconds * quiet, offering: .rate(load))]
    phases += faults.map { Phase(name: $0.rawValue, fault: $0, seconds: seconds * share, offering: .rate(load)) }
    if overloadSeconds > 0 {
      phases += [
        Phase(name: "capacity before", seconds: capacitySeconds, offering: .capacity),
        Phase(name: "overload", seconds: overloadSeconds, offering: .overload(overload)),
        Phase(name: "capacity after", seconds: capacitySeconds, offering: .capacity),
      ]
    }
    phases.append(Phase(name: "calm again", seconds: seconds * quiet, offering: .rate(load)))
  }

  var seconds: Double { phases.reduce(0) { $0 + $1.seconds } }
}
