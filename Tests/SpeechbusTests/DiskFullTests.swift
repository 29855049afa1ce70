import AMQPAdapter
import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

/// A small disk that is filled to its last byte while the service runs on it.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: SmallDisk.canBeMade, "mounting is not possible here"))
struct DiskFullTests {
  private struct Answer: Decodable {
    var error: SpeechError
  }

  /// Fills the space that the files of the database already occupy. Requests without text write an audit row each and
  /// need no synthesis, so this takes milliseconds per request.
  private func exhaustDatabase(_ service: ServiceProcess) async throws {
    for _ in 0..<5_000 {
      let status = try await service.post("api/v1/tts/synthesize", ["text": ""]).status
      guard status == 422 else { return #expect(status == 500) }
    }
    Issue.record("the database never became full")
  }

  private func refusal(_ service: ServiceProcess, stores: Bool) async throws -> (status: Int, error: SpeechError) {
    let answer = try await service.post("api/v1/tts/synthesize", ["text": "Full.", "store_generated_audio": stores])
    return (answer.status, try JSONDecoder().decode(Answer.self, from: answer.body).error)
  }

  @Test func aFullDiskRefusesUntilThereIsSpace() async throws {
    let broker = try await PrivateBroker.shared()
    let disk = try SmallDisk(megabytes: 8)
    let service = try await ServiceProcess(
      broker: broker.url,
      settings: [
        "SPEECHBUS_QUEUE": "full-disk", "SPEECHBUS_DATABASE": disk.path + "/speechbus.sqlite",
        "XTTS_STORE_DIR": disk.path + "/generated", "XTTS_VOICE_DIR": disk.path + "/voices",
      ])
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "full-disk"))
    let digest = try await client.synthesize(SynthesisRequest(text: "Room enough.")).sha256

    try disk.fill()
    try await exhaustDatabase(service)
    for stores in [true, false] {
      let refusal = try await refusal(service, stores: stores)
      #expect(refusal.status == 500)
      #expect(refusal.error.code == .internal && refusal.error.isRetryable)
    }
    #expect(try await service.get("health/live").status == 200)
    // Over the bus it is tried again after a pause, so the answer comes once there is room.
    let patient = Task {
      try await client.synthesize(SynthesisRequest(text: "Room enough."), options: RequestOptions(messageID: "patient"))
    }
    while try await service.metric("speechbus_retries_total") < 1 { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try await refusal(service, stores: false).status == 500)

    disk.empty()
    #expect(try await patient.value.sha256 == digest)
    let stored = try await service.post(
      "api/v1/tts/synthesize", ["text": "Room enough.", "store_generated_audio": true])
    #expect(stored.status == 200)
    #expect(try JSONDecoder().decode(SynthesisReply.self, from: stored.body).sha256 == digest)
    // Nothing half written is left of the audio that did not fit.
    let files = try FileManager.default.contentsOfDirectory(atPath: disk.path + "/generated")
    #expect(!files.isEmpty && files.allSatisfy { !$0.hasSuffix(DurableFile.temporarySuffix) })
    await client.close()
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)

    let verify = try await CommandRun(
      ["audit", "verify", "--database", disk.path + "/speechbus.sqlite"], in: service.directory)
    #expect(verify.status == 0)
  }
}

/// A file system in memory, mounted for one test and taken away with this value.
final class SmallDisk {
  struct Failure: Error {}

  let path: String
  private let ballast: String

  /// Whether this process may mount: tried once.
  static let canBeMade = (try? SmallDisk(megabytes: 1)) != nil

  init(megabytes: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-disk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
    ballast = folder.appendingPathComponent("ballast").path
    guard mount("speechbus-test", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      rmdir(path)
      throw Failure()
    }
  }

  func fill() throws {
    let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw Failure() }
    defer { close(descriptor) }
    for size in [65_536, 1_024, 1] {
      let block = [UInt8](repeating: 1, count: size)
      while write(descriptor, block, size) > 0 {}
    }
  }

  func empty() { unlink(ballast) }

  deinit {
    // Detached: a process that still has files open there keeps them until it ends.
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }
}
