import Checkpoint
import Foundation

/// Random weights with an 18th language: `vi` has its tag in `config.json` and a token in `vocab.json`.
enum VietnameseCheckpoint {
  /// - Parameter change: changes the usual dimensions.
  static func write(to folder: String, _ change: (inout XTTSDimensions) -> Void = { _ in }) throws {
    var dimensions = XTTSDimensions.small
    change(&dimensions)
    dimensions.textTokenCount += 1
    var checkpoint = RandomCheckpoint(dimensions)
    checkpoint.seed = 3
    checkpoint.typicalCodeCount = 30
    try checkpoint.write(to: folder)
    try edit(folder + "/config.json", #""languages": ["#, #""languages": ["vi", "zh", "#)
    let token = #"{"id": \#(dimensions.textTokenCount - 1), "content": "[vi]", "special": true, "normalized": false}"#
    try edit(folder + "/vocab.json", #""added_tokens": ["#, #""added_tokens": [\#(token),"#)
  }

  private static func edit(_ path: String, _ old: String, _ new: String) throws {
    try String(contentsOfFile: path, encoding: .utf8).replacing("<unused-0>", with: "[vi]").replacing(old, with: new)
      .write(toFile: path, atomically: true, encoding: .utf8)
  }
}
