import Foundation
import Logging
import RabbitMQ

/// Receives the cancellations that the control exchange sends to every replica.
struct ControlListener: Sendable {
  let exchange: String
  let logger: Logger
  let onCancel: @Sendable (_ correlationID: String, _ replyTo: String?) -> Void

  private struct Control: Decodable {
    var cancel: String
  }

  func start(on connection: Connection) async throws(RabbitMQError) {
    let channel = try await connection.openChannel()
    let queue = try await channel.declare(
      QueueDeclaration(name: "", exclusive: true, autoDelete: true))
    try await channel.bind(queue: queue.name, exchange: exchange)
    let (logger, onCancel) = (logger, onCancel)
    try await channel.consume(
      ConsumeOptions(queue: queue.name, consumerTag: "control", noAcknowledge: true),
      onDelivery: { delivery in
        if let id = Self.correlationID(in: delivery.message.body) {
          onCancel(id, delivery.message.properties.replyTo.flatMap { $0.isEmpty ? nil : $0 })
        } else {
          logger.warning("a control message is not {\"cancel\": \"<correlation id>\"}; ignored")
        }
      },
      onEnd: { error in
        guard error.code == .channelClosed else { return }
        // Without the queue, cancellations would be lost, so the connection is reopened.
        logger.warning("the control queue is gone; connecting again", metadata: ["error": "\(error)"])
        Task { await connection.close() }
      })
  }

  static func correlationID(in body: Data) -> String? {
    guard body.count <= 4096, let control = try? JSONDecoder().decode(Control.self, from: body),
      !control.cancel.isEmpty
    else { return nil }
    return control.cancel
  }
}
