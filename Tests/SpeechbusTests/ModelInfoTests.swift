import Checkpoint
import Foundation
import TestSupport
import Testing

/// `model info` on the layouts that models come in, all made of the demo model.
@Suite(.timeLimit(.minutes(2)))
struct ModelInfoTests {
  private struct Report: Decodable {
    struct File: Decodable {
      var path: String
      var bytes: Int
      var sha256: String
    }

    var layout: String
    var format: String
    var repo: String?
    var revision: String?
    var files: [File]
    var layers: Int
    var languages: [String]
    var unavailable_languages: [String: String]
    var speakers: [String]
  }

  private static let others = ["config.json", "vocab.json", "speakers_xtts.pth"]
  private let folder: URL
  private let demo = ServiceProcess.modelDirectory

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "speechbus-info-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func info(_ directory: URL) async throws -> Report {
    let run = try await CommandRun(["model", "info", "--json", "--model-dir", directory.path], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Report.self, from: run.output)
  }

  private func copy(_ names: [String], to directory: URL) throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for name in names {
      try FileManager.default.copyItem(at: demo.appending(path: name), to: directory.appending(path: name))
    }
  }

  /// The demo model's tensors under other names.
  private func tensors(_ rename: (String) -> String) throws -> [(name: String, source: TensorSource)] {
    try Checkpoint.open(demo.appending(path: "model.pth").path).tensors(under: "model")
      .sorted { $0.key < $1.key }
      .map { (rename($0.key), TensorSource($0.value)) }
  }

  private func expectTheDemo(_ report: Report) {
    #expect(report.layers == 3 && report.speakers.count == 3, "\(report)")
    #expect(
      Set(report.languages).union(report.unavailable_languages.keys).count == 17 && report.speakers.count == 3,
      "\(report)")
    #expect(report.files.allSatisfy { $0.bytes > 0 && $0.sha256.count == 64 })
  }

  @Test func aPlainFolder() async throws {
    try copy(Self.others + ["model.pth"], to: folder.appending(path: "plain"))
    let report = try await info(folder.appending(path: "plain"))
    expectTheDemo(report)
    #expect(report.layout == "plain folder" && report.format == "torch zip" && report.repo == nil)
  }

  @Test func aFolderThatWasFetched() async throws {
    let hub = try PinnedHub(isHolding: false)
    let model = folder.appending(path: "fetched")
    let pull = try await CommandRun(
      ["model", "pull", "--model-dir", model.path], in: folder, settings: try hub.settings(folder))
    #expect(pull.status == 0, "\(pull.errors)")
    let report = try await info(model)
    expectTheDemo(report)
    #expect(report.layout == "fetched by model pull" && report.repo == "coqui/XTTS-v2")
    #expect(report.revision?.count == 40)
  }

  @Test func aSnapshotOfLinksInACache() async throws {
    let cache = folder.appending(path: "hub/models--someone--voice")
    let commit = String(repeating: "ab", count: 20)
    let snapshot = cache.appending(path: "snapshots/\(commit)")
    try copy(Self.others + ["model.pth"], to: cache.appending(path: "blobs"))
    try FileManager.default.createDirectory(at: snapshot, withIntermediateDirectories: true)
    for name in Self.others + ["model.pth"] {
      try FileManager.default.createSymbolicLink(
        atPath: snapshot.appending(path: name).path, withDestinationPath: "../../blobs/\(name)")
    }
    let report = try await info(snapshot)
    expectTheDemo(report)
    #expect(report.layout == "Hugging Face cache" && report.repo == "someone/voice" && report.revision == commit)
    #expect(report.files.first?.bytes == (try PinnedHub.content("model.pth").count))
  }

  @Test func aFineTuneByTheTrainer() async throws {
    let model = folder.appending(path: "tuned")
    try copy(["config.json", "vocab.json"], to: model)
    // As older trainers stored it: a prefix, the older weight norm, and what only training needs.
    var entries = try tensors { name in
      "xtts."
        + name.replacing("parametrizations.weight.original0", with: "weight_g")
        .replacing("parametrizations.weight.original1", with: "weight_v")
    }.map { (key: $0.name, value: TorchValue.tensor($0.source)) }
    entries.append(("xtts.dvae.codebook.embed", .tensor(TensorSource(floats: [1, 2], shape: [2]))))
    try TorchZipWriter.write(
      .dictionary([("config", .dictionary([])), ("model", .orderedDictionary(entries)), ("step", .int(100))]),
      to: model.appending(path: "best_model.pth").path)
    let report = try await info(model)
    #expect(report.layers == 3 && report.speakers.isEmpty)
    #expect(report.format == "torch zip, a fine-tune by the Coqui trainer")
    #expect(report.files.first?.path.hasSuffix("best_model.pth") == true)
  }

  @Test func safetensorsOfTheSameNames() async throws {
    let model = folder.appending(path: "safe")
    try copy(Self.others, to: model)
    try SafetensorsWriter.write(
      try tensors { $0 }, metadata: ["format": "pt"], to: model.appending(path: "model.safetensors").path)
    let report = try await info(model)
    expectTheDemo(report)
    #expect(report.format == "safetensors" && report.layout == "plain folder")
  }
}
