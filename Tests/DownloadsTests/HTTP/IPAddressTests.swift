import Testing

@testable import Downloads

struct IPAddressTests {
  @Test(arguments: [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.168.1.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.9", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001::1", "100::1", "fec0::1",
    "::127.0.0.1",
  ])
  func closedToTheInside(text: String) throws {
    #expect(try #require(IPAddress(text)).isPublic == false)
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.169.0.1",
    "223.255.255.255", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
  ])
  func openToTheOutside(text: String) throws {
    #expect(try #require(IPAddress(text)).isPublic)
  }

  @Test(arguments: ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "1.2.3", "1.2.3.4.5", "", "localhost", "::1%lo"])
  func onlyCanonicalNotationIsAnAddress(text: String) {
    #expect(IPAddress(text) == nil)
  }
}
