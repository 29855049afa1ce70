import Foundation
import RabbitMQ

/// Good requests whose reply queue is full and refuses every message. Each is spoken and dead-lettered as
/// `reply_refused`.
struct FullReplies: Sendable {
  /// The JSON of a request with a whole reply, and of one with a stream.
  let bodies: [Data]

  static let queue = QueueDeclaration(
    name: "soak.full", arguments: ["x-max-length": 1, "x-overflow": "reject-publish"])

  /// Declares the queue and fills it.
  func fill(_ broker: ConnectionConfiguration) async throws {
    let connection = try await Connection.open(broker, endpoint: broker.endpoints[0])
    let channel = try await connection.openChannel()
    try await channel.declare(Self.queue)
    try await channel.selectConfirms()
    _ = try await channel.publish(
      Message(properties: MessageProperties(isPersistent: true), body: Data("full".utf8)),
      routingKey: Self.queue.name)
    await connection.close()
  }

  func offer(_ number: Int) -> Offer {
    var offer = Offer(id: "full-\(number)", kind: .patient, body: bodies[number % bodies.count])
    offer.replyTo = Self.queue.name
    offer.deadLetter = .replyRefused
    offer.fault = .fullReplies
    return offer
  }
}
