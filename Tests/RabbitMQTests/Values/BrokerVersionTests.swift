import Testing

@testable import RabbitMQ

struct BrokerVersionTests {
  @Test(arguments: [
    ("3.10.8", 3, 10), ("4.3.0-rc.1", 4, 3), ("4.10", 4, 10), ("5", 5, 0), ("", 0, 0), ("four.three", 0, 0),
  ])
  func numbersAreRead(text: String, major: Int, minor: Int) {
    let version = BrokerVersion(["product": "RabbitMQ", "version": .string(text)])
    #expect(version.major == major && version.minor == minor)
    #expect(version.delaysReturnedMessages == (major > 4 || major == 4 && minor >= 3))
  }

  @Test func otherProductsCountAsOld() {
    #expect(!BrokerVersion(["product": "LavinMQ", "version": "4.3.0"]).delaysReturnedMessages)
    #expect(!BrokerVersion([:]).delaysReturnedMessages)
    #expect(!BrokerVersion(["product": 4, "version": 4]).delaysReturnedMessages)
  }
}
