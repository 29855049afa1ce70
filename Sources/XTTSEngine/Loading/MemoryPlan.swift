import Foundation
import Torch
import XTTSModel

/// The model's use of a GPU's memory in bytes, and the number of slots that fit.
struct MemoryPlan: Equatable {
  /// The tensors that stay on the device.
  var weights: Int
  /// The keys, values and results of one slot.
  var slot: Int
  var slots: Int

  /// Stays free for temporary tensors, libraries and recorded graphs: an allowance, not a measurement.
  static let working = 3 << 30
  /// The default number of slots, if the card has room for them.
  static let preferredSlots = 64

  /// - Parameters:
  ///   - tensors: names and sizes of the checkpoint's tensors.
  ///   - requested: the configured number of slots; nil for as many as fit.
  ///   - free: the free bytes of the card.
  /// - Throws: ``ModelError`` `backend` for a card that is too small.
  init(
    tensors: [(name: String, elements: Int)], configuration: XTTSConfiguration.GPT, slotCapacity: Int, dtype: DType,
    requested: Int?, free: Int
  ) throws(ModelError) {
    weights = tensors.reduce(0) { $0 + $1.elements * Self.bytesPerElement($1.name, dtype) }
    let cache = configuration.layerCount * 2 * configuration.hiddenSize * (slotCapacity + 1) * dtype.byteCount
    slot = cache + (configuration.hiddenSize + configuration.audioCodeCount) * 5
    let room = free - weights - Self.working
    slots = requested ?? min(Self.preferredSlots, room / max(1, slot))
    guard slots >= 1, room >= slots * slot else {
      throw ModelError(
        .backend,
        "the card is too small: weights \(Self.text(weights)), \(max(1, slots)) slots of \(Self.text(slot)) and "
          + "\(Self.text(Self.working)) to work in, but \(Self.text(free)) are free"
          + (requested == nil ? "" : "; set SPEECHBUS_SLOTS=auto or a smaller number"))
    }
  }

  var total: Int { weights + slots * slot + Self.working }

  /// One line for the operator.
  var summary: String {
    "memory: weights \(Self.text(weights)), cache \(Self.text(slots * slot)) (\(slots) slots of \(Self.text(slot))), "
      + "working room \(Self.text(Self.working)), together \(Self.text(total))"
  }

  /// The GPT's blocks and code tables are in its precision; text tables stay on the host.
  private static func bytesPerElement(_ name: String, _ dtype: DType) -> Int {
    if name.hasPrefix("gpt.text_") { return 0 }
    let inPrecision = ["gpt.gpt.h.", "gpt.mel_embedding.", "gpt.mel_pos_embedding."].contains(where: name.hasPrefix)
    return inPrecision ? dtype.byteCount : 4
  }

  static func text(_ bytes: Int) -> String {
    bytes >= 1 << 30
      ? String(format: "%.2f GiB", Double(bytes) / Double(1 << 30))
      : String(format: "%.1f MiB", Double(bytes) / Double(1 << 20))
  }
}
