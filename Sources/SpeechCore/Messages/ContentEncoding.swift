import CZlib
import Foundation

/// The compression of a body, as HTTP's `Content-Encoding` and AMQP's `content_encoding` name it.
public enum ContentEncoding: Sendable {
  case identity, gzip, deflate

  public enum Failure: Error, Equatable {
    /// The body is not compressed so, or it is cut.
    case malformed
    /// The unpacked body is larger than allowed.
    case tooLarge
    /// There is no memory for the unpacked body.
    case noMemory
  }

  /// - Parameter name: in any case; a character set, which some AMQP clients send, is no compression.
  /// - Returns: nil for others.
  public init?(_ name: String?) {
    switch name?.trimmingCharacters(in: .whitespaces).lowercased() {
    case nil, "", "identity", "utf-8", "utf8", "binary": self = .identity
    case "gzip", "x-gzip": self = .gzip
    case "deflate": self = .deflate
    default: return nil
    }
  }

  /// Unpacks a body. At most `maximumBytes` are ever produced, however small the body is.
  /// - Parameter reserve: called with the total size before the result grows to it; false ends the work.
  public func unpacked(
    _ body: Data, maximumBytes: Int, reserve: (Int) -> Bool = { _ in true }
  ) throws(Failure) -> Data {
    switch self {
    case .identity: return body
    // 32 more: the header says whether it is gzip or zlib, which clients confuse.
    case .gzip: return try Self.inflated(body, windowBits: MAX_WBITS + 32, maximumBytes, reserve)
    case .deflate:
      do {
        return try Self.inflated(body, windowBits: MAX_WBITS + 32, maximumBytes, reserve)
      } catch {
        // Some clients send the bare stream, without the header of zlib that HTTP requires.
        guard error == .malformed else { throw error }
        return try Self.inflated(body, windowBits: -MAX_WBITS, maximumBytes, reserve)
      }
    }
  }

  private static func inflated(
    _ body: Data, windowBits: Int32, _ maximumBytes: Int, _ reserve: (Int) -> Bool
  ) throws(Failure) -> Data {
    var stream = z_stream()
    guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw .noMemory
    }
    defer { inflateEnd(&stream) }
    var result = Data()
    var input = [UInt8](body)
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    let failure = input.withUnsafeMutableBufferPointer { input -> Failure? in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(clamping: input.count)
      var status = Z_OK
      while status == Z_OK {
        let count = piece.withUnsafeMutableBufferPointer { piece -> Int in
          stream.next_out = piece.baseAddress
          stream.avail_out = UInt32(piece.count)
          status = inflate(&stream, Z_NO_FLUSH)
          return piece.count - Int(stream.avail_out)
        }
        guard result.count + count <= maximumBytes else { return .tooLarge }
        guard reserve(result.count + count) else { return .noMemory }
        result.append(contentsOf: piece[..<count])
      }
      return status == Z_STREAM_END ? nil : .malformed
    }
    if let failure { throw failure }
    return result
  }
}
