import CKernels
import Foundation
import Testing

@Suite struct AttentionTests {
  /// The caches of several slots for one layer.
  final class Cache {
    let layout: ck_cache_layout
    let byteCount: Int
    let memory: KernelMemory
    let slots: Int

    init(type: ck_cache_type, heads: Int, headSize: Int, capacity: Int, slots: Int, garbage: UInt8 = 0) throws {
      var layout = ck_cache_layout(
        type: type, heads: Int32(heads), head_size: Int32(headSize), capacity: Int32(capacity))
      byteCount = ck_cache_byte_count(&layout)
      self.layout = layout
      self.slots = slots
      memory = try KernelMemory(2 * slots * byteCount)
      memset(memory.address, Int32(garbage), 2 * slots * byteCount)
    }

    var hidden: Int { Int(layout.heads) * Int(layout.head_size) }

    /// Attention for rows of (slot, position) with their projections.
    func attend(_ kernels: Kernels, _ places: [(slot: Int, position: Int)], _ projections: [Float]) throws -> [Float] {
      let rows = places.map { place in
        ck_cache_row(
          keys: memory.address + 2 * place.slot * byteCount,
          values: memory.address + (2 * place.slot + 1) * byteCount, position: Int32(place.position))
      }
      var output = [Float](repeating: .nan, count: places.count * hidden)
      let status = output.withUnsafeMutableBufferPointer { output in
        projections.withUnsafeBufferPointer { projections in
          rows.withUnsafeBufferPointer { rows in
            var arguments = ck_attention_arguments(
              layout: layout, rows: rows.baseAddress, row_count: Int32(rows.count),
              projections: projections.baseAddress, projections_stride: 3 * hidden, output: output.baseAddress,
              output_stride: hidden)
            return ck_attention(kernels.context, &arguments)
          }
        }
      }
      guard status == CK_OK else { throw Kernels.Failure() }
      return output
    }
  }

  /// Causal attention over one sequence in double precision.
  func reference(_ projections: [Float], heads: Int, headSize: Int) -> [Double] {
    let hidden = heads * headSize
    let count = projections.count / (3 * hidden)
    var output: [Double] = []
    for row in 0..<count {
      for head in 0..<heads {
        func part(_ position: Int, _ which: Int, _ channel: Int) -> Double {
          Double(projections[position * 3 * hidden + which * hidden + head * headSize + channel])
        }
        let scores = (0...row).map { position in
          (0..<headSize).reduce(0) { $0 + part(row, 0, $1) * part(position, 1, $1) } / Double(headSize).squareRoot()
        }
        let peak = scores.max() ?? 0
        let weights = scores.map { exp($0 - peak) }
        let sum = weights.reduce(0, +)
        for channel in 0..<headSize {
          output.append((0...row).reduce(0) { $0 + weights[$1] * part($1, 2, channel) } / sum)
        }
      }
    }
    return output
  }

  @Test(arguments: variants, [(1, 16), (4, 16), (3, 48), (2, 64), (2, 80)])
  func matchesReference(variant: ck_variant, size: (Int, Int)) throws {
    let kernels = try Kernels(variant)
    let (heads, headSize) = size
    var numbers = Numbers(11)
    let count = 75
    let projections = numbers.floats(count * 3 * heads * headSize, limit: 2)
    let expected = reference(projections, heads: heads, headSize: headSize)
    for (type, tolerance) in [(CK_CACHE_FLOAT32, 3e-6), (CK_CACHE_FLOAT16, 3e-3)] {
      // The cache is filled with NaN, so that reading data of an earlier sequence would be noticed.
      let cache = try Cache(type: type, heads: heads, headSize: headSize, capacity: 96, slots: 1, garbage: 0xff)
      let output = try cache.attend(kernels, (0..<count).map { (0, $0) }, projections)
      #expect(relativeError(output, expected) < tolerance)
    }
  }

  /// A prompt in chunks of any size, and steps batched with other slots, give the same bytes as one row at a time.
  @Test(arguments: variants, [CK_CACHE_FLOAT32, CK_CACHE_FLOAT16])
  func rowsAreIndependent(variant: ck_variant, type: ck_cache_type) throws {
    let heads = 3, headSize = 32, capacity = 64, slots = 3, count = 50
    let rowSize = 3 * heads * headSize
    var numbers = Numbers(12)
    let sequences = (0..<slots).map { _ in numbers.floats(count * rowSize) }
    func row(_ slot: Int, _ position: Int) -> ArraySlice<Float> {
      sequences[slot][(position * rowSize)..<((position + 1) * rowSize)]
    }
    let single = try Kernels(variant, threads: 1)
    let alone = try Cache(type: type, heads: heads, headSize: headSize, capacity: capacity, slots: slots)
    var expected: [[[Float]]] = []
    for slot in 0..<slots {
      expected.append(try (0..<count).map { try alone.attend(single, [(slot, $0)], Array(row(slot, $0))) })
    }
    for threads in [1, 2, 4] as [Int32] {
      let kernels = try Kernels(variant, threads: threads)
      let cache = try Cache(type: type, heads: heads, headSize: headSize, capacity: capacity, slots: slots)
      var next = [Int](repeating: 0, count: slots)
      while next.contains(where: { $0 < count }) {
        var places: [(slot: Int, position: Int)] = []
        for slot in 0..<slots {
          for _ in 0..<numbers.integer(0...9) where next[slot] < count {
            places.append((slot, next[slot]))
            next[slot] += 1
          }
        }
        let output = try cache.attend(kernels, places, places.flatMap { row($0.slot, $0.position) })
        #expect(bits(output) == places.flatMap { bits(expected[$0.slot][$0.position]) })
      }
    }
  }

  @Test func halfPrecisionIsTheSameOnEveryVariant() throws {
    // With one position the output is its value, rounded to half precision and back.
    let specials: [Float] = [
      0, -0.0, 1, -1, 65504, 65519, 65520, 1e9, -1e9, 6.1e-5, 6.0e-5, 5.96e-8, 2.9e-8, 3.0e-8, 1e-12, 1.0009766,
      1.00048828125, 1.0014648, 0.333333, -2.7182818, 1234.567, 0.1, .infinity, -.infinity, 3.0517578e-5, 1e-7,
    ]
    var numbers = Numbers(13)
    let values = specials + numbers.floats(64 - specials.count, limit: 100)
    for variant in variants {
      let kernels = try Kernels(variant)
      let cache = try Cache(type: CK_CACHE_FLOAT16, heads: 1, headSize: 64, capacity: 16, slots: 1)
      let zeros = [Float](repeating: 0, count: 128)
      let output = try cache.attend(kernels, [(0, 0)], zeros + values)
      #expect(output.map { $0 + 0 } == values.map { Float(Float16($0)) + 0 })
    }
  }

  @Test func badArgumentsAreRefused() throws {
    let kernels = try Kernels(ck_best_variant())
    let cache = try Cache(type: CK_CACHE_FLOAT32, heads: 1, headSize: 16, capacity: 16, slots: 1)
    let row = [Float](repeating: 0, count: 48)
    #expect(throws: Kernels.Failure.self) { try cache.attend(kernels, [(0, 16)], row) }
    #expect(throws: Kernels.Failure.self) { try cache.attend(kernels, [(0, -1)], row) }
    for (size, capacity) in [(8, 16), (20, 16), (16, 17), (16, 9000), (512, 16)] as [(Int32, Int32)] {
      var layout = ck_cache_layout(type: CK_CACHE_FLOAT32, heads: 1, head_size: size, capacity: capacity)
      #expect(ck_cache_byte_count(&layout) == 0)
    }
  }
}
