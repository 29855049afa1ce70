import Checkpoint
import XTTSModel

/// Files that may hold the packed weights of a checkpoint.
public struct PackedWeightsSource: Sendable {
  /// The SHA-256 of the checkpoint.
  let modelDigest: String
  /// The file for a form's name, or nil.
  let file: @Sendable (_ form: String) -> PackedWeightsFile?
  /// Called once with the reason if the file can't be used.
  let onUseless: @Sendable (String) -> Void

  /// A source of packed weights.
  public init(
    modelDigest: String, file: @escaping @Sendable (_ form: String) -> PackedWeightsFile?,
    onUseless: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.modelDigest = modelDigest
    self.file = file
    self.onUseless = onUseless
  }

  func read(_ form: PackedWeights.Form) -> PackedWeights? {
    guard let file = file(form.name) else { return nil }
    do throws(CheckpointError) {
      return try file.read(modelDigest: modelDigest, form: form)
    } catch {
      onUseless(error.description)
      return nil
    }
  }
}

/// Packed weights and their form.
public struct FormedWeights: Sendable {
  /// The weights.
  public let weights: PackedWeights
  /// The precision and the instruction set that they were packed for.
  public let form: PackedWeights.Form
}
