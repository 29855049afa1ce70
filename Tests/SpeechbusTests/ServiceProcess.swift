import Checkpoint
import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// `speechbus serve` in a process, with a new folder and the demo model.
final class ServiceProcess: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let directory: URL
  let baseURL: URL
  private let log: URL
  private let child: ChildProcess

  static let executable = ChildProcess.executable("speechbus")

  /// Written once for all tests of a run.
  static let modelDirectory: URL = {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("speechbus-model-\(ProcessInfo.processInfo.processIdentifier)")
    try? SmallCheckpoint.write(to: directory.path)
    return directory
  }()

  /// Starts the service and returns once its model is loaded and the broker connected.
  /// - Parameters:
  ///   - directory: an earlier service's, to start again on its database; else a new one.
  ///   - waitsUntilReady: false returns as soon as the HTTP adapter listens.
  init(
    broker url: String, directory: URL? = nil, settings: [String: String] = [:], waitsUntilReady: Bool = true
  ) async throws {
    let directory =
      directory ?? FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    self.directory = directory
    let log = directory.appendingPathComponent("serve-\(UUID().uuidString).log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)

    let process = Process()
    process.executableURL = Self.executable
    process.arguments = ["serve"]
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging([
      "XTTS_MODEL_DIR": Self.modelDirectory.path, "SPEECHBUS_AMQP_URL": url, "SPEECHBUS_HTTP_PORT": "0",
      "SPEECHBUS_LOG_FORMAT": "json", "SPEECHBUS_DRAIN_LISTEN_SECONDS": "0",
    ]) { $1 }.merging(settings) { $1 }
    process.standardError = try FileHandle(forWritingTo: log)
    child = try ChildProcess(process)
    let port = try await Self.waitFor("its port", in: log) { Self.port(in: $0) }
    guard let baseURL = URL(string: "http://127.0.0.1:\(port)") else { throw Failure(description: "bad port \(port)") }
    self.baseURL = baseURL
    self.log = log
    if waitsUntilReady { try await waitUntilReady() }
  }

  /// The service's log so far.
  var logText: String { Self.text(of: log) }

  deinit { child.signal(SIGKILL) }

  /// A line of the kernel's report on the process in bytes, such as `VmRSS`, or `VmHWM` for the most it had.
  func memory(_ name: String) throws -> Int {
    let report = try String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8)
    let line = report.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    guard let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw Failure(description: "no \(name) of the process")
    }
    return kibibytes << 10
  }

  func signal(_ number: Int32) { child.signal(number) }

  /// The exit code; negative after a signal.
  func exitStatus() async -> Int32 { await child.exitStatus() }

  func get(_ path: String) async throws -> (status: Int, body: Data, retryAfter: String?) {
    try await send(URLRequest(url: baseURL.appending(path: path)))
  }

  func post(
    _ path: String, _ body: [String: Any], token: String? = nil
  ) async throws -> (status: Int, body: Data, retryAfter: String?) {
    var request = URLRequest(url: baseURL.appending(path: path))
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    request.httpBody = try JSONSerialization.data(withJSONObject: body)
    return try await send(request)
  }

  /// Every series of `/metrics`.
  func metrics() async throws -> [String: Double] {
    let text = String(decoding: try await get("metrics").body, as: UTF8.self)
    return text.split(separator: "\n").reduce(into: [:]) { values, line in
      guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return }
      values[String(line[..<space])] = Double(line[line.index(after: space)...])
    }
  }

  /// The value of one series of `/metrics`; NaN when there is none of that name.
  func metric(_ series: String) async throws -> Double { try await metrics()[series] ?? .nan }

  private func send(
    _ request: URLRequest
  ) async throws -> (status: Int, body: Data, retryAfter: String?) {
    let (data, response) = try await URLSession.shared.data(for: request)
    let answer = response as? HTTPURLResponse
    return (answer?.statusCode ?? 0, data, answer?.value(forHTTPHeaderField: "Retry-After"))
  }

  func waitUntilReady() async throws {
    for _ in 0..<6_000 {
      if let answer = try? await get("health/ready"), answer.status == 200 { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Failure(description: "not ready after five minutes: \(Self.text(of: log))")
  }

  private static func waitFor<Value>(_ what: String, in log: URL, _ find: (String) -> Value?) async throws -> Value {
    for _ in 0..<6_000 {
      if let value = find(text(of: log)) { return value }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Failure(description: "the service did not tell \(what): \(text(of: log))")
  }

  private static func text(of log: URL) -> String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  private static func port(in log: String) -> Int? {
    for line in log.split(separator: "\n") {
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      if object?["message"] as? String == "listening", let port = object?["port"] as? Int { return port }
    }
    return nil
  }
}
