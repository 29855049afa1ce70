/// A `reply_to` that names an exchange and a routing key, as Spring AMQP writes addresses: `exchange/routing-key`,
/// `/routing-key` for the default exchange, either with a scheme such as `direct://` before it. RabbitMQ itself knows
/// queue names only, and a queue of this very name goes first.
struct ExchangeAddress: Sendable, Equatable {
  let exchange: String
  let routingKey: String

  /// - Returns: nil for a plain queue name.
  init?(_ replyTo: String) {
    guard !replyTo.hasPrefix("amq.rabbitmq.reply-to"), replyTo.contains("/") else { return nil }
    let address = replyTo.firstRange(of: "://").map { replyTo[$0.upperBound...] } ?? replyTo[...]
    let parts = address.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !(parts[0].isEmpty && parts[1].isEmpty) else { return nil }
    (exchange, routingKey) = (String(parts[0]), String(parts[1]))
  }
}
