/// A weights file: a torch zip (`.pth`) or a safetensors file, identified by its first bytes.
///
/// The file is mapped, not read: opening costs its headers and the pickle only. The pickle is interpreted by an
/// allow-list that builds values and runs nothing.
public struct Checkpoint: Sendable {
  /// The format of the file.
  public enum Format: String, Sendable {
    case torchZip = "torch zip"
    case safetensors
  }

  /// The path that was opened.
  public let path: String
  /// The format, determined from the first bytes.
  public let format: Format
  /// The size of the file in bytes.
  public let byteCount: Int
  /// The content of the file; for safetensors a dictionary of its tensors.
  public let root: PickleValue
  /// The metadata of a safetensors header; empty for other files.
  public let metadata: [String: String]
  private let file: MappedFile

  /// Opens the file at `path`. The error names the problem, and the tensor where one is invalid.
  public static func open(_ path: String) throws(CheckpointError) -> Checkpoint {
    do throws(CheckpointError) {
      return try Checkpoint(try MappedFile(path: path))
    } catch {
      throw error.inFile(path)
    }
  }

  /// Reads a file that is in memory, as ``open(_:)`` does.
  /// - Parameter name: stands for the path in errors.
  public init(_ bytes: [UInt8], name: String) throws(CheckpointError) {
    do throws(CheckpointError) {
      self = try Checkpoint(try MappedFile(bytes, name: name))
    } catch {
      throw error.inFile(name)
    }
  }

  private init(_ file: MappedFile) throws(CheckpointError) {
    let isZip = try file.read(at: 0, count: min(4, file.byteCount), what: "first bytes") == ZipArchive.signature
    (root, metadata) = try isZip ? (TorchZip.read(file), [:]) : Safetensors.read(file)
    (path, format, byteCount) = (file.path, isZip ? .torchZip : .safetensors, file.byteCount)
    self.file = file
  }

  /// The tensors of the dictionary under `key` (`"model"` of a published checkpoint), by their names in the file.
  /// A file that is itself such a dictionary (safetensors, or a bare state dict) gives its own tensors.
  public func tensors(under key: String) throws(CheckpointError) -> [String: StoredTensor] {
    var tensors: [String: StoredTensor] = [:]
    if let dictionary = (root[key] ?? root).dictionaryValue {
      for case (let name, .tensor(let tensor)) in dictionary.entries { tensors[name] = tensor }
    }
    guard !tensors.isEmpty else {
      throw CheckpointError(.missing, "holds no tensors under '\(key)'", file: path)
    }
    return tensors
  }

  /// Asks the kernel to read the file ahead in the background, before its tensors are used one by one.
  public func prefetch() { file.prefetch() }
}
