import SpeechCore

extension JSONValue {
  /// Reads the bytes of a model's file.
  /// - Throws: `malformed`.
  public init(modelFile bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    do throws(JSONError) {
      try self.init(parsing: bytes)
    } catch {
      throw CheckpointError(.malformed, error.message)
    }
  }

  /// Reads a JSON file.
  /// - Throws: `unreadable`, `limitExceeded` or `malformed`, each with the file's path.
  public init(path: String, maximumByteCount: Int) throws(CheckpointError) {
    do throws(CheckpointError) {
      let file = try MappedFile(path: path)
      guard file.byteCount <= maximumByteCount else {
        throw CheckpointError(.limitExceeded, "is over the limit of \(maximumByteCount >> 20) MiB")
      }
      defer { withExtendedLifetime(file) {} }
      try self.init(modelFile: file.bytes(0..<file.byteCount))
    } catch {
      throw error.inFile(path)
    }
  }
}
