import Foundation
import SpeechCore
import Synchronization

/// The requests in progress, so that each can be stopped from outside, and the cancellations that arrived early.
final class RunningRequests: Sendable {
  /// The reason for which work on a request is stopped.
  enum StopReason: Sendable, Equatable {
    case skip(SkipReason)
    /// The service stops; the request is requeued.
    case shutdown
  }

  struct Running: Sendable {
    var request: SpeechRequest
    var stop: @Sendable () -> Void = {}
    var reason: StopReason?
    var lastPresenceCheck: ContinuousClock.Instant
  }

  private struct State {
    var running: [String: Running] = [:]
    var byCorrelationID: [String: Set<String>] = [:]
    var cancelledEarly: [String: ContinuousClock.Instant] = [:]
  }

  private static let earlyCancelLimit = 4096
  private static let earlyCancelLifetime = Duration.seconds(300)

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.running.count } }

  /// Adds a request. If it was cancelled before, it counts as stopped from the start.
  func add(_ request: SpeechRequest, at instant: ContinuousClock.Instant = .now) {
    state.withLock { state in
      var running = Running(request: request, lastPresenceCheck: instant)
      if let id = request.context.correlationID {
        state.byCorrelationID[id, default: []].insert(request.context.requestID)
        if let cancelled = state.cancelledEarly.removeValue(forKey: id),
          instant - cancelled < Self.earlyCancelLifetime
        {
          running.reason = .skip(.cancelled)
        }
      }
      state.running[request.context.requestID] = running
    }
  }

  /// Sets the function that stops the work. If there is a reason to stop already, it is called immediately.
  func attach(_ request: SpeechRequest, stop: @escaping @Sendable () -> Void) {
    let isStopped = state.withLock { state in
      state.running[request.context.requestID]?.stop = stop
      return state.running[request.context.requestID]?.reason != nil
    }
    if isStopped { stop() }
  }

  func stopReason(_ request: SpeechRequest) -> StopReason? {
    state.withLock { $0.running[request.context.requestID]?.reason }
  }

  /// Removes a request.
  func remove(_ request: SpeechRequest) {
    state.withLock { state in
      if let id = request.context.correlationID, var requests = state.byCorrelationID.removeValue(forKey: id) {
        requests.remove(request.context.requestID)
        if !requests.isEmpty { state.byCorrelationID[id] = requests }
      }
      state.running[request.context.requestID] = nil
    }
  }

  /// Handles a cancellation. If no running request has the id, it is kept for a request that has not been delivered
  /// yet.
  func cancel(correlationID: String, at instant: ContinuousClock.Instant = .now) {
    let stops = state.withLock { state -> [@Sendable () -> Void] in
      guard let requests = state.byCorrelationID[correlationID] else {
        if state.cancelledEarly.count >= Self.earlyCancelLimit {
          state.cancelledEarly = state.cancelledEarly.filter {
            instant - $0.value < Self.earlyCancelLifetime / 10
          }
        }
        if state.cancelledEarly.count < Self.earlyCancelLimit { state.cancelledEarly[correlationID] = instant }
        return []
      }
      return requests.compactMap { Self.mark($0, .skip(.cancelled), &state) }
    }
    for stop in stops { stop() }
  }

  /// Stops one request. The first reason stays.
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

  /// Stops requests that are past their deadline. Returns the requests whose requester is due for a check.
  func sweep(at instant: ContinuousClock.Instant, presenceInterval: Duration) -> [SpeechRequest] {
    let (overdue, due) = state.withLock { state in
      var overdue: [String] = []
      var due: [SpeechRequest] = []
      for (id, running) in state.running where running.reason == nil {
        if let deadline = running.request.context.deadline, deadline <= instant {
          overdue.append(id)
        } else if running.request.replyTo != nil,
          instant - running.lastPresenceCheck >= presenceInterval
        {
          state.running[id]?.lastPresenceCheck = instant
          due.append(running.request)
        }
      }
      return (overdue, due)
    }
    for id in overdue { stop(id, .skip(.deadline)) }
    return due
  }
}
