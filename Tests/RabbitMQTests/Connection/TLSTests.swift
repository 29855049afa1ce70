import Foundation
import RabbitMQ
import TestSupport
import Testing

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")), .timeLimit(.minutes(2)))
struct TLSTests {
  private static func openssl(_ arguments: String, in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// Creates an authority, and certificates signed by it for the broker and the client.
  private static func certificates(in folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("subjectAltName=DNS:localhost,IP:127.0.0.1\n".utf8).write(to: folder.appendingPathComponent("names"))
    try openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca", in: folder)
    for name in ["server", "client"] {
      try openssl("req -newkey rsa:2048 -nodes -keyout \(name).key -out \(name).csr -subj /CN=localhost", in: folder)
      try openssl(
        "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -out \(name).pem -days 2 -extfile names",
        in: folder)
    }
  }

  @Test func authorityAndClientCertificate() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-tls-\(UUID())")
    try Self.certificates(in: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let broker = try await PrivateBroker.start(name: "tls", environment: ["BROKER_TLS_DIR": folder.path])
    let ports = try String(contentsOf: broker.directory.appendingPathComponent("ports"), encoding: .utf8)
    let port = try #require(ports.split(separator: "\n").first { $0.hasPrefix("TLS_PORT=") }?.dropFirst(9))
    let good = "amqps://localhost:\(port)/?cacertfile=\(folder.path)/ca.pem"
    let withClient = good + "&certfile=\(folder.path)/client.pem&keyfile=\(folder.path)/client.key"

    let configuration = try ConnectionConfiguration(url: withClient)
    let connection = try await Connection.open(configuration, endpoint: configuration.endpoints[0])
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    let large = Data((0..<2_000_000).map { UInt8(truncatingIfNeeded: $0) })
    #expect(try await channel.publish(Message(body: large), routingKey: queue.name) == .confirmed)
    #expect(try await channel.get(queue: queue.name)?.message.body == large)
    await connection.close()

    // Without the client's certificate, with an authority that did not sign the broker's, and with a file without
    // certificates.
    // none.
    for url in [good, "amqps://localhost:\(port)/", "amqps://localhost:\(port)/?cacertfile=/etc/hostname"] {
      var configuration = try ConnectionConfiguration(url: url)
      configuration.connectTimeoutSeconds = 3
      await #expect(throws: RabbitMQError.self) {
        try await Connection.open(configuration, endpoint: configuration.endpoints[0])
      }
    }
    try await broker.remove()
  }
}
