import Foundation
import Testing
import Torch

@Suite struct TensorMemoryTests {
  /// Memory whose release is recorded.
  private final class Buffer {
    let bytes: UnsafeMutableRawBufferPointer
    private let onDeinit: () -> Void

    init(_ values: [Float], onDeinit: @escaping () -> Void) {
      bytes = .allocate(byteCount: values.count * 4, alignment: 64)
      bytes.copyBytes(from: values.withUnsafeBytes { Array($0) })
      self.onDeinit = onDeinit
    }

    deinit {
      bytes.deallocate()
      onDeinit()
    }
  }

  private final class Flag { var isSet = false }

  @Test func copiesValuesInAndOut() throws {
    let tensor = try Tensor.from([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(tensor.shape == [2, 3])
    #expect(tensor.dtype == .float32)
    #expect(tensor.device == .cpu)
    #expect(try tensor.transposed(0, 1).floats() == [1, 4, 2, 5, 3, 6])
  }

  @Test func refusesAnotherCountThanTheShapeNeeds() {
    #expect(throws: TorchError.self) { try Tensor.from([1, 2, 3], shape: [2, 2]) }
    #expect(throws: TorchError.self) { try Tensor.from([], shape: [-1]) }
    #expect(throws: TorchError.self) { try Tensor.from([1], shape: [Int.max, Int.max]) }
  }

  @Test func mapsMemoryWithoutCopyingAndKeepsItsOwner() throws {
    let flag = Flag()
    var view: Tensor?
    do {
      let buffer = Buffer([1, 2, 3, 4]) { flag.isSet = true }
      let tensor = try Tensor.mapping(UnsafeRawBufferPointer(buffer.bytes), shape: [4], dtype: .float32, owner: buffer)
      buffer.bytes.storeBytes(of: 9, as: Float.self)
      #expect(try tensor.floats() == [9, 2, 3, 4])
      view = try tensor.narrowed(0, 2..<4)
    }
    #expect(!flag.isSet, "a view keeps the memory")
    #expect(try view?.floats() == [3, 4])
    view = nil
    #expect(flag.isSet)
  }

  @Test func aFailedMappingReleasesItsOwnerOnce() {
    let flag = Flag()
    do {
      let buffer = Buffer([1]) { flag.isSet = true }
      #expect(throws: TorchError.self) {
        try Tensor.mapping(UnsafeRawBufferPointer(buffer.bytes), shape: [2], dtype: .float32, owner: buffer)
      }
      #expect(throws: TorchError.self) {
        try Tensor.mapping(UnsafeRawBufferPointer(buffer.bytes), shape: [-1], dtype: .float32, owner: buffer)
      }
    }
    #expect(flag.isSet)
  }

  @Test func convertsHalfPrecision() throws {
    let values: [Float] = [0.5, -2, 3.140625, 65504]
    let tensor = try Tensor.from(values)
    #expect(try tensor.converted(to: .float16).floats() == values)
    #expect(try tensor.converted(to: .bfloat16).floats().prefix(3) == [0.5, -2, 3.140625])
    #expect(try tensor.converted(to: .int64).floats() == [0, -2, 3, 65504])
  }

  @Test func copyNeedsEqualShapes() throws {
    let target = try Tensor.zeros([2, 2])
    try target.narrowed(0, 1..<2).copy(from: try Tensor.from([7, 8], shape: [1, 2]))
    #expect(try target.floats() == [0, 0, 7, 8])
    #expect(throws: TorchError.self) { try target.copy(from: try Tensor.zeros([2])) }
  }

  @Test func failuresKeepTheirReason() throws {
    let a = try Tensor.zeros([2, 3])
    do {
      _ = try a.matrixProduct(try Tensor.zeros([2, 3]))
      Issue.record("a product of unfit shapes succeeded")
    } catch {
      #expect(error.code == .operation)
      #expect(error.message.contains("2x3"))
      #expect(!error.message.contains("\n"))
    }
  }

  @Test func aMissingDeviceIsAnError() throws {
    if case .devices = CUDAProbe.ofThisMachine { return }
    #expect(throws: TorchError.self) { try Tensor.zeros([1], on: .cuda(0)) }
    #expect(throws: TorchError.self) { try Tensor.zeros([1], on: .cuda(-5)) }
  }
}
