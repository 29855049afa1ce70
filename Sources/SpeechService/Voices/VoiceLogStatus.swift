import SpeechCore
import Synchronization

/// The state of the voice log on this replica, for health checks.
public final class VoiceLogStatus: Sendable {
  enum Phase: String {
    /// The log was not read yet, or is another one than before.
    case joining
    case following
  }

  private struct State {
    var phase = Phase.joining
    var resetCount = 0
    var refusalCount = 0
    var otherKey: String?
  }

  private let state = Mutex(State())

  public init() {}

  func set(_ phase: Phase) { state.withLock { $0.phase = phase } }
  func noteReset() {
    state.withLock { state in
      state.resetCount += 1
      state.otherKey = nil
    }
  }

  /// - Returns: whether this key is seen for the first time.
  func note(_ refusal: VoiceLogRefusal) -> Bool {
    state.withLock { state in
      state.refusalCount += 1
      guard case .otherKey(let id) = refusal, state.otherKey != id else { return false }
      state.otherKey = id
      return true
    }
  }

  func forgetOtherKey() { state.withLock { $0.otherKey = nil } }

  /// The component `voice_log`.
  public var description: String {
    state.withLock { state in
      var parts = [state.phase.rawValue]
      if state.resetCount > 0 { parts.append("lost and published again \(state.resetCount) times") }
      if state.refusalCount > 0 { parts.append("\(state.refusalCount) entries refused") }
      return parts.joined(separator: ", ")
    }
  }

  /// The id of another replica's key, if this replica does not have it.
  public var otherKey: String? { state.withLock(\.otherKey) }
}
