import Checkpoint

/// A table of float32 rows. Rows are read from the mapped file if it holds float32.
struct EmbeddingTable: Sendable {
  let rowCount: Int
  let width: Int
  private let stored: StoredTensor
  /// The values if the file holds another type.
  private let converted: [Float]?

  /// - Parameter stored: `[rows, width]`.
  init(_ stored: StoredTensor) throws(ModelError) {
    rowCount = stored.shape[0]
    width = stored.shape[1]
    self.stored = stored
    do throws(CheckpointError) {
      converted = stored.scalarType == .float32 && stored.isContiguous ? nil : try stored.floats()
    } catch {
      throw ModelError(.unreadable, error.description)
    }
  }

  /// Adds a row, `0 <= row < rowCount`, to `target[0 ..< width]`.
  func add(row: Int, to target: UnsafeMutableBufferPointer<Float>) {
    let add = { (bytes: UnsafeRawBufferPointer) in
      for column in 0..<width {
        let offset = (row * width + column) * MemoryLayout<Float>.size
        target[column] += bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
      }
    }
    if let converted { converted.withUnsafeBytes(add) } else { stored.withUnsafeBytes(add) }
  }
}
