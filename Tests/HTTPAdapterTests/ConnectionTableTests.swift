import NIOCore
import Testing

@testable import HTTPAdapter

struct ConnectionTableTests {
  @Test func anAddressAtItsLimitGivesUpItsLongestIdleConnection() {
    var table = ConnectionTable(maximum: 100, maximumPerAddress: 3)
    for id in 1...3 { #expect(table.open(id, from: "a") == .opened) }
    #expect(table.open(4, from: "b") == .opened)
    table.beginRequest(1)
    #expect(table.open(5, from: "a") == .openedInPlace(of: 2))
    table.endRequest(1)
    #expect(table.open(6, from: "a") == .openedInPlace(of: 3))
    #expect(table.open(7, from: "a") == .openedInPlace(of: 5))
    #expect(table.open(8, from: "a") == .openedInPlace(of: 1))
    #expect(table.count == 4)
  }

  @Test func aConnectionWithARequestUnderWayIsNeverClosedForAnother() {
    var table = ConnectionTable(maximum: 100, maximumPerAddress: 2)
    for id in 1...2 {
      #expect(table.open(id, from: "a") == .opened)
      table.beginRequest(id)
    }
    #expect(table.open(3, from: "a") == .refused)
    #expect(table.open(4, from: "b") == .opened)
    table.close(1)
    #expect(table.open(5, from: "a") == .opened)
    // Of two requests sent at once, the second is still under way.
    table.beginRequest(2)
    table.endRequest(2)
    table.endRequest(2)
    table.beginRequest(5)
    #expect(table.open(6, from: "a") == .openedInPlace(of: 2))
  }

  @Test func whenAllAreTakenTheAddressWithMostGivesOneUp() {
    var table = ConnectionTable(maximum: 5, maximumPerAddress: 0)
    for id in 1...4 { #expect(table.open(id, from: "hoarder") == .opened) }
    #expect(table.open(5, from: "a") == .opened)
    #expect(table.open(6, from: "b") == .openedInPlace(of: 1))
    #expect(table.open(7, from: "hoarder") == .openedInPlace(of: 2))
    #expect(table.count == 5)
  }

  /// F16: no number of connections of one address excludes another address, or its own next connection.
  @Test func twelveHundredIdleConnectionsOfOneAddressLeaveRoomForOthers() {
    var table = ConnectionTable(maximum: 1_024, maximumPerAddress: 512)
    for id in 0..<1_200 { #expect(table.open(id, from: "hoarder") != .refused) }
    #expect(table.count == 512)
    for id in 2_000..<2_512 { #expect(table.open(id, from: "other \(id)") == .opened) }
    #expect(table.open(3_000, from: "hoarder") == .openedInPlace(of: 688))
  }

  @Test func clientsAreToldApartByAddressAndNetwork() throws {
    func client(_ address: String) throws -> String { try SocketAddress(ipAddress: address, port: 1).client }
    #expect(try client("10.0.0.1") == "10.0.0.1" && client("10.0.0.2") != client("10.0.0.1"))
    #expect(try client("::ffff:10.0.0.1") == "10.0.0.1")
    #expect(try client("2001:db8:0:1::1") == client("2001:db8:0:1:ffff::2"))
    #expect(try client("2001:db8:0:1::1") != client("2001:db8:0:2::1"))
    #expect(try client("::1") == "::1")
    #expect(try SocketAddress(unixDomainSocketPath: "/tmp/x").client.isEmpty)
  }
}
