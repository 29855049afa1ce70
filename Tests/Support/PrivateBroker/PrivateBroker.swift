import Foundation

/// A RabbitMQ node of the tests' own, started through `tools/broker` and stopped when the test process ends.
public final class PrivateBroker: Sendable {
  public struct Failure: Error, CustomStringConvertible {
    public var description: String
  }

  public let url: String
  public let directory: URL
  public var port: Int { URLComponents(string: url)?.port ?? 0 }
  /// The node's process; nil while it is stopped.
  public var pid: pid_t? {
    let text = try? String(contentsOf: directory.appendingPathComponent("node.pid"), encoding: .utf8)
    return text.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// One node for every test that leaves it as it is.
  public static func shared() async throws -> PrivateBroker { try await sharedTask.value }
  /// One node for the tests that restart it or raise alarms; they must run one after another.
  public static func disruptable() async throws -> PrivateBroker { try await disruptableTask.value }

  private static let sharedTask = Task { try await PrivateBroker.start(name: "shared") }
  private static let disruptableTask = Task { try await PrivateBroker.start(name: "disruptable") }

  private init(url: String, directory: URL) {
    self.url = url
    self.directory = directory
  }

  /// Starts a node with new data.
  public static func start(name: String, environment: [String: String] = [:]) async throws -> PrivateBroker {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("speechbus-broker-\(ProcessInfo.processInfo.processIdentifier)-\(name)")
    let url = try await run("start", [directory.path], environment: environment)
    return PrivateBroker(url: url, directory: directory)
  }

  public func stop() async throws { _ = try await Self.run("stop", [directory.path]) }
  /// Stops the node for good and removes its data.
  public func remove() async throws {
    try await stop()
    try FileManager.default.removeItem(at: directory)
  }
  /// Ends the node as a crash would.
  public func kill() async throws {
    _ = try await Self.run("stop", [directory.path], environment: ["BROKER_STOP": "kill"])
  }
  /// Starts a stopped node again, on its port, with its data.
  public func startAgain() async throws { _ = try await Self.run("start", [directory.path]) }

  /// Runs `rabbitmqctl`.
  @discardableResult
  public func control(_ arguments: String...) async throws -> String {
    try await Self.run("ctl", [directory.path] + arguments)
  }

  /// The repository, found from this file, since tests run from anywhere.
  public static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func run(
    _ script: String, _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> String {
    let process = Process()
    process.executableURL = repository.appendingPathComponent("tools/broker/\(script)")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["BROKER_OWNER_PID": "\(ProcessInfo.processInfo.processIdentifier)", "BROKER_TEMPORARY": "1"]) { $1 }
      .merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    let ended = AsyncStream<Void> { continuation in process.terminationHandler = { _ in continuation.finish() } }
    try process.run()
    for await _ in ended {}
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard process.terminationStatus == 0 else { throw Failure(description: "\(script) failed: \(text)") }
    return text
  }
}
