import Foundation
import SpeechCore
import Synchronization

/// The requests being worked on, so that each can be stopped from outside, and the cancels that came too early.
final class RunningRequests: Sendable {
  /// Why work on a request ends before its time.
  enum StopReason: Sendable, Equatable {
    case skip(SkipReason)
    /// The service stops; the request goes back to its queue.
    case shutdown
  }

  struct Running: Sendable {
    var envelope: RequestEnvelope
    var stop: @Sendable () -> Void = {}
    var reason: StopReason?
    var lastPresenceCheck: ContinuousClock.Instant
  }

  private struct State {
    var running: [String: Running] = [:]
    var byCorrelationID: [String: Set<String>] = [:]
    var cancelledEarly: [String: Date] = [:]
  }

  private static let earlyCancelLimit = 4096
  private static let earlyCancelLifetime: TimeInterval = 300

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.running.count } }

  /// Begins the bookkeeping for a request. One that was cancelled before counts as stopped from the start.
  func add(_ envelope: RequestEnvelope, now: Date, at instant: ContinuousClock.Instant = .now) {
    state.withLock { state in
      var running = Running(envelope: envelope, lastPresenceCheck: instant)
      if let id = envelope.correlationID?.text {
        state.byCorrelationID[id, default: []].insert(envelope.requestID)
        if let cancelled = state.cancelledEarly.removeValue(forKey: id),
          now.timeIntervalSince(cancelled) < Self.earlyCancelLifetime
        {
          running.reason = .skip(.cancelled)
        }
      }
      state.running[envelope.requestID] = running
    }
  }

  /// Says how to stop the work that has now begun; stops it at once when there is a reason already.
  func attach(_ envelope: RequestEnvelope, stop: @escaping @Sendable () -> Void) {
    let isStopped = state.withLock { state in
      state.running[envelope.requestID]?.stop = stop
      return state.running[envelope.requestID]?.reason != nil
    }
    if isStopped { stop() }
  }

  func stopReason(_ envelope: RequestEnvelope) -> StopReason? {
    state.withLock { $0.running[envelope.requestID]?.reason }
  }

  /// Ends the bookkeeping for a request.
  func remove(_ envelope: RequestEnvelope) {
    state.withLock { state in
      if let id = envelope.correlationID?.text, var requests = state.byCorrelationID.removeValue(forKey: id) {
        requests.remove(envelope.requestID)
        if !requests.isEmpty { state.byCorrelationID[id] = requests }
      }
      state.running[envelope.requestID] = nil
    }
  }

  /// A cancel arrived. When nothing of that id runs, it is kept for a request that has not been delivered yet.
  func cancel(correlationID: String, now: Date) {
    let stops = state.withLock { state -> [@Sendable () -> Void] in
      guard let requests = state.byCorrelationID[correlationID] else {
        if state.cancelledEarly.count >= Self.earlyCancelLimit {
          state.cancelledEarly = state.cancelledEarly.filter {
            now.timeIntervalSince($0.value) < Self.earlyCancelLifetime / 10
          }
        }
        if state.cancelledEarly.count < Self.earlyCancelLimit { state.cancelledEarly[correlationID] = now }
        return []
      }
      return requests.compactMap { Self.mark($0, .skip(.cancelled), &state) }
    }
    for stop in stops { stop() }
  }

  /// Stops one request; the first reason stays.
  func stop(_ requestID: String, _ reason: StopReason) {
    state.withLock { Self.mark(requestID, reason, &$0) }?()
  }

  func stopAll(_ reason: StopReason) {
    for id in state.withLock({ Array($0.running.keys) }) { stop(id, reason) }
  }

  private static func mark(_ id: String, _ reason: StopReason, _ state: inout State) -> (@Sendable () -> Void)? {
    guard state.running[id]?.reason == nil else { return nil }
    state.running[id]?.reason = reason
    return state.running[id]?.stop
  }

  /// Stops what is past its deadline; returns the requests whose requester is due to be looked for.
  func sweep(at instant: ContinuousClock.Instant, presenceInterval: Duration) -> [RequestEnvelope] {
    let (overdue, due) = state.withLock { state in
      var overdue: [String] = []
      var due: [RequestEnvelope] = []
      for (id, running) in state.running where running.reason == nil {
        if let deadline = running.envelope.deadline, deadline <= running.envelope.time(at: instant) {
          overdue.append(id)
        } else if running.envelope.replyTo != nil,
          instant - running.lastPresenceCheck >= presenceInterval
        {
          state.running[id]?.lastPresenceCheck = instant
          due.append(running.envelope)
        }
      }
      return (overdue, due)
    }
    for id in overdue { stop(id, .skip(.deadline)) }
    return due
  }
}
