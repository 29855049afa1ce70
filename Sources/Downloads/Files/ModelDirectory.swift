import Foundation

/// The paths of a model's files in a folder.
public struct ModelDirectory: Sendable, Equatable {
  /// The folder.
  public let path: String
  /// `model.pth`, or the file that takes its place (``weightsNames``).
  public let weightsPath: String
  /// `config.json`.
  public let configurationPath: String
  /// `vocab.json`.
  public let vocabularyPath: String
  /// The file of the built-in speakers; nil when there is none, as in some fine-tunes.
  public let speakersPath: String?

  /// Accepted names of the weights, in order of preference. The first is the published name, the last is the output of
  /// a Coqui trainer.
  static let weightsNames = ["model.pth", "model.safetensors", "best_model.pth"]
  /// Small files that every model needs.
  static let requiredNames = ["config.json", "vocab.json"]
  static let optionalNames = ["speakers_xtts.pth", "LICENSE.txt"]

  /// Finds the files in `path`. Throws `missingFile`; the message names the missing file and the remedy.
  public init(path: String) throws(DownloadError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      throw DownloadError(
        .missingFile, "there is no model directory at \(path); \(Self.advice)")
    }
    self.path = path
    weightsPath = try Self.find(Self.weightsNames + Self.trainersNames(in: path), in: path)
    configurationPath = try Self.find(["config.json"], in: path)
    vocabularyPath = try Self.find(["vocab.json"], in: path)
    speakersPath = try? Self.find(["speakers_xtts.pth"], in: path)
  }

  /// The identities of the four files; nil for a missing one. They are equal while no file was replaced or changed.
  public var identities: [FileIdentity?] {
    [weightsPath, configurationPath, vocabularyPath, speakersPath].map { path in
      path.flatMap { try? FileIdentity(ofFileAt: $0) }
    }
  }

  private static let advice =
    "set XTTS_MODEL_DIR to a folder with an XTTS-v2 checkpoint, or make one with `speechbus model pull` or "
    + "`speechbus model random DIR`"

  /// The weights of a Coqui trainer's folder: `best_model_2500.pth` before `checkpoint_2500.pth`, the highest step first.
  private static func trainersNames(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return ["best_model_", "checkpoint_"].compactMap { prefix in
      names.compactMap { name in
        name.hasPrefix(prefix) && name.hasSuffix(".pth") ? Int(name.dropFirst(prefix.count).dropLast(4)) : nil
      }.max().map { "\(prefix)\($0).pth" }
    }
  }

  private static func find(_ names: [String], in directory: String) throws(DownloadError) -> String {
    for name in names {
      let path = URL(fileURLWithPath: directory).appending(path: name).path
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue { return path }
    }
    throw DownloadError(.missingFile, "\(directory) has no \(names[0]); \(advice)")
  }
}
