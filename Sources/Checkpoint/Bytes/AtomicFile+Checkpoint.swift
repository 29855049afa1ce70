import SpeechCore

/// Writing with this module's errors.
extension AtomicFile {
  init(checkpoint path: String) throws(CheckpointError) {
    do throws(Failure) {
      try self.init(path: path)
    } catch {
      throw CheckpointError(.unwritable, "can't be created: \(error.reason)", file: path)
    }
  }

  mutating func add(_ bytes: [UInt8]) throws(CheckpointError) {
    do throws(Failure) {
      try append(bytes)
    } catch {
      throw CheckpointError(.unwritable, "can't be written: \(error.reason)")
    }
  }

  mutating func finish() throws(CheckpointError) {
    do throws(Failure) {
      try commit()
    } catch {
      throw CheckpointError(.unwritable, "can't be written: \(error.reason)")
    }
  }
}
