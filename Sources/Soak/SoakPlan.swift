/// What breaks, and when: the phases of a run as a value.
struct SoakPlan: Sendable, Equatable {
  enum Fault: String, Sendable, CaseIterable {
    case workerKilled = "worker-killed"
    case brokerRestarted = "broker-restarted"
    case lineCut = "line-cut"
    case diskFull = "disk-full"
    case slowClient = "slow-client"
    case clockJump = "clock-jump"

    var title: String {
      switch self {
      case .workerKilled: "worker killed (SIGKILL) three times"
      case .brokerRestarted: "broker killed and started again"
      case .lineCut: "every TCP line cut, then unreachable"
      case .diskFull: "disk full: databases and stored audio"
      case .slowClient: "client slow to take replies"
      case .clockJump: "a worker's clock an hour ahead, then behind"
      }
    }
  }

  struct Phase: Sendable, Equatable {
    var name: String
    var fault: Fault?
    var seconds: Double
    /// Offered requests over what the workers can do.
    var load: Double
    /// Every request has a deadline, as clients of an overloaded service must.
    var isOverload = false
  }

  var phases: [Phase]

  /// - Parameters:
  ///   - seconds: of all phases together, without the overload.
  ///   - overloadSeconds: of the overload at the end; 0 leaves it out.
  init(seconds: Double, load: Double, faults: [Fault], overload: Double, overloadSeconds: Double) {
    // Quiet before and after the faults, to compare.
    let quiet = faults.isEmpty ? 0.5 : 0.17
    let share = faults.isEmpty ? 0 : (1 - 2 * quiet) / Double(faults.count)
    phases = [Phase(name: "calm", seconds: seconds * quiet, load: load)]
    phases += faults.map { Phase(name: $0.rawValue, fault: $0, seconds: seconds * share, load: load) }
    if overloadSeconds > 0 {
      phases.append(Phase(name: "overload", seconds: overloadSeconds, load: overload, isOverload: true))
    }
    phases.append(Phase(name: "calm again", seconds: seconds * quiet, load: load))
  }

  var seconds: Double { phases.reduce(0) { $0 + $1.seconds } }

  /// Seconds from the start to the beginning of each phase.
  var starts: [Double] {
    var start = 0.0
    return phases.map { phase in
      defer { start += phase.seconds }
      return start
    }
  }
}
