/// What reading a file may allocate, whatever the file says: twice its size and ``constantByteCount``, and never over
/// ``maximumByteCount``. Readers take from it before they allocate, so that a file of a few kilobytes can't cost megabytes.
public struct ReadingAllowance: Sendable {
  /// For tables of a few entries, which a small file needs too.
  public static let constantByteCount = 48 << 10

  /// The 963 tensors of XTTS take 1 MB.
  public static let maximumByteCount = 256 << 20

  private var rest: Int

  public init(fileByteCount: Int) {
    rest = min(2 * min(max(fileByteCount, 0), Self.maximumByteCount) + Self.constantByteCount, Self.maximumByteCount)
  }

  /// - Parameter what: needs the bytes; for the error.
  /// - Throws: `limitExceeded` when they are not left.
  public mutating func take(_ byteCount: Int, for what: String) throws(CheckpointError) {
    guard byteCount <= rest else {
      throw CheckpointError(.limitExceeded, "has a \(what) that needs more memory than a file of its size may")
    }
    rest -= byteCount
  }
}
