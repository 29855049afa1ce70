import Downloads
import Foundation
import SpeechCore
import TestSupport
import Testing

/// `model pull`, and a service that fetches its model, as processes.
@Suite(.timeLimit(.minutes(5)))
struct ModelPullTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "speechbus-pull-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func pull(into model: String, _ hub: PinnedHub) async throws -> CommandRun {
    try await CommandRun(["model", "pull", "--model-dir", model], in: folder, settings: try hub.settings(folder))
  }

  private func listing(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  @Test func twoProcessesFetchEachFileOnceAndLeaveTheDigestForTheFirstStart() async throws {
    let hub = try PinnedHub(isHolding: true)
    let model = folder.appending(path: "model").path
    async let first = pull(into: model, hub)
    await hub.isHalfway()
    async let second = pull(into: model, hub)
    hub.release()
    let runs = try await [first, second]
    #expect(runs.map(\.status) == [0, 0], "\(runs.map(\.errors))")
    #expect(hub.requests.sorted() == PinnedHub.names.sorted())
    for name in PinnedHub.names {
      #expect(try Data(contentsOf: folder.appending(path: "model/" + name)) == PinnedHub.content(name))
    }
    #expect(
      try listing(model) == (PinnedHub.names + ["model.pth.sha256", "speechbus-model.json"]).sorted())
    let weights = model + "/model.pth"
    #expect(FileDigest(ofFileAt: weights).remembered == (try FileDigest.computed(ofFileAt: weights).sha256()))
    // A check must not rely on the remembered digest.
    try Data(repeating: 1, count: try PinnedHub.content("model.pth").count).write(to: URL(fileURLWithPath: weights))
    FileDigest(ofFileAt: weights).remember(try FileDigest.computed(ofFileAt: "\(model)/model.pth").sha256())
    let verify = try await CommandRun(
      ["model", "verify", "--model-dir", model], in: folder, settings: try hub.settings(folder))
    #expect(verify.status == 1)
    #expect(String(decoding: verify.output, as: UTF8.self).contains("model.pth"))
  }

  @Test func aReadOnlyFolderEndsThePullInOneLine() async throws {
    let hub = try PinnedHub(isHolding: false)
    // Not even root can create files there.
    let run = try await pull(into: "/sys/kernel/model", hub)
    #expect(run.status == 1)
    #expect(run.errors.split(separator: "\n").count == 1 && run.errors.contains("/sys/kernel/model"))
    #expect(hub.requests.isEmpty)
  }

  @Test(.enabled(if: SmallDisk.canBeMade, "mounting is not possible here"))
  func aDiskThatFillsUpEndsThePullAndTheNextContinues() async throws {
    let hub = try PinnedHub(isHolding: true)
    // The model, and what a pull leaves free.
    let disk = try SmallDisk(megabytes: 96)
    let model = disk.path + "/model"
    async let pulled = pull(into: model, hub)
    await hub.isHalfway()
    try disk.fill()
    hub.release()
    let run = try await pulled
    #expect(run.status == 1)
    #expect(run.errors.contains("No space left") || run.errors.contains("space"), "\(run.errors)")
    #expect(run.errors.contains("model.pth"), "\(run.errors)")
    #expect(try listing(model).allSatisfy { $0 != "model.pth" && $0 != "speechbus-model.json" })
    disk.empty()
    #expect(try await pull(into: model, hub).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: model + "/model.pth")) == PinnedHub.content("model.pth"))
    #expect(try listing(model).allSatisfy { !$0.hasSuffix(".part") })
  }

  private struct Answer: Decodable {
    var error: SpeechError
  }

  @Test func aServiceThatStillFetchesSaysSoAndWhenToComeAgain() async throws {
    let broker = try await PrivateBroker.shared()
    let hub = try PinnedHub(isHolding: true)
    let model = folder.appending(path: "model").path
    let service = try await ServiceProcess(
      broker: broker.url,
      settings: try hub.settings(folder).merging(["XTTS_MODEL_DIR": model, "SPEECHBUS_QUEUE": "fetching"]) { $1 },
      waitsUntilReady: false)
    await hub.isHalfway()
    let refused = try await service.post("api/v1/tts/synthesize", ["text": "Too early."])
    #expect(refused.status == 503)
    let error = try JSONDecoder().decode(Answer.self, from: refused.body).error
    #expect(error.code == .modelUnavailable && error.isRetryable)
    #expect(refused.retryAfter.flatMap(Int.init).map { $0 > 0 } == true)
    #expect(try await service.get("health/ready").status == 503)
    #expect(try await service.get("health/live").status == 200)
    let health = try JSONDecoder().decode(HealthReport.self, from: try await service.get("health").body)
    #expect(health.status == .starting && health.components["model"] == "downloading")

    hub.release()
    try await service.waitUntilReady()
    #expect(try await service.post("api/v1/tts/synthesize", ["text": "In time."]).status == 200)
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
  }
}
