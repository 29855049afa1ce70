import Testing

@testable import RabbitMQ

struct ConnectionConfigurationTests {
  @Test func defaults() throws {
    let configuration = try ConnectionConfiguration(url: "amqp://broker")
    #expect(configuration.endpoints == [BrokerEndpoint(host: "broker", port: 5672)])
    #expect(configuration.user == "guest" && configuration.password == "guest" && configuration.virtualHost == "/")
    #expect(configuration.tls == nil)
  }

  @Test func everything() throws {
    let configuration = try ConnectionConfiguration(
      url: "amqps://us%40er:p%2Fw@a:1,b,[::1]:3/v%2Fh?cacertfile=/ca.pem&certfile=/c.pem&keyfile=/k.pem"
        + "&verify=verify_none&heartbeat=5&connection_timeout=1500")
    #expect(
      configuration.endpoints == [
        BrokerEndpoint(host: "a", port: 1), BrokerEndpoint(host: "b", port: 5671), BrokerEndpoint(host: "::1", port: 3),
      ])
    #expect(configuration.endpoints[2].description == "[::1]:3")
    #expect(configuration.user == "us@er" && configuration.password == "p/w" && configuration.virtualHost == "v/h")
    #expect(configuration.heartbeatSeconds == 5 && configuration.connectTimeoutSeconds == 2)
    #expect(
      configuration.tls
        == ConnectionConfiguration.TLS(
          certificateAuthorityFile: "/ca.pem", certificateFile: "/c.pem", keyFile: "/k.pem", verifiesPeer: false))
  }

  @Test func aUserWithoutAPasswordAndATrailingSlash() throws {
    let configuration = try ConnectionConfiguration(url: "AMQP://me@h:7/")
    #expect(configuration.user == "me" && configuration.password.isEmpty && configuration.virtualHost == "/")
  }

  @Test(arguments: [
    "", "http://h", "amqp://", "amqp://h:0", "amqp://h:65536", "amqp://h:x", "amqp://a,,b", "amqp://h?unknown=1",
    "amqp://h?heartbeat=0", "amqp://h?heartbeat=x", "amqps://h?verify=maybe", "amqps://h?certfile=/c.pem",
    "amqp://u:%ZZ@h", "amqp://u:a%00b@h", "amqp://:@", "amqp://[::1",
  ])
  func refused(url: String) {
    let error = #expect(throws: RabbitMQError.self) { try ConnectionConfiguration(url: url) }
    #expect(error?.code == .invalidConfiguration)
  }

  @Test func thePasswordIsNeverQuoted() {
    let error = #expect(throws: RabbitMQError.self) {
      try ConnectionConfiguration(url: "amqp://user:s3cret@host:notaport/")
    }
    #expect(error?.message.contains("s3cret") == false)
    // A slash that is not encoded ends the authority, so the password's first part looks like a port.
    let slash = #expect(throws: RabbitMQError.self) { try ConnectionConfiguration(url: "amqp://user:s3cret/x@host/") }
    #expect(slash?.message.contains("s3cret") == false && slash?.message.contains("%2F") == true)
  }

  @Test func aConfigurationPrintsNoPassword() throws {
    let configuration = try ConnectionConfiguration(url: "amqp://user:s3cret@host/")
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped] {
      #expect(!text.contains("s3cret") && text.contains("<secret>"))
    }
    #expect(configuration.password.reveal() == "s3cret")
  }
}
