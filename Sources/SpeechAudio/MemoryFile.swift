import CSndfile
import Foundation

/// A file in memory with libsndfile's virtual I/O. Only one thread at a time may use it.
final class MemoryFile {
  private(set) var bytes: [UInt8]
  private var position = 0
  /// Bytes below this offset were returned by ``drain()``. Later rewrites of them are ignored, because they were
  /// already sent.
  private var drained = 0

  init(_ data: Data = Data()) {
    bytes = [UInt8](data)
  }

  /// The bytes written since the last call.
  func drain() -> Data {
    defer { drained = bytes.count }
    return Data(bytes[drained...])
  }

  static var callbacks: SF_VIRTUAL_IO {
    SF_VIRTUAL_IO(
      get_filelen: { MemoryFile.file(at: $0)?.length ?? -1 },
      seek: { MemoryFile.file(at: $2)?.seek(to: $0, whence: $1) ?? -1 },
      read: { MemoryFile.file(at: $2)?.read(into: $0, count: $1) ?? 0 },
      write: { MemoryFile.file(at: $2)?.write(from: $0, count: $1) ?? 0 },
      tell: { sf_count_t(MemoryFile.file(at: $0)?.position ?? -1) })
  }

  private static func file(at context: UnsafeMutableRawPointer?) -> MemoryFile? {
    context.map { Unmanaged<MemoryFile>.fromOpaque($0).takeUnretainedValue() }
  }

  private var length: sf_count_t { sf_count_t(bytes.count) }

  private func seek(to offset: sf_count_t, whence: CInt) -> sf_count_t {
    let base =
      switch whence {
      case SEEK_SET: 0
      case SEEK_CUR: position
      default: bytes.count
      }
    let (target, overflow) = base.addingReportingOverflow(Int(offset))
    guard !overflow, (0...bytes.count).contains(target) else { return -1 }
    position = target
    return sf_count_t(target)
  }

  private func read(into buffer: UnsafeMutableRawPointer?, count: sf_count_t) -> sf_count_t {
    let available = min(Int(count), bytes.count - position)
    guard let buffer, available > 0 else { return 0 }
    UnsafeMutableRawBufferPointer(start: buffer, count: available).copyBytes(
      from: bytes[position..<position + available])
    position += available
    return sf_count_t(available)
  }

  private func write(from buffer: UnsafeRawPointer?, count: sf_count_t) -> sf_count_t {
    guard let buffer, count > 0 else { return 0 }
    let new = UnsafeRawBufferPointer(start: buffer, count: Int(count))
    let overlap = min(new.count, bytes.count - position)
    bytes.replaceSubrange(position..<position + overlap, with: new)
    position += new.count
    return count
  }
}
