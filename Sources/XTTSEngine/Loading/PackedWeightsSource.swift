import Checkpoint
import XTTSModel

/// Files that may hold the packed weights of a checkpoint.
public struct PackedWeightsSource: Sendable {
  /// SHA-256 of the checkpoint.
  let modelDigest: String
  /// The file for a form's name; nil where there is none.
  let file: @Sendable (_ form: String) -> PackedWeightsFile?
  /// Told why the file is of no use, once, if it isn't.
  let onUseless: @Sendable (String) -> Void

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

/// Packed weights and what they are good for.
public struct FormedWeights: Sendable {
  public let weights: PackedWeights
  public let form: PackedWeights.Form
}
