import CKernels
import Foundation

/// The prompt of a slot, whose keys and values are in the cache. Codes follow it, so it stays until the next prompt.
struct HeldPrompt {
  /// `[rows, hidden]`, the prompt's own array.
  var values: [Float] = []
  /// The number of rows that went through the layers.
  var rowCount = 0

  /// The number of leading rows that are equal bit by bit.
  func sharedRows(with prompt: PromptEmbeddings, hiddenSize: Int, limit: Int) -> Int {
    let rowBytes = hiddenSize * MemoryLayout<Float>.stride
    return values.withUnsafeBytes { held in
      prompt.values.withUnsafeBytes { asked in
        guard let held = held.baseAddress, let asked = asked.baseAddress else { return 0 }
        var rows = 0
        while rows < min(rowCount, limit), memcmp(held + rows * rowBytes, asked + rows * rowBytes, rowBytes) == 0 {
          rows += 1
        }
        return rows
      }
    }
  }
}

extension KernelGPT {
  /// Reuses keys and values of the prompt's first rows that a slot already holds. A voice's latents come first in every
  /// prompt, so a recently used voice need not pass through the layers again. A row's keys and values depend only on
  /// the rows up to it, so the reused bytes equal the computed ones.
  ///
  /// - Returns: the number of rows, at most `limit`, that the slot now holds.
  func takeOverPrefix(of prompt: PromptEmbeddings, into slot: Int, limit: Int) -> Int {
    var best = (slot: slot, rows: 0)
    // The slot itself comes first, because its own rows need no copy.
    for candidate in [slot] + Array(heldPrompts.indices) {
      let rows = heldPrompts[candidate].sharedRows(with: prompt, hiddenSize: hiddenSize, limit: limit)
      if rows > best.rows { best = (candidate, rows) }
    }
    if best.slot != slot { cache.copy(rows: best.rows, from: best.slot, to: slot) }
    heldPrompts[slot] = HeldPrompt(values: prompt.values, rowCount: best.rows)
    return best.rows
  }
}

extension KernelCache {
  /// Copies the keys and values of the first positions of one slot to another.
  func copy(rows: Int, from source: Int, to target: Int) {
    let element = layout.type == CK_CACHE_FLOAT16 ? MemoryLayout<UInt16>.stride : MemoryLayout<Float>.stride
    let rowBytes = Int(layout.head_size) * element
    let headBytes = Int(layout.capacity) * rowBytes
    // Keys are stored in blocks of 16 positions.
    let keyBytes = (rows + 15) / 16 * 16 * rowBytes
    for layer in 0..<layerCount {
      let from = row(Place(slot: source, position: 0), layer: layer)
      let to = row(Place(slot: target, position: 0), layer: layer)
      guard let fromKeys = from.keys, let toKeys = to.keys, let fromValues = from.values, let toValues = to.values
      else { return }
      for head in 0..<Int(layout.heads) {
        let offset = head * headBytes
        (toKeys + offset).copyMemory(from: fromKeys + offset, byteCount: keyBytes)
        (toValues + offset).copyMemory(from: fromValues + offset, byteCount: rows * rowBytes)
      }
    }
  }
}
