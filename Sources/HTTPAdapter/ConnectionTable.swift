/// Open connections by client address: who may open one more, and which idle one is closed for it. Pure.
///
/// An address at its limit gets its new connection, and its longest idle one is closed: so a client that keeps
/// many connections open excludes no other, not even a health probe from the same address.
struct ConnectionTable {
  enum Entrance: Equatable {
    case opened
    case openedInPlace(of: Int)
    /// Every connection that could be closed has a request under way.
    case refused
  }

  private struct Connection {
    var address: String
    var requestCount = 0
    var lastUse: UInt64
  }

  private let maximum: Int
  private let maximumPerAddress: Int
  private var connections: [Int: Connection] = [:]
  private var uses: UInt64 = 0

  /// - Parameters:
  ///   - maximum: the limit for all addresses together.
  ///   - maximumPerAddress: 0 is no limit.
  init(maximum: Int, maximumPerAddress: Int) {
    self.maximum = maximum
    self.maximumPerAddress = maximumPerAddress
  }

  var count: Int { connections.count }

  mutating func open(_ id: Int, from address: String) -> Entrance {
    guard let crowd = crowd(for: address) else {
      add(id, address)
      return .opened
    }
    let idle = connections.filter { $0.value.address == crowd && $0.value.requestCount == 0 }
    guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { return .refused }
    connections[oldest] = nil
    add(id, address)
    return .openedInPlace(of: oldest)
  }

  /// The address that has to give up a connection for a new one; nil when there is room.
  private func crowd(for address: String) -> String? {
    let own = connections.values.count { $0.address == address }
    if maximumPerAddress > 0, own >= maximumPerAddress { return address }
    guard count >= maximum else { return nil }
    let counts = Dictionary(connections.values.map { ($0.address, 1) }, uniquingKeysWith: +)
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }

  private mutating func add(_ id: Int, _ address: String) {
    uses += 1
    connections[id] = Connection(address: address, lastUse: uses)
  }

  mutating func beginRequest(_ id: Int) { connections[id]?.requestCount += 1 }

  mutating func endRequest(_ id: Int) {
    uses += 1
    connections[id]?.requestCount -= 1
    connections[id]?.lastUse = uses
  }

  mutating func close(_ id: Int) { connections[id] = nil }
}
