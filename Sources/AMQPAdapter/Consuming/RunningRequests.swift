import Foundation
import RabbitMQ
import SpeechCore
import Synchronization

/// The received requests, so that each can be stopped from outside, the cancellations that arrived before their request,
/// and the messages that this worker returned.
final class RunningRequests: Sendable {
  /// The reason for which work on a request is stopped.
  enum StopReason: Sendable, Equatable {
    case skip(SkipReason)
    /// The service stops; the request is requeued.
    case shutdown
  }

  private struct Running: Sendable {
    var request: SpeechRequest
    /// False while the request waits for its slot. Its requester is not checked yet.
    var hasBegun = false
    var stop: @Sendable () -> Void = {}
    var reason: StopReason?
    /// Its channel is closed, so the broker redelivers the message.
    var isLost = false
    var lastPresenceCheck: ContinuousClock.Instant
  }

  private struct State {
    var running: [String: Running] = [:]
    var byCorrelationID: [String: Set<String>] = [:]
    /// By reply address and correlation id.
    var cancelledEarly: [String: [String: ContinuousClock.Instant]] = [:]
    var earlyCancelCount = 0
    /// The time before which old cancellations are not removed again.
    var nextPruning: ContinuousClock.Instant?
    var returned = ReturnedMessages()

    mutating func takeEarlyCancel(_ correlationID: String, _ replyTo: String) -> ContinuousClock.Instant? {
      guard let instant = cancelledEarly[replyTo]?.removeValue(forKey: correlationID) else { return nil }
      if cancelledEarly[replyTo]?.isEmpty == true { cancelledEarly[replyTo] = nil }
      earlyCancelCount -= 1
      return instant
    }
  }

  private static let earlyCancelLimit = 16_384
  /// The largest number of early cancellations per reply address, so that one client cannot displace those of others. A
  /// new one displaces the oldest: most of them are for requests that other workers receive.
  private static let earlyCancelsPerAddress = 256
  private static let earlyCancelLifetime = Duration.seconds(300)

  private let state = Mutex(State())

  /// Adds a received request. If it was cancelled before, it counts as stopped from the start.
  func add(_ request: SpeechRequest, at instant: ContinuousClock.Instant = .now) {
    state.withLock { state in
      var running = Running(request: request, lastPresenceCheck: instant)
      if let id = request.context.correlationID {
        state.byCorrelationID[id, default: []].insert(request.context.requestID)
        if let cancelled = request.replyTo.flatMap({ state.takeEarlyCancel(id, $0) }),
          instant - cancelled < Self.earlyCancelLifetime
        {
          running.reason = .skip(.cancelled)
        }
      }
      state.running[request.context.requestID] = running
    }
  }

  /// The request has its slot. From now on, ``sweep(at:presenceInterval:)`` returns it for checks of its requester.
  func begin(_ request: SpeechRequest, at instant: ContinuousClock.Instant = .now) {
    state.withLock { state in
      state.running[request.context.requestID]?.hasBegun = true
      state.running[request.context.requestID]?.lastPresenceCheck = instant
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

  // MARK: Redeliveries

  /// Remembers a message that this worker returns.
  func remember(_ message: Message) { state.withLock { $0.returned.insert(message) } }

  /// Remembers the unsettled requests of a channel that is closed.
  func lose(_ channel: Channel) {
    state.withLock { state in
      for (id, running) in state.running where running.request.channel === channel && !running.isLost {
        state.running[id]?.isLost = true
        state.returned.insert(running.request.delivery.message)
      }
    }
  }

  /// Whether the channel of a request is known to be closed.
  func isLost(_ request: SpeechRequest) -> Bool {
    state.withLock { $0.running[request.context.requestID]?.isLost ?? false }
  }

  /// Whether this worker returned a redelivered message. It is then forgotten.
  func takeReturned(_ message: Message) -> Bool { state.withLock { $0.returned.remove(message) } }

  // MARK: Stopping

  /// Handles a cancellation. It reaches only requests with its reply address. If there is none yet, it is kept for a
  /// request that has not been delivered. A cancellation without a reply address (from older clients) is never kept, and
  /// has no effect if requesters with different addresses use the same correlation id.
  func cancel(correlationID: String, replyTo: String?, at instant: ContinuousClock.Instant = .now) {
    let stops = state.withLock { state -> [@Sendable () -> Void] in
      let requests = (state.byCorrelationID[correlationID] ?? []).filter { id in
        replyTo == nil || state.running[id]?.request.replyTo == replyTo
      }
      if let replyTo, requests.isEmpty { Self.keep(correlationID, replyTo, at: instant, &state) }
      let addresses = Set(requests.map { state.running[$0]?.request.replyTo })
      guard addresses.count == 1 else { return [] }
      return requests.compactMap { Self.mark($0, .skip(.cancelled), &state) }
    }
    for stop in stops { stop() }
  }

  private static func keep(
    _ correlationID: String, _ replyTo: String, at instant: ContinuousClock.Instant, _ state: inout State
  ) {
    if state.earlyCancelCount >= earlyCancelLimit, state.nextPruning.map({ $0 <= instant }) ?? true {
      state.nextPruning = instant + .seconds(1)
      state.cancelledEarly = state.cancelledEarly.compactMapValues { cancels in
        let fresh = cancels.filter { instant - $0.value < earlyCancelLifetime / 10 }
        return fresh.isEmpty ? nil : fresh
      }
      state.earlyCancelCount = state.cancelledEarly.values.reduce(0) { $0 + $1.count }
    }
    if let cancels = state.cancelledEarly[replyTo], cancels.count >= earlyCancelsPerAddress,
      let oldest = cancels.min(by: { $0.value < $1.value })
    {
      _ = state.takeEarlyCancel(oldest.key, replyTo)
    }
    guard state.earlyCancelCount < earlyCancelLimit else { return }
    if state.cancelledEarly[replyTo, default: [:]].updateValue(instant, forKey: correlationID) == nil {
      state.earlyCancelCount += 1
    }
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
        } else if running.hasBegun, running.request.replyTo != nil,
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
