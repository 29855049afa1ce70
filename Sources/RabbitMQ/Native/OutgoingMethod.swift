/// A method that this side sends.
enum OutgoingMethod: Sendable {
  case openChannel
  case closeChannel
  case closeChannelOK
  case closeConnectionOK
  case declareQueue(QueueDeclaration, passive: Bool)
  case deleteQueue(String, onlyIfEmpty: Bool)
  case bindQueue(String, exchange: String, routingKey: String)
  case declareExchange(ExchangeDeclaration, passive: Bool)
  case deleteExchange(String)
  case setPrefetch(UInt16)
  case consume(ConsumeOptions)
  case cancelConsumer(String)
  case cancelConsumerOK(String)
  case get(queue: String, noAcknowledge: Bool)
  case acknowledge(UInt64, multiple: Bool)
  case reject(UInt64, requeue: Bool)
  case selectConfirms
}

/// The broker's answer to a method.
enum MethodReply: Sendable {
  case done
  case queue(QueueState)
  case consumer(String)
  case fetched(Delivery, remaining: Int)
  case queueIsEmpty
}

/// The numbers (class << 16 | method) of the methods that the broker sends.
enum IncomingMethodID {
  static let connectionClose: UInt32 = 0x000A_0032
  static let connectionBlocked: UInt32 = 0x000A_003C
  static let connectionUnblocked: UInt32 = 0x000A_003D
  static let channelClose: UInt32 = 0x0014_0028
  static let channelFlow: UInt32 = 0x0014_0014
  static let queueDeclareOK: UInt32 = 0x0032_000B
  static let consumeOK: UInt32 = 0x003C_0015
  static let basicCancel: UInt32 = 0x003C_001E
  static let basicReturn: UInt32 = 0x003C_0032
  static let basicDeliver: UInt32 = 0x003C_003C
  static let basicGetOK: UInt32 = 0x003C_0047
  static let basicGetEmpty: UInt32 = 0x003C_0048
  static let basicAck: UInt32 = 0x003C_0050
  static let basicNack: UInt32 = 0x003C_0078
}
