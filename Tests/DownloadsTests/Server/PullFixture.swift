import Foundation
import Logging
import SpeechCore
import Synchronization

@testable import Downloads

/// A hub, a content network behind it, a manifest that pins what they serve, and an empty folder.
final class PullFixture: Sendable {
  static let names = ["config.json", "vocab.json", "model.pth", "speakers_xtts.pth", "LICENSE.txt"]
  static let linkedNames: Set<String> = ["model.pth", "speakers_xtts.pth"]

  /// Made once: bytes are slow to make in a debug build.
  private static let published: [String: [UInt8]] = {
    var files: [String: [UInt8]] = [:]
    for (name, count) in zip(names, [4368, 36_121, 2_400_007, 77_548, 401]) {
      files[name] = bytes(count, seed: UInt64(count))
    }
    return files
  }()

  let files = PullFixture.published
  let hub: HubServer
  let content: HubServer
  let folder: String
  let pauses = Mutex<[Duration]>([])

  /// Laid out like the published repository, with small files.
  static func start() async throws -> PullFixture {
    var repository = ServedRepository()
    repository.files = published
    repository.linked = linkedNames
    let content = try await HubServer.start(repository)
    repository.contentAddress = content.address
    let hub = try await HubServer.start(repository)
    let folder = FileManager.default.temporaryDirectory.appending(path: "hub-test-\(UUID().uuidString)").path
    return PullFixture(hub: hub, content: content, folder: folder)
  }

  private init(hub: HubServer, content: HubServer, folder: String) {
    self.hub = hub
    self.content = content
    self.folder = folder
  }

  /// Runs `body` with a fixture and removes it.
  static func with(_ body: (PullFixture) async throws -> Void) async throws {
    let fixture = try await start()
    let result: Result<Void, any Error>
    do {
      try await body(fixture)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    await fixture.hub.stop()
    await fixture.content.stop()
    try? FileManager.default.removeItem(atPath: fixture.folder)
    try result.get()
  }

  static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed &+ 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  /// The published names and revision, with the digests of the small files.
  func manifest(size: [String: Int] = [:]) throws -> HubManifest {
    let entries = Self.names.map { name in
      let content = files[name] ?? []
      return """
        {"path": "\(name)", "size": \(size[name] ?? content.count),
         "sha256": "\(SHA256.hash(data: content).hexadecimal)", "required": \(name != "LICENSE.txt")}
        """
    }
    let json = """
      {"version": 1, "repositories": [{"repo_id": "coqui/XTTS-v2",
       "revision": "6c2b0d75eae4b7047358e3b6bd9325f857d43f77", "license": "coqui-public-model-license",
       "files": [\(entries.joined(separator: ", "))]}]}
      """
    return try HubManifest(json: Data(json.utf8))
  }

  func configuration() throws -> HubConfiguration {
    var configuration = HubConfiguration()
    configuration.endpoint = try HubEndpoint(hub.address)
    configuration.hasAgreedToLicence = true
    configuration.manifest = try manifest()
    return configuration
  }

  /// A hub whose pauses are noted and not slept.
  func modelHub(_ change: (inout HubConfiguration) throws -> Void = { _ in }) throws -> ModelHub {
    var configuration = try configuration()
    try change(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    var modelHub = ModelHub(configuration: configuration, logger: logger)
    modelHub.pause = { duration in self.pauses.withLock { $0.append(duration) } }
    return modelHub
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Prints as a byte count.
  func onDisk(_ name: String) -> Data? {
    FileManager.default.contents(atPath: path(name))
  }

  func content(_ name: String) -> Data { Data(files[name] ?? []) }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
  }

  /// Where the part of a pinned file lies.
  func partName(_ name: String) -> String {
    "\(name).\(SHA256.hash(data: files[name] ?? []).hexadecimal.prefix(16)).part"
  }

  var listing: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Whether all files are there with the right bytes, and nothing else.
  var isWhole: Bool {
    files.allSatisfy { onDisk($0.key) == Data($0.value) } && listing == (Self.names + [ModelRecord.fileName]).sorted()
  }
}
