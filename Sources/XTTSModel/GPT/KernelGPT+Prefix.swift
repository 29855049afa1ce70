import CKernels
import Foundation

/// The prompt that a slot's cache holds keys and values of. Codes lie behind it, so it stays until the next prompt.
struct HeldPrompt {
  /// `[rows, hidden]`, the prompt's own array.
  var values: [Float] = []
  /// Rows that went through the layers.
  var rowCount = 0

  /// Leading rows that are the same to the bit.
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
  /// Takes over what a slot already holds of the prompt's first rows: a voice's latents come first in every prompt, so
  /// a voice that was heard lately need not go through the layers again. A row's keys and values depend on nothing but
  /// the rows up to it, so these are the very bytes that computing them would give.
  ///
  /// - Returns: the rows, of at most `limit`, that the slot now holds.
  func takeOverPrefix(of prompt: PromptEmbeddings, into slot: Int, limit: Int) -> Int {
    var best = (slot: slot, rows: 0)
    // What the slot holds itself need not be copied.
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
    // Keys lie in blocks of 16 positions.
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
