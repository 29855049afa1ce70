/// The treatment of a delivery: a pure function, applied before any work on the delivery, the decoding of its body
/// included.
///
/// A worker returns every request that it does not finish, or remembers it. So a redelivered message that this worker
/// did not return was held by a worker that is lost.
enum DeliveryDecision: Sendable, Equatable {
  /// Work on it together with other requests.
  case accept
  /// It is a suspect: work on it while this worker holds no other request.
  case runAlone
  /// Count the lost worker, and move the message to the queue of suspects.
  case suspect(lostWorkers: Int)
  /// Answer `worker_lost`, and dead-letter it.
  case giveUp(lostWorkers: Int)

  /// The number of lost workers after which a request is given up.
  static let maximumLostWorkers = 3

  /// - Parameters:
  ///   - wasReturned: whether this worker returned the message, or lost the connection on which it held it.
  ///   - isSuspect: whether it comes from the queue of suspects. A header alone makes no suspect, because clients can set
  ///     it.
  ///   - lostWorkers: the number in its header.
  init(redelivered: Bool, wasReturned: Bool, isSuspect: Bool, lostWorkers: Int) {
    guard redelivered, !wasReturned else {
      self = isSuspect ? .runAlone : .accept
      return
    }
    let lost = min(max(lostWorkers, 0), Self.maximumLostWorkers) + 1
    self = lost < Self.maximumLostWorkers ? .suspect(lostWorkers: lost) : .giveUp(lostWorkers: lost)
  }
}
