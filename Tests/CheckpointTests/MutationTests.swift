import Checkpoint
import Foundation
import TestSupport
import Testing

/// Damages good files at random positions, reproducibly, and reads them. Every result must be a value or a
/// `CheckpointError`. `CHECKPOINT_MUTATIONS` sets the number of mutations per file, and thus the duration, for longer
/// runs.
@Suite struct MutationTests {
  let scratch: ScratchDirectory
  let count = ProcessInfo.processInfo.environment["CHECKPOINT_MUTATIONS"].flatMap(Int.init) ?? 400

  init() throws { scratch = try ScratchDirectory() }

  @Test func damagedTorchZipsNeverTrap() throws {
    let path = scratch.path("good.pth")
    try TorchZipWriter.write(
      .dictionary([
        (
          "model",
          .orderedDictionary([
            ("a", .tensor(TensorSource(floats: [1, 2, 3, 4], shape: [2, 2]))),
            ("b", .tensor(TensorSource(integers: [5], shape: []))),
          ])
        ),
        ("config", .object(module: "m", name: "C", attributes: [("x", .list([.int(1), .string("s")]))])),
      ]), to: path)
    try mutate(path, seed: 1)
  }

  /// The CRC check would keep most damage from the pickle reader, so the CRC is always correct here.
  @Test func damagedPicklesNeverTrap() throws {
    let good = RawPickle.tensor()
    var random = Generator(state: 2)
    for _ in 0..<count {
      let pickle = random.damage(good)
      let bytes = RawZip(pickle: pickle, storages: [[UInt8](repeating: 1, count: 16)]).bytes
      try read(try scratch.write(bytes))
    }
  }

  @Test func damagedSafetensorsNeverTrap() throws {
    let path = scratch.path("good.safetensors")
    try SafetensorsWriter.write(
      [("a", TensorSource(floats: [1, 2], shape: [2])), ("b", TensorSource(integers: [3], shape: [1]))],
      metadata: ["k": "v"], to: path)
    try mutate(path, seed: 3)
  }

  private func mutate(_ path: String, seed: UInt64) throws {
    let good = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    try read(path)
    var random = Generator(state: seed)
    for _ in 0..<count { try read(try scratch.write(random.damage(good), "damaged")) }
  }

  /// Opens the file and reads every value and every byte of its tensors.
  private func read(_ path: String) throws {
    do throws(CheckpointError) {
      visit(try Checkpoint.open(path).root)
    } catch {
      #expect(error.file == path)
    }
  }

  private func visit(_ value: PickleValue) {
    switch value {
    case .list(let elements): elements.forEach(visit)
    case .dictionary(let dictionary): dictionary.entries.forEach { visit($0.value) }
    case .record(let record): record.fields.entries.forEach { visit($0.value) }
    case .tensor(let tensor):
      let sum = tensor.withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } }
      #expect(sum >= 0)
      #expect((try? tensor.floats().count) ?? tensor.count == tensor.count)
    default: break
    }
  }
}

/// A small deterministic generator, so that a failing mutation can be repeated.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var mixed = state
    mixed = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ (mixed >> 32)
  }

  /// Applies one to four changes: a byte changed, a run overwritten with an extreme value, bytes removed, bytes
  /// repeated, the end cut off.
  mutating func damage(_ good: [UInt8]) -> [UInt8] {
    var bytes = good
    for _ in 0..<Int.random(in: 1...4, using: &self) where bytes.count > 8 {
      let position = Int.random(in: 0..<bytes.count, using: &self)
      let length = min(Int.random(in: 1...8, using: &self), bytes.count - position)
      switch Int.random(in: 0..<6, using: &self) {
      case 0, 1: bytes[position] = UInt8.random(in: 0...255, using: &self)
      case 2:
        let extreme: UInt8 = Bool.random(using: &self) ? 0xFF : 0x7F
        for index in position..<(position + length) { bytes[index] = extreme }
      case 3: bytes.removeSubrange(position..<(position + length))
      case 4: bytes.insert(contentsOf: bytes[position..<(position + length)], at: position)
      default: bytes.removeLast(min(length, bytes.count))
      }
    }
    return bytes
  }
}
