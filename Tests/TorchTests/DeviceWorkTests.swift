import Testing
import Torch

/// Work on a separate device. In these tests the CPU takes the place of a GPU, through the same calls.
@Suite struct DeviceWorkTests {
  @Test func replayedWorkReadsItsInputsAnew() throws {
    let input = try Tensor.zeros([3])
    let output = try Tensor.zeros([3])
    let work = try ReplayableWork(on: .cpu) { () throws(TorchError) in try output.copy(from: try input * 2) }
    for value: Float in [1, 5] {
      try input.copy(from: try Tensor.from([value, value, value]))
      try work.run()
      #expect(try output.floats() == [2 * value, 2 * value, 2 * value])
    }
  }

  @Test func streamsOfTheCPUWorkAtOnce() throws {
    let stream = try DeviceStream(on: .cpu)
    try stream.enter()
    let sum = try stream.run { () throws(TorchError) in try Tensor.from([1, 2]).sum(0) }
    let end = try DeviceEvent(on: .cpu)
    #expect(try end.isDone())
    try stream.synchronize()
    #expect(try sum.floats() == [3])
  }

  @Test func pinnedMemoryLendsItsElements() throws {
    let pinned = try Tensor.pinned([2, 2], dtype: .float64)
    try pinned.withUnsafeMutableElements(of: Double.self) { values in
      for index in values.indices { values[index] = Double(index) }
    }
    #expect(try pinned.floats() == [0, 1, 2, 3])
    let target = try Tensor.zeros([2], dtype: .float64)
    try target.copyWithoutWaiting(from: try pinned.narrowed(0, 1..<2).squeezed(0))
    #expect(try target.floats() == [2, 3])
    #expect(throws: TorchError.self) { try pinned.withUnsafeMutableElements(of: Float.self) { _ in } }
    #expect(throws: TorchError.self) { try target.copyWithoutWaiting(from: pinned) }
    #expect(throws: TorchError.self) {
      try pinned.transposed(0, 1).withUnsafeMutableElements(of: Double.self) { _ in }
    }
  }

  @Test func aMissingGPUIsSaidToBeMissing() throws {
    switch CUDAProbe.ofThisMachine {
    case .notBuilt, .unavailable: #expect(throws: TorchError.self) { try CUDADevice(index: 0) }
    case .devices(let count):
      #expect(count > 0)
      #expect(try CUDADevice(index: 0).totalBytes > 0)
    }
    #expect(throws: TorchError.self) { try CUDADevice(index: 126) }
  }

  @Test func cacheKeepsEachRowAtItsPosition() throws {
    // [2, slots 3, heads 1, positions 4, head size 1]
    let cache = try Tensor.zeros([2, 3, 1, 4, 1])
    let fresh = try Tensor.from([1, 2, 3, 4], shape: [2, 2, 1, 1])
    let positions = try Tensor.from(integers: [3, 0], shape: [2])
    try cache.writeCache(fresh, firstSlot: 1, positions: positions)
    #expect(
      try cache.floats() == [
        0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0,
      ])
    let prompt = try Tensor.from([5, 6, 7, 8], shape: [2, 1, 1, 2, 1])
    try cache.fillCache(prompt, slots: try Tensor.from(integers: [0], shape: [1]))
    #expect(try cache.narrowed(1, 0..<1).floats() == [5, 6, 0, 0, 7, 8, 0, 0])
  }

  @Test func attentionSeesUpToEachPosition() throws {
    let cache = try Tensor.from((0..<24).map { Float($0) / 10 }, shape: [2, 2, 1, 3, 2])
    let positions = try Tensor.from(integers: [0, 2], shape: [2])
    let mask = try positions.positionMask(length: 3, heads: 1, dtype: .float32)
    #expect(try mask.floats() == [0, -.infinity, -.infinity, 0, 0, 0])
    let queries = try Tensor.from([0, 0, 0, 0], shape: [2, 1, 2])
    // Queries of zero give all visible positions the same weight.
    let attended = try queries.attention(to: cache, firstSlot: 0, length: 3, mask: mask, scale: 1).floats()
    let expected: [Float] = [1.2, 1.3, 2.0, 2.1]
    for (value, wanted) in zip(attended, expected) { #expect(abs(value - wanted) < 1e-6) }
  }
}
