import Checkpoint

/// A table of float32 rows. Rows are read from the mapped file if it holds float32.
struct EmbeddingTable: Sendable {
  private enum Storage: Sendable {
    case mapped(StoredTensor)
    case converted([Float])
  }

  let rowCount: Int
  let width: Int
  private let storage: Storage

  /// - Parameter stored: `[rows, width]`.
  init(_ stored: StoredTensor) throws(ModelError) {
    rowCount = stored.shape[0]
    width = stored.shape[1]
    if stored.scalarType == .float32, stored.isContiguous {
      storage = .mapped(stored)
    } else {
      do throws(CheckpointError) {
        storage = .converted(try stored.floats())
      } catch {
        throw ModelError(.unreadable, error.description)
      }
    }
  }

  /// Adds a row, `0 <= row < rowCount`, to `target[0 ..< width]`.
  func add(row: Int, to target: UnsafeMutableBufferPointer<Float>) {
    switch storage {
    case .mapped(let stored):
      stored.withUnsafeBytes { bytes in
        let start = row * width * MemoryLayout<Float>.size
        for column in 0..<width {
          let offset = start + column * MemoryLayout<Float>.size
          target[column] += bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
        }
      }
    case .converted(let values):
      values.withUnsafeBufferPointer { values in
        for column in 0..<width { target[column] += values[row * width + column] }
      }
    }
  }
}
