import CKernels
import Checkpoint
import Dispatch
import Foundation
import Synchronization

/// ``PackedWeights`` on disk: a safetensors file of pieces, each with a checksum, and with the checkpoint and the
/// kernels that it belongs to. A file that is outdated, truncated or changed in any byte is refused; it never leads to
/// wrong audio.
///
/// The file is copied into memory of huge pages and not mapped. Its bytes are read once to check them anyway, every
/// decode step reads them all, and later changes of the file then have no effect.
public struct PackedWeightsFile: Sendable {
  /// The path of the file, which need not exist.
  public let path: String

  /// The file at a path.
  public init(path: String) { self.path = path }

  /// Increased when the kind or order of the parts in the memories changes.
  private static let version = "1"
  private static let pieceByteCount = 4 << 20
  private static let checksumsName = "checksums"
  /// The space that stays free on the file system: 256 MiB.
  private static let spareByteCount = 256 << 20

  /// - Parameters:
  ///   - modelDigest: SHA-256 of the checkpoint.
  /// - Throws: ``CheckpointError`` with the reason why the file can't be used; usually it does not exist.
  public func read(modelDigest: String, form: PackedWeights.Form) throws(CheckpointError) -> PackedWeights {
    let file = try Checkpoint.open(path)
    guard file.format == .safetensors, file.metadata == Self.metadata(modelDigest, form) else {
      throw CheckpointError(.unsupported, "was made from another model, or for other kernels", file: path)
    }
    let tensors = try file.tensors(under: "model")
    guard let sums = tensors[Self.checksumsName] else {
      throw CheckpointError(.missing, "has no checksums", file: path)
    }
    let parts = ["decoder", "vocoder"].map { Self.pieces(of: $0, in: tensors) }
    let checksums = try sums.integers()
    guard checksums.count == parts.reduce(0, { $0 + $1.count }), checksums.count == tensors.count - 1 else {
      throw CheckpointError(.malformed, "has \(checksums.count) checksums for \(tensors.count - 1) pieces", file: path)
    }
    var memories: [KernelMemory] = []
    var rest = checksums[...]
    for part in parts {
      memories.append(try Self.read(part, checksums: Array(rest.prefix(part.count)), path: path))
      rest = rest.dropFirst(part.count)
    }
    return PackedWeights(decoder: memories[0], vocoder: memories[1])
  }

  /// Writes the file atomically.
  public func write(_ weights: PackedWeights, modelDigest: String, form: PackedWeights.Form) throws(CheckpointError) {
    removeRemains()
    try checkSpace(weights.byteCount)
    var tensors: [(name: String, source: TensorSource)] = []
    var checksums: [Int] = []
    for (name, memory) in [("decoder", weights.decoder), ("vocoder", weights.vocoder)] {
      for (index, start) in stride(from: 0, to: memory.contents.count, by: Self.pieceByteCount).enumerated() {
        let range = start..<min(start + Self.pieceByteCount, memory.contents.count)
        checksums.append(Int(bitPattern: UInt(FastChecksum.of(.init(rebasing: memory.contents[range])))))
        let source = TensorSource(.uint8, shape: [range.count]) { [weights] bytes in
          let memory = name == "decoder" ? weights.decoder : weights.vocoder
          bytes.copyMemory(from: .init(rebasing: memory.contents[range]))
        }
        tensors.append((Self.pieceName(name, index), source))
      }
    }
    tensors.append((Self.checksumsName, TensorSource(integers: checksums, shape: [checksums.count])))
    try SafetensorsWriter.write(tensors, metadata: Self.metadata(modelDigest, form), to: path)
  }

  private static func metadata(_ modelDigest: String, _ form: PackedWeights.Form) -> [String: String] {
    [
      "format": "speechbus packed weights \(version)", "model_sha256": modelDigest,
      "precision": form.precision.rawValue, "instruction_set": form.instructionSet.rawValue,
      "layout": String(form.layout, radix: 16),
    ]
  }

  private static func pieceName(_ part: String, _ index: Int) -> String { "\(part).\(index)" }

  private static func pieces(of part: String, in tensors: [String: StoredTensor]) -> [StoredTensor] {
    var pieces: [StoredTensor] = []
    while let piece = tensors[pieceName(part, pieces.count)] { pieces.append(piece) }
    return pieces
  }

  /// Copies and checks the pieces on all cores.
  private static func read(
    _ pieces: [StoredTensor], checksums: [Int], path: String
  ) throws(CheckpointError) -> KernelMemory {
    let memory: KernelMemory
    do throws(ModelError) {
      memory = try KernelMemory(
        byteCount: pieces.reduce(0) { $0 + $1.byteCount }, pages: CK_HUGE_PAGES, isFilled: true)
    } catch {
      throw CheckpointError(.unreadable, error.message, file: path)
    }
    var targets: [UnsafeMutableRawBufferPointer] = []
    var start = 0
    for piece in pieces {
      targets.append(.init(rebasing: memory.bytes[start..<(start + piece.byteCount)]))
      start += piece.byteCount
    }
    let failure = Mutex<CheckpointError?>(nil)
    // Each iteration writes its own part of the memory.
    nonisolated(unsafe) let parts = targets
    DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
      do throws(CheckpointError) {
        try pieces[index].read(into: parts[index])
        let sum = Int(bitPattern: UInt(FastChecksum.of(UnsafeRawBufferPointer(parts[index]))))
        guard sum == checksums[index] else {
          throw CheckpointError(.malformed, "is damaged", file: path, tensor: pieces[index].name)
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return memory
  }

  /// Removes unfinished files of writers that were killed.
  private func removeRemains() {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(url.lastPathComponent + ".") && name.hasSuffix(".partial") {
      var status = stat()
      let remains = folder + "/" + name
      // A writer needs seconds, so a younger file may still be in use.
      if stat(remains, &status) == 0, time(nil) - status.st_mtim.tv_sec > 600 { unlink(remains) }
    }
  }

  private func checkSpace(_ byteCount: Int) throws(CheckpointError) {
    var status = statvfs()
    guard statvfs(URL(fileURLWithPath: path).deletingLastPathComponent().path, &status) == 0 else { return }
    let (free, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: status.f_frsize))
    guard overflow || free >= byteCount + Self.spareByteCount else {
      throw CheckpointError(.unwritable, "would need \(byteCount) bytes, and there is little room left", file: path)
    }
  }
}
