import Foundation
import Synchronization

/// A broker of AMQP 0-9-1 on loopback that greets with any version, agrees to everything, keeps no messages and records
/// what clients send. A test delivers messages and cancels consumers: for what the installed RabbitMQ can't show.
public final class ScriptedBroker: Sendable {
  /// A method that a client sent.
  public enum Event: Sendable, Equatable {
    case declaredQueue(String, durable: Bool, exclusive: Bool, arguments: [String: String])
    case consumed(queue: String)
    case acknowledged(UInt64, multiple: Bool)
    case rejected(UInt64, requeue: Bool)
    case published(routingKey: String)
    case openedChannel
    case closedChannel
    case confirmedCancel
  }

  /// A consumer of a client.
  public struct Consumer: Sendable, Equatable {
    var connection: Int32
    var channel: UInt16
    var tag: String
  }

  private struct State {
    var events: [(connection: Int32, channel: UInt16, event: Event)] = []
    var consumers: [String: Consumer] = [:]
    /// By connection and channel: the numbers of the last delivery and, with confirms, the last publish.
    var deliveryTags: [[Int]: UInt64] = [:]
    var publishes: [[Int]: UInt64] = [:]
  }

  private let socket: LoopbackSocket
  private let version: String
  private let product: String
  private let state = Mutex(State())

  public init(version: String, product: String = "RabbitMQ") throws {
    (self.version, self.product) = (version, product)
    socket = try LoopbackSocket(listens: true)
    socket.serve { [weak self] in self?.serve($0) }
  }

  public var url: String { "amqp://guest:guest@127.0.0.1:\(socket.port)/" }

  /// All recorded methods, in order.
  public var events: [Event] { state.withLock { $0.events.map(\.event) } }

  /// The methods on the channel of a consumer since the channel was opened.
  public func events(of consumer: Consumer) -> [Event] {
    let all = state.withLock { state in
      state.events.filter { $0.connection == consumer.connection && $0.channel == consumer.channel }.map(\.event)
    }
    return Array(all[(all.lastIndex(of: .openedChannel) ?? 0)...])
  }

  /// The last consumer of a queue.
  public func consumer(of queue: String) -> Consumer? { state.withLock { $0.consumers[queue] } }

  // MARK: Script

  /// Delivers a message with a `reply_to` and a correlation id.
  public func deliver(
    _ body: String, to consumer: Consumer, replyTo: String, correlationID: String, redelivered: Bool = false
  ) {
    state.withLock { state in
      let place = [Int(consumer.connection), Int(consumer.channel)]
      state.deliveryTags[place, default: 0] += 1
      var method = WireWriter()
      method.short(consumer.tag)
      method.integer(state.deliveryTags[place] ?? 0)
      method.integer(UInt8(redelivered ? 1 : 0))
      method.short("")
      method.short("")
      send(.deliver, method, to: consumer.connection, consumer.channel)
      var header = WireWriter()
      header.integer(UInt16(60))
      header.integer(UInt16(0))
      header.integer(UInt64(body.utf8.count))
      header.integer(UInt16(1 << 10 | 1 << 9))
      header.short(correlationID)
      header.short(replyTo)
      send(frame: 2, header.bytes, to: consumer.connection, consumer.channel)
      send(frame: 3, Array(body.utf8), to: consumer.connection, consumer.channel)
    }
  }

  /// Cancels a consumer, as RabbitMQ 4.3 does when its time-out has passed.
  public func cancel(_ consumer: Consumer) {
    state.withLock { _ in
      var method = WireWriter()
      method.short(consumer.tag)
      method.integer(UInt8(0))
      send(.cancel, method, to: consumer.connection, consumer.channel)
    }
  }

  // MARK: Protocol

  /// Class and number of a method.
  private enum Method: UInt32 {
    case start = 0x000A_000A
    case startOK = 0x000A_000B
    case tune = 0x000A_001E
    case open = 0x000A_0028
    case openOK = 0x000A_0029
    case close = 0x000A_0032
    case closeOK = 0x000A_0033
    case openChannel = 0x0014_000A
    case openChannelOK = 0x0014_000B
    case closeChannel = 0x0014_0028
    case closeChannelOK = 0x0014_0029
    case declareExchange = 0x0028_000A
    case declareExchangeOK = 0x0028_000B
    case deleteExchange = 0x0028_0014
    case deleteExchangeOK = 0x0028_0015
    case declareQueue = 0x0032_000A
    case declareQueueOK = 0x0032_000B
    case bindQueue = 0x0032_0014
    case bindQueueOK = 0x0032_0015
    case deleteQueue = 0x0032_0028
    case deleteQueueOK = 0x0032_0029
    case prefetch = 0x003C_000A
    case prefetchOK = 0x003C_000B
    case consume = 0x003C_0014
    case consumeOK = 0x003C_0015
    case cancel = 0x003C_001E
    case cancelOK = 0x003C_001F
    case publish = 0x003C_0028
    case deliver = 0x003C_003C
    case get = 0x003C_0046
    case getEmpty = 0x003C_0048
    case acknowledge = 0x003C_0050
    case reject = 0x003C_005A
    case selectConfirms = 0x0055_000A
    case selectConfirmsOK = 0x0055_000B
  }

  private func serve(_ connection: Int32) {
    guard read(8, from: connection) != nil else { return }
    var start = WireWriter()
    start.integer(UInt16(9))
    start.table(["product": product, "version": version])
    start.long("PLAIN")
    start.long("en_US")
    state.withLock { _ in send(.start, start, to: connection, 0) }
    while let head = read(7, from: connection) {
      var reader = WireReader(head)
      let (type, channel) = (reader.integer(UInt8.self), reader.integer(UInt16.self))
      guard let payload = read(Int(reader.integer(UInt32.self)) + 1, from: connection)?.dropLast() else { return }
      state.withLock { handle(type, WireReader(payload), connection, channel, &$0) }
    }
  }

  private func handle(
    _ type: UInt8, _ payload: WireReader, _ connection: Int32, _ channel: UInt16, _ state: inout State
  ) {
    var (reader, reply) = (payload, WireWriter())
    let place = [Int(connection), Int(channel)]
    func record(_ event: Event) { state.events.append((connection, channel, event)) }
    func answer(_ method: Method) { send(method, reply, to: connection, channel) }
    switch type {
    case 2:
      guard let last = state.publishes[place] else { return }
      state.publishes[place] = last + 1
      reply.integer(last + 1)
      reply.integer(UInt8(0))
      return answer(.acknowledge)
    case 8: return send(frame: 8, [], to: connection, 0)
    case 1: break
    default: return
    }
    switch Method(rawValue: reader.integer()) {
    case .startOK:
      reply.integer(UInt16(2047))
      reply.integer(UInt32(131_072))
      reply.integer(UInt16(0))
      answer(.tune)
    case .open:
      reply.short("")
      answer(.openOK)
    case .close: answer(.closeOK)
    case .openChannel:
      (state.deliveryTags[place], state.publishes[place]) = (nil, nil)
      record(.openedChannel)
      reply.long("")
      answer(.openChannelOK)
    case .closeChannel:
      record(.closedChannel)
      answer(.closeChannelOK)
    case .declareExchange: answer(.declareExchangeOK)
    case .deleteExchange: answer(.deleteExchangeOK)
    case .declareQueue:
      _ = reader.integer(UInt16.self)
      let (name, flags) = (reader.short(), reader.integer(UInt8.self))
      let isPassive = flags & 1 > 0
      if !isPassive {
        record(
          .declaredQueue(name, durable: flags & 2 > 0, exclusive: flags & 4 > 0, arguments: reader.table()))
      }
      reply.short(name.isEmpty ? "amq.gen-\(state.events.count)" : name)
      reply.integer(UInt64(0))
      answer(.declareQueueOK)
    case .bindQueue: answer(.bindQueueOK)
    case .deleteQueue:
      reply.integer(UInt32(0))
      answer(.deleteQueueOK)
    case .prefetch: answer(.prefetchOK)
    case .consume:
      _ = reader.integer(UInt16.self)
      let (queue, tag) = (reader.short(), reader.short())
      record(.consumed(queue: queue))
      state.consumers[queue] = Consumer(connection: connection, channel: channel, tag: tag)
      reply.short(tag)
      answer(.consumeOK)
    case .cancel:
      reply.short(reader.short())
      answer(.cancelOK)
    case .cancelOK: record(.confirmedCancel)
    case .publish:
      _ = reader.integer(UInt16.self)
      _ = reader.short()
      record(.published(routingKey: reader.short()))
    case .get:
      reply.short("")
      answer(.getEmpty)
    case .acknowledge:
      record(.acknowledged(reader.integer(), multiple: reader.integer(UInt8.self) > 0))
    case .reject: record(.rejected(reader.integer(), requeue: reader.integer(UInt8.self) > 0))
    case .selectConfirms:
      state.publishes[place] = 0
      answer(.selectConfirmsOK)
    default: break
    }
  }

  private func send(_ method: Method, _ arguments: WireWriter, to connection: Int32, _ channel: UInt16) {
    var payload = WireWriter()
    payload.integer(method.rawValue)
    send(frame: 1, payload.bytes + arguments.bytes, to: connection, channel)
  }

  private func send(frame type: UInt8, _ payload: [UInt8], to connection: Int32, _ channel: UInt16) {
    var frame = WireWriter()
    frame.integer(type)
    frame.integer(channel)
    frame.integer(UInt32(payload.count))
    let bytes = frame.bytes + payload + [0xCE]
    _ = bytes.withUnsafeBytes { Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  private func read(_ count: Int, from connection: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return recv(connection, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
  }
}
