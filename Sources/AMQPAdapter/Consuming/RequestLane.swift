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
  let bodies: ByteBudget
  /// Receives each request, so that it can be cancelled from its arrival to its settlement; nil for queues whose requests
  /// cannot be cancelled.
  var running: RunningRequests?
  /// Decodes a request on its arrival; nil for a queue whose work decodes the body.
  var decode: (@Sendable (inout SpeechRequest) -> Void)?
  /// Called for a request that may not wait here; returns its settlement.
  var postpone: @Sendable (SpeechRequest) async -> Settlement = { _ in .requeue }
  /// The work that occupies a slot.
  let work: @Sendable (SpeechRequest) async -> Ending

  /// Takes a delivery. Called on the connection's thread, so it never waits, and decodes short bodies only.
  func receive(_ delivery: Delivery, on channel: Channel) {
    var request = SpeechRequest(delivery, queue: queue, channel: channel, memory: bodies.reservation())
    guard lifecycle.received() else { return request.settle(.requeue) }
    running?.add(request)
    guard let decode else { return enter(request) }
    request.takeMemory()
    guard request.fitsMemory else { return enter(request) }
    guard delivery.message.body.count > MemoryBudgets.freeBodyBytes else {
      decode(&request)
      return enter(request)
    }
    Task { [request] in
      var request = request
      decode(&request)
      enter(request)
    }
  }

  /// Requeues the waiting requests of a channel.
  func withdraw(from channel: Channel) { admission.withdraw(source: ObjectIdentifier(channel)) }

  private func enter(_ request: SpeechRequest) {
    let claim = AdmissionControl.Claim(
      user: request.userID, priority: request.context.priority, deadline: request.context.deadline,
      source: request.channel.map { ObjectIdentifier($0) })
    let waits =
      request.fitsMemory
      && admission.enter(claim) { slot in
        guard let slot, lifecycle.acceptsWork else { return settle(request, .requeue) }
        Task {
          let ending = await work(request)
          slot.release()
          settle(request, await ending())
        }
      }
    if !waits { Task { settle(request, await postpone(request)) } }
  }

  private func settle(_ request: SpeechRequest, _ settlement: Settlement) {
    running?.remove(request)
    request.settle(settlement)
    lifecycle.handle(.settled)
  }
}
