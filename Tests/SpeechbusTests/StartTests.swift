import Foundation
import SpeechCore
import TestSupport
import Testing

/// Starts with a missing part.
@Suite(.timeLimit(.minutes(10)))
struct StartTests {
  /// No server listens on port 1.
  private let noBroker = "amqp://guest:guest@127.0.0.1:1/"

  private func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-start-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Runs `serve` to its end; returns its exit code and what it wrote to stderr.
  private func serve(_ settings: [String: String]) async throws -> (status: Int32, lines: [Substring]) {
    let run = try await CommandRun(
      ["serve"], in: try temporaryFolder(),
      settings: [
        "XTTS_MODEL_DIR": ServiceProcess.modelDirectory.path, "SPEECHBUS_HTTP_PORT": "0", "SPEECHBUS_LOG": "critical",
      ].merging(settings) { $1 })
    return (run.status, run.errors.split(separator: "\n"))
  }

  @Test func exitEndsTheStartWithoutABroker() async throws {
    let (status, lines) = try await serve(["SPEECHBUS_START": "exit", "SPEECHBUS_AMQP_URL": noBroker])
    #expect(status == 1 && lines.count == 1)
    #expect(lines.first?.contains("the broker") == true && lines.first?.contains("127.0.0.1:1") == true)
  }

  @Test(arguments: [
    ("XTTS_ALLOW_ORIGINS", "https://*.c"), ("XTTS_ALLOW_ORIGINS", "https://a.example,example.com"),
    ("XTTS_ALLOW_ORIGINS", "https://a.example/path"), ("PORT", "eighty"), ("SPEECHBUS_HTTP_IDLE_SECONDS", "0"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"), ("OTEL_TRACES_SAMPLER", "sometimes"),
    ("OTEL_TRACES_SAMPLER_ARG", "2"), ("OTEL_RESOURCE_ATTRIBUTES", "team"),
  ])
  func aBadValueStopsTheStart(variable: String, value: String) async throws {
    let (status, lines) = try await serve([variable: value, "SPEECHBUS_HTTP_PORT": ""])
    #expect(status == 64 && lines.count == 1)
    #expect(lines.first?.contains(variable) == true && lines.first?.contains(value) == true)
  }

  @Test(arguments: ["exit", "auto"])
  func aMissingDatabaseFolderEndsTheStart(policy: String) async throws {
    let broker = try await PrivateBroker.shared()
    let (status, lines) = try await serve([
      "SPEECHBUS_START": policy, "SPEECHBUS_AMQP_URL": broker.url, "SPEECHBUS_DATABASE": "/nowhere/at/all.sqlite",
    ])
    #expect(status == 1 && lines.count == 1)
    #expect(lines.first?.contains("/nowhere/at/all.sqlite") == true)
  }

  @Test func aMissingModelEndsTheStartUnlessItIsToWait() async throws {
    let broker = try await PrivateBroker.shared()
    let missing = ["SPEECHBUS_AMQP_URL": broker.url, "XTTS_MODEL_DIR": "/nowhere"]
    let (status, lines) = try await serve(missing.merging(["HF_HUB_OFFLINE": "1"]) { $1 })
    #expect(status == 1 && lines.count == 1)
    #expect(lines.first?.contains("/nowhere") == true)
    // Online it would be fetched, so the first thing in the way is its licence.
    let unlicensed = try await serve(missing.merging(["COQUI_TOS_AGREED": "0"]) { $1 })
    #expect(unlicensed.status == 1 && unlicensed.lines.count == 1)
    #expect(unlicensed.lines.last?.contains("COQUI_TOS_AGREED=1") == true)
  }

  @Test func aFileThatIsNoDatabaseEndsTheStartHoweverPatient() async throws {
    let broker = try await PrivateBroker.shared()
    let file = try temporaryFolder().appendingPathComponent("other.sqlite")
    try Data(String(repeating: "not a database ", count: 100).utf8).write(to: file)
    let (status, lines) = try await serve([
      "SPEECHBUS_START": "wait", "SPEECHBUS_AMQP_URL": broker.url, "SPEECHBUS_DATABASE": file.path,
    ])
    #expect(status == 1 && lines.count == 1 && lines.first?.contains("other.sqlite") == true)
  }

  /// All parts are missing and appear one after the other; `/health` names the part that the start waits for.
  @Test func waitTakesUpEachPartAsItComes() async throws {
    let broker = try await PrivateBroker.start(name: "late")
    let folder = try temporaryFolder()
    let (model, data) = (folder.appendingPathComponent("model"), folder.appendingPathComponent("data"))
    try await broker.stop()
    let service = try await ServiceProcess(
      broker: broker.url,
      settings: [
        "SPEECHBUS_START": "wait", "XTTS_MODEL_DIR": model.path,
        "SPEECHBUS_DATABASE": data.appendingPathComponent("speechbus.sqlite").path,
      ], waitsUntilReady: false)
    try await eventually(within: .seconds(60)) { try await health(service)?.components["database"] == "missing" }
    #expect(try await health(service)?.status == .starting)

    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    try await eventually(within: .seconds(60)) { try await health(service)?.components["model"] == "missing" }
    #expect(try await health(service)?.components["database"] == "open")

    try FileManager.default.copyItem(at: ServiceProcess.modelDirectory, to: model)
    try await eventually(within: .seconds(60)) { try await health(service)?.components["model"] == "ready" }
    #expect(try await health(service)?.components["broker"] == "connecting")
    #expect(try await health(service)?.status == .unavailable)

    try await broker.startAgain()
    try await service.waitUntilReady()
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
    try await broker.remove()
  }

  @Test func aSignalEndsTheWait() async throws {
    let service = try await ServiceProcess(
      broker: noBroker,
      settings: ["SPEECHBUS_START": "wait", "SPEECHBUS_DATABASE": "/nowhere/at/all.sqlite"], waitsUntilReady: false)
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
  }

  private func health(_ service: ServiceProcess) async throws -> HealthReport? {
    guard let answer = try? await service.get("health") else { return nil }
    return try JSONDecoder().decode(HealthReport.self, from: answer.body)
  }
}
