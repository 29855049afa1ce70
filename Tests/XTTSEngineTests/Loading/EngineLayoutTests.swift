import Checkpoint
import Downloads
import Foundation
import SpeechCore
import TestSupport
import Testing
import XTTSModel

@testable import XTTSEngine

extension EngineRuns {
  /// One model in every layout that there is: each loads, and says the same.
  @Suite struct EngineLayoutTests {
    enum Layout: String, CaseIterable, Sendable {
      case plainFolder, snapshotOfLinks, trainersFineTune, safetensors
    }

    @Test(arguments: Layout.allCases) func speaksTheSame(layout: Layout) async throws {
      let root = FileManager.default.temporaryDirectory.appending(path: "layout-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: root) }
      let folder = try make(layout, in: root)
      let found = try ModelDirectory(path: folder.path)
      var options = EngineOptions()
      options.device = "cpu"
      options.threads = 1
      let files = ModelFiles(
        weights: found.weightsPath, configuration: found.configurationPath, vocabulary: found.vocabularyPath,
        speakers: found.speakersPath)
      let engine = try await XTTSEngine.load(files, identify: { SmallModel.identity }, options: options)
      let reference = try await SmallModel.engine()
      let heard = try await engine.hear(engine.job("Said in every layout."))
      #expect(!heard.samples.isEmpty)
      #expect(try await heard == reference.hear(reference.job("Said in every layout.")))
    }

    private func make(_ layout: Layout, in root: URL) throws -> URL {
      let source = URL(fileURLWithPath: try SmallModel.directory.get())
      let files = FileManager.default
      let folder = layout == .snapshotOfLinks ? root.appending(path: "snapshots/0123") : root
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      for name in ["config.json", "vocab.json", "speakers_xtts.pth", "model.pth"] {
        let original = source.appending(path: name)
        if layout == .snapshotOfLinks {
          let blobs = root.appending(path: "blobs")
          try files.createDirectory(at: blobs, withIntermediateDirectories: true)
          try files.copyItem(at: original, to: blobs.appending(path: "of-" + name))
          try files.createSymbolicLink(
            atPath: folder.appending(path: name).path, withDestinationPath: "../../blobs/of-" + name)
        } else if name != "model.pth" || layout == .plainFolder {
          try files.copyItem(at: original, to: folder.appending(path: name))
        }
      }
      let tensors = try Checkpoint.open(source.appending(path: "model.pth").path).tensors(under: "model")
        .sorted { $0.key < $1.key }
      if layout == .safetensors {
        try SafetensorsWriter.write(
          tensors.map { ($0.key, TensorSource($0.value)) }, to: folder.appending(path: "model.safetensors").path)
      }
      if layout == .trainersFineTune {
        var values = tensors.map { ("xtts." + Self.olderName($0.key), TorchValue.tensor(TensorSource($0.value))) }
        values.append(("xtts.dvae.encoder.weight", .tensor(TensorSource(floats: [1, 2], shape: [2]))))
        let moments = TorchValue.dictionary([("exp_avg", .tensor(TensorSource(floats: [0], shape: [1])))])
        try TorchZipWriter.write(
          .dictionary([
            ("config", .dictionary([("run_name", .string("fine"))])), ("model", .orderedDictionary(values)),
            ("optimizer", .dictionary([("state", moments)])), ("step", .int(1000)),
          ]), to: folder.appending(path: "best_model.pth").path)
      }
      return folder
    }

    private static func olderName(_ name: String) -> String {
      name.replacing("parametrizations.weight.original0", with: "weight_g")
        .replacing("parametrizations.weight.original1", with: "weight_v")
    }
  }
}
