import Checkpoint
import Synchronization

/// The tensors of a `model.pth`, by their names in the published model. Every access states the expected shape.
///
/// Fine-tunes of the upstream trainer are accepted too. Their keys start with `xtts.`, and their additional parts,
/// which only training needs, are ignored.
public final class ModelWeights: Sendable {
  private let tensors: [String: StoredTensor]
  private let path: String
  /// The format of the file: `torch zip` or `safetensors`.
  public let format: String
  /// Whether the names have the prefix of the Coqui trainer.
  public let isTrainersOutput: Bool
  private let used = Mutex<Set<String>>([])

  /// Parts for training that upstream ignores when it loads a model.
  private static let ignoredParts: Set<String> = [
    "torch_mel_spectrogram_style_encoder", "torch_mel_spectrogram_dvae", "dvae",
  ]

  /// - Throws: ``ModelError`` `unreadable` when the file is not a readable checkpoint.
  public convenience init(path: String) throws(ModelError) {
    do throws(CheckpointError) {
      let file = try Checkpoint.open(path)
      self.init(tensors: try file.tensors(under: "model"), path: path, format: file.format.rawValue)
    } catch {
      throw ModelError(.unreadable, error.description)
    }
  }

  init(tensors stored: [String: StoredTensor], path: String, format: String = "memory") {
    var tensors: [String: StoredTensor] = [:]
    for (key, tensor) in stored {
      let name = key.hasPrefix("xtts.") ? String(key.dropFirst("xtts.".count)) : key
      let part = name.prefix { $0 != "." }
      if !Self.ignoredParts.contains(String(part)) { tensors[name] = tensor }
    }
    self.tensors = tensors
    self.path = path
    self.format = format
    isTrainersOutput = stored.keys.contains { $0.hasPrefix("xtts.") }
  }

  /// All names, sorted.
  public var names: [String] { tensors.keys.sorted() }

  /// Whether the file has a tensor with this name.
  public func contains(_ name: String) -> Bool { tensors[name] != nil }

  /// The shape of a required tensor.
  /// - Throws: ``ModelError`` `inconsistent`, naming the missing tensor.
  public func shape(of name: String) throws(ModelError) -> [Int] {
    guard let tensor = tensors[name] else { throw missing(name, expected: nil) }
    return tensor.shape
  }

  /// A tensor with a checked shape; nil stands for a size that the tensor itself determines.
  /// - Throws: ``ModelError`` `inconsistent`, naming the tensor and both shapes.
  public func stored(_ name: String, _ expected: [Int?]) throws(ModelError) -> StoredTensor {
    guard let tensor = tensors[name] else { throw missing(name, expected: expected) }
    let fits = tensor.shape.count == expected.count && zip(tensor.shape, expected).allSatisfy { $1 == nil || $0 == $1 }
    guard fits, !tensor.shape.contains(0) else {
      throw ModelError(
        .inconsistent,
        "\(path): tensor \(name) has shape \(tensor.shape), expected \(Self.text(expected)) by config.json")
    }
    guard tensor.scalarType.isFloatingPoint else {
      throw ModelError(
        .inconsistent, "\(path): tensor \(name) holds \(tensor.scalarType.rawValue), expected floating point")
    }
    used.withLock { _ = $0.insert(name) }
    return tensor
  }

  /// The number of consecutive `name.0`, `name.1`, … for which a tensor `name.N.suffix` exists.
  func count(of name: String, suffixes: [String]) -> Int {
    var count = 0
    while suffixes.contains(where: { tensors["\(name).\(count).\($0)"] != nil }) { count += 1 }
    return count
  }

  /// Checks that all tensors of the model were read. An unread tensor means that the configuration describes a smaller
  /// model than the file holds.
  /// - Parameter part: a part that is not created yet; its tensors are not checked.
  func checkAllUsed(besides part: String? = nil) throws(ModelError) {
    let used = used.withLock { $0 }
    let extra = tensors.keys.filter { name in
      !used.contains(name) && Self.isNeeded(name) && !(part.map { name.hasPrefix("\($0).") } ?? false)
    }.sorted()
    guard let first = extra.first else { return }
    let shape = tensors[first]?.shape ?? []
    throw ModelError(
      .inconsistent,
      "\(path): tensor \(first) of shape \(shape) (and \(extra.count - 1) more) has no place in the model that "
        + "config.json describes")
  }

  /// False for tensors that synthesis does not need: training's text head, the copy of the GPT in version 1 files,
  /// counters, masks, and the speaker encoder's constants, which are missing from older files.
  private static func isNeeded(_ name: String) -> Bool {
    let unneeded = ["gpt.text_head.", "gpt.gpt_inference.", "gpt.gpt.wte.", "gpt.mel_layer_pos", "gpt.text_layer_pos"]
    let counters = [".num_batches_tracked", ".attn.bias", ".attn.masked_bias"]
    guard name.hasPrefix("gpt.") || name.hasPrefix("hifigan_decoder.") else { return false }
    return !unneeded.contains(where: name.hasPrefix) && !counters.contains(where: name.hasSuffix)
  }

  private func missing(_ name: String, expected: [Int?]?) -> ModelError {
    let shape = expected.map { ", expected with shape \(Self.text($0)) by config.json" } ?? ""
    return ModelError(.inconsistent, "\(path): tensor \(name) is missing\(shape)")
  }

  private static func text(_ shape: [Int?]) -> String {
    "[" + shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ") + "]"
  }
}
