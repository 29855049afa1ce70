/// A JSON file of a model.
public enum JSONFile {
  /// Calls `body` with the file's bytes: mapped, so that they take no memory of the process.
  /// - Throws: `unreadable`, `limitExceeded`, or what `body` throws; all with the file's path.
  public static func read<Result>(
    _ path: String, maximumByteCount: Int,
    _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    do throws(CheckpointError) {
      let file = try MappedFile(path: path)
      guard file.byteCount <= maximumByteCount else {
        throw CheckpointError(.limitExceeded, "is over the limit of \(maximumByteCount >> 20) MiB")
      }
      defer { withExtendedLifetime(file) {} }
      return try body(file.bytes(0..<file.byteCount))
    } catch {
      throw error.inFile(path)
    }
  }
}
