import Foundation
import Synchronization

/// Holds the current channel of a connection that may be lost and reopened. Tasks wait here for the next channel.
final class ChannelSource: Sendable {
  private struct State {
    var channel: Channel?
    var waiters: [UInt64: CheckedContinuation<Channel?, Never>] = [:]
    var nextWaiter: UInt64 = 0
    var isFinished = false
  }

  private let state = Mutex(State())

  func set(_ channel: Channel) {
    let waiters = state.withLock { state in
      state.channel = channel
      defer { state.waiters = [:] }
      return state.waiters.values
    }
    for waiter in waiters { waiter.resume(returning: channel) }
  }

  /// Removes the current channel, or only `channel` if it is still the current one. Returns whether it was removed.
  @discardableResult
  func clear(_ channel: Channel? = nil) -> Bool {
    state.withLock { state in
      guard let current = state.channel, channel == nil || current === channel else { return false }
      state.channel = nil
      return true
    }
  }

  /// Ends the source: all waiting tasks resume with nil.
  func finish() {
    let waiters = state.withLock { state in
      state.isFinished = true
      state.channel = nil
      defer { state.waiters = [:] }
      return state.waiters.values
    }
    for waiter in waiters { waiter.resume(returning: nil) }
  }

  /// The current channel, or else the next one; nil when the task is cancelled or the source has ended.
  func current() async -> Channel? {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (resumesNow, channel): (Bool, Channel?) = state.withLock { state in
          if Task.isCancelled || state.isFinished { return (true, nil) }
          if let channel = state.channel { return (true, channel) }
          state.waiters[id] = continuation
          return (false, nil)
        }
        if resumesNow { continuation.resume(returning: channel) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: nil)
    }
  }
}
