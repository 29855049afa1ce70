/// The product and the version that a broker names at the login.
public struct BrokerVersion: Sendable, Equatable {
  var product: String
  var major: Int
  var minor: Int

  /// - Parameter properties: the server properties; what is missing or malformed counts as an old broker.
  init(_ properties: FieldTable) {
    product = properties["product"]?.stringValue ?? ""
    let numbers = (properties["version"]?.stringValue ?? "").split(separator: ".").map { Int($0) ?? 0 }
    major = numbers.first ?? 0
    minor = numbers.dropFirst().first ?? 0
  }

  /// Whether its quorum queues delay returned messages, as `x-delayed-retry-type` declares.
  public var delaysReturnedMessages: Bool { product == "RabbitMQ" && (major, minor) >= (4, 3) }
}
