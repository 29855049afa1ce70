import Foundation
import RabbitMQ
import SpeechCore
import SpeechService

/// Takes the deliveries of one queue to a slot, and settles them.
///
/// A slot is held only for the work itself. The reply and the acknowledgement wait for disks and confirms, so they need
/// no slot.
struct RequestLane: Sendable {
  /// The steps after the work on a request: send the reply, then return the delivery's settlement.
  typealias Ending = @Sendable () async -> Settlement

  let queue: String
  let prefetch: UInt16
  let admission: AdmissionControl
  let lifecycle: ConsumerLifecycle
  let budgets: MemoryBudgets
  /// Receives each request, so that it can be cancelled from its arrival to its settlement; nil for queues whose requests
  /// cannot be cancelled.
  var running: RunningRequests?
  /// Decodes a request on its arrival; nil for a queue whose work decodes the body.
  var decode: (@Sendable (inout SpeechRequest) -> Void)?
  /// Called for a request that may not wait here; returns its settlement.
  var postpone: @Sendable (SpeechRequest) async -> Settlement = { _ in .requeue }
  /// Moves a message with which a worker was lost, and returns its settlement; nil for a queue without suspects.
  var divert: (@Sendable (SpeechRequest, DeliveryDecision) async -> Settlement)?
  /// Publishes a message again that this worker returns while it stops, and returns its settlement. `.requeue` would
  /// make it look like one with which a worker was lost.
  var giveBack: (@Sendable (SpeechRequest) async -> Settlement)?
  /// The work that occupies a slot. A request that was stopped while it waited comes without a slot.
  let work: @Sendable (SpeechRequest, Slot?) async -> Ending

  /// Takes a delivery. Called on the connection's thread, so it never waits, and decodes short bodies only.
  func receive(_ delivery: Delivery, on channel: Channel) {
    receive(SpeechRequest(delivery, queue: queue, channel: channel, memory: budgets.bodies.reservation())) {}
  }

  /// Works on a delivery of the queue of suspects. Returns when it is settled.
  func run(suspect delivery: Delivery, on channel: Channel) async {
    await withCheckedContinuation { continuation in
      var request = SpeechRequest(delivery, queue: queue, channel: channel, memory: budgets.bodies.reservation())
      request.isSuspect = true
      receive(request) { continuation.resume() }
    }
  }

  private func receive(_ received: SpeechRequest, onSettled: @escaping @Sendable () -> Void) {
    var request = received
    let message = request.delivery.message
    guard lifecycle.received(kind(of: request)) else {
      running?.remember(message)
      request.settle(.requeue)
      return onSettled()
    }
    if let divert, let running {
      let redelivered = request.delivery.redelivered
      let decision = DeliveryDecision(
        redelivered: redelivered, wasReturned: redelivered && running.takeReturned(message),
        isSuspect: request.isSuspect, lostWorkers: request.lostWorkers)
      guard decision == .accept || decision == .runAlone else {
        Task { [request] in finish(request, await divert(request, decision), onSettled) }
        return
      }
    }
    request.startSpan()
    running?.add(request)
    guard let decode else { return enter(request, onSettled) }
    request.takeMemory()
    guard request.fitsMemory else { return enter(request, onSettled) }
    guard message.body.count > MemoryBudgets.freeBodyBytes || request.isPacked else {
      decode(&request)
      return enter(request, onSettled)
    }
    Task { [request] in
      var request = request
      decode(&request)
      enter(request, onSettled)
    }
  }

  /// Returns the waiting requests of a channel.
  func withdraw(from channel: Channel) { admission.withdraw(source: ObjectIdentifier(channel)) }

  /// Returns the waiting requests of a closed channel, and remembers all of its requests.
  func lose(_ channel: Channel) {
    running?.lose(channel)
    withdraw(from: channel)
  }

  private func enter(_ request: SpeechRequest, _ onSettled: @escaping @Sendable () -> Void) {
    let id = request.context.requestID
    let synthesis = try? request.synthesis?.get()
    let claim = AdmissionControl.Claim(
      user: request.userID, priority: request.context.priority, deadline: request.context.deadline,
      replyBytes: synthesis.map(budgets.replyBytes) ?? 0, requestID: id,
      source: request.channel.map { ObjectIdentifier($0) })
    running?.attach(request) { admission.withdraw(requestID: id) }
    let waits =
      request.fitsMemory
      && admission.enter(claim) { slot in
        guard lifecycle.accepts(kind(of: request)), slot != nil || running?.stopReason(request) != nil else {
          return settle(request, .requeue, onSettled)
        }
        Task {
          let ending = await work(request, slot)
          slot?.release()
          settle(request, await ending(), onSettled)
        }
      }
    if !waits {
      Task { settle(request, await postpone(request), onSettled) }
    } else if running?.stopReason(request) != nil {
      // The request was stopped before it waited, when there was nothing to withdraw.
      admission.withdraw(requestID: id)
    }
  }

  private func settle(_ request: SpeechRequest, _ settlement: Settlement, _ onSettled: @escaping @Sendable () -> Void) {
    guard settlement == .requeue, let running, let giveBack, !running.isLost(request) else {
      return finish(request, settlement, onSettled)
    }
    guard lifecycle.isDraining else {
      running.remember(request.delivery.message)
      return finish(request, .requeue, onSettled)
    }
    Task { finish(request, await giveBack(request), onSettled) }
  }

  private func finish(_ request: SpeechRequest, _ settlement: Settlement, _ onSettled: @Sendable () -> Void) {
    running?.remove(request)
    request.settle(settlement)
    request.context.span?.end()
    lifecycle.handle(.settled(kind(of: request)))
    onSettled()
  }

  private func kind(of request: SpeechRequest) -> ConsumerStateMachine.Kind {
    divert == nil || request.isSuspect ? .other : .request
  }
}
