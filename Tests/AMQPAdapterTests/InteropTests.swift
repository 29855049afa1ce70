import Foundation
import TestSupport
import Testing

/// Another client library, where it is installed: `SPEECHBUS_PYTHON` names a Python that has pika.
@Suite(.timeLimit(.minutes(2)))
struct InteropTests {
  private static let python = ProcessInfo.processInfo.environment["SPEECHBUS_PYTHON"] ?? "python3"

  private static func run(_ arguments: String...) async -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    let ended = AsyncStream<Void> { continuation in process.terminationHandler = { _ in continuation.finish() } }
    guard (try? process.run()) != nil else { return (-1, "") }
    for await _ in ended {}
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return (process.terminationStatus, text)
  }

  @Test func aPikaClientIsAnswered() async throws {
    guard await Self.run("-c", "import pika").status == 0 else { return }
    let bus = try await BusFixture()
    let url = try await PrivateBroker.shared().url
    let script = PrivateBroker.repository.appendingPathComponent("tools/broker/interop.py").path
    let result = await Self.run(script, url, bus.configuration.names.synthesize)
    #expect(result.status == 0, "\(result.output)")
    await bus.stop()
  }
}
