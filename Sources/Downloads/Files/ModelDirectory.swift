import Foundation

/// The files of a model on disk.
public struct ModelDirectory: Sendable, Equatable {
  public let path: String
  /// `model.pth`, or what stands for it.
  public let weightsPath: String
  public let configurationPath: String
  public let vocabularyPath: String
  /// The built-in speakers; a fine-tune may have none.
  public let speakersPath: String?

  /// Names under which weights are found, the published one first; the last is a Coqui trainer's output.
  static let weightsNames = ["model.pth", "model.safetensors", "best_model.pth"]
  /// Small files that a model can't do without.
  static let requiredNames = ["config.json", "vocab.json"]
  static let optionalNames = ["speakers_xtts.pth", "LICENSE.txt"]

  /// Finds the files in `path`. Throws `missingFile`, naming what is missing and what to do.
  public init(path: String) throws(DownloadError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      throw DownloadError(
        .missingFile, "there is no model directory at \(path); \(Self.advice)")
    }
    self.path = path
    weightsPath = try Self.find(Self.weightsNames, in: path)
    configurationPath = try Self.find(["config.json"], in: path)
    vocabularyPath = try Self.find(["vocab.json"], in: path)
    speakersPath = try? Self.find(["speakers_xtts.pth"], in: path)
  }

  /// Of its files: equal while none of them was replaced or changed.
  public var identities: [FileIdentity?] {
    [weightsPath, configurationPath, vocabularyPath, speakersPath].map { path in
      path.flatMap { try? FileIdentity(ofFileAt: $0) }
    }
  }

  private static let advice =
    "set XTTS_MODEL_DIR to a folder with an XTTS-v2 checkpoint, or make one with `speechbus model pull` or "
    + "`speechbus model demo DIR`"

  private static func find(_ names: [String], in directory: String) throws(DownloadError) -> String {
    for name in names {
      let path = URL(fileURLWithPath: directory).appending(path: name).path
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue { return path }
    }
    throw DownloadError(.missingFile, "\(directory) has no \(names[0]); \(advice)")
  }
}
