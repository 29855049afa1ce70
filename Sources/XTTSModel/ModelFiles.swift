import Foundation

/// The paths of a model's files.
public struct ModelFiles: Sendable, Equatable {
  /// `model.pth`, or the file that takes its place.
  public var weights: String
  /// `config.json`.
  public var configuration: String
  /// `vocab.json`.
  public var vocabulary: String
  /// `speakers_xtts.pth`; nil for a model without built-in speakers.
  public var speakers: String?

  /// The files at the given paths.
  public init(weights: String, configuration: String, vocabulary: String, speakers: String?) {
    self.weights = weights
    self.configuration = configuration
    self.vocabulary = vocabulary
    self.speakers = speakers
  }

  /// The files of a folder in the published layout.
  public init(directory: String) {
    let path = { (name: String) in URL(fileURLWithPath: directory).appendingPathComponent(name).path }
    self.init(
      weights: path("model.pth"), configuration: path("config.json"), vocabulary: path("vocab.json"),
      speakers: path("speakers_xtts.pth"))
  }
}
