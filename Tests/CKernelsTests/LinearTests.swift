import CKernels
import Foundation
import Testing

@Suite struct LinearTests {
  static let sizes = [(1, 1), (3, 5), (16, 16), (64, 96), (65, 33), (96, 384), (128, 1026), (260, 31)]

  @Test(arguments: variants) func float32MatchesReference(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    for (index, size) in Self.sizes.enumerated() {
      let layer = try PackedLinear(
        kernels, CK_FLOAT32, inputs: size.0, outputs: size.1, transposed: index % 2 == 1, seed: UInt64(index))
      var numbers = Numbers(7)
      for rows in [1, 2, 3, 8, 13] {
        let input = numbers.floats(rows * size.0)
        // float32 sums of up to 260 products: the rounding error stays below 260 * 2^-24 of the largest value.
        #expect(relativeError(try layer.apply(kernels, input), layer.reference(input)) < 1e-5)
      }
    }
  }

  @Test(arguments: variants) func int8StaysWithinQuantisationError(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    for (index, size) in Self.sizes.enumerated() {
      let layer = try PackedLinear(
        kernels, CK_INT8, inputs: size.0, outputs: size.1, transposed: index % 2 == 1, seed: UInt64(index))
      var numbers = Numbers(8)
      let input = numbers.floats(5 * size.0)
      let output = try layer.apply(kernels, input)
      let reference = layer.reference(input)
      // Weights and inputs lie in -1 ... 1. The rounding error of each is at most half a step of 1/127, so that of a
      // product is at most 1/127, and that of a sum of n products at most n/127. In practice the errors cancel like
      // sqrt(n).
      let bound = 3 * Double(size.0).squareRoot() / 127
      for (value, expected) in zip(output, reference) { #expect(abs(Double(value) - expected) < bound) }
    }
  }

  @Test func int8IsTheSameOnEveryVariant() throws {
    for size in Self.sizes {
      var results: Set<[UInt32]> = []
      for variant in variants {
        let kernels = try Kernels(variant)
        let layer = try PackedLinear(kernels, CK_INT8, inputs: size.0, outputs: size.1)
        var numbers = Numbers(9)
        results.insert(bits(try layer.apply(kernels, numbers.floats(9 * size.0))))
      }
      #expect(results.count == 1)
    }
  }

  /// The bytes of a row are the same alone and in any batch, at any position in it, with any number of threads.
  @Test(arguments: variants, [CK_FLOAT32, CK_INT8])
  func rowsAreIndependent(variant: ck_variant, precision: ck_precision) throws {
    let single = try Kernels(variant, threads: 1)
    let contexts = try [1, 2, 3, 5].map { try Kernels(variant, threads: $0) }
    for (inputs, outputs) in [(64, 96), (67, 50), (128, 130)] {
      let layer = try PackedLinear(single, precision, inputs: inputs, outputs: outputs)
      var numbers = Numbers(UInt64(inputs))
      let rows = (0..<40).map { _ in numbers.floats(inputs) }
      let alone = try rows.map { bits(try layer.apply(single, $0, activation: CK_GELU_TANH)) }
      for round in 0..<30 {
        let batch = (0..<numbers.integer(1...30)).map { _ in numbers.integer(0...39) }
        let kernels = contexts[round % contexts.count]
        let output = try layer.apply(kernels, batch.flatMap { rows[$0] }, activation: CK_GELU_TANH)
        #expect(bits(output) == batch.flatMap { alone[$0] })
      }
    }
  }

  /// Rows that exceed the scratch memory are processed in pieces.
  @Test(arguments: variants) func manyRows(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    let layer = try PackedLinear(kernels, CK_INT8, inputs: 16, outputs: 16)
    var numbers = Numbers(3)
    let row = numbers.floats(16)
    let output = try layer.apply(kernels, (0..<1300).flatMap { _ in row })
    let alone = bits(try layer.apply(kernels, row))
    #expect(bits(output) == (0..<1300).flatMap { _ in alone })
  }

  @Test(arguments: variants, [CK_FLOAT32, CK_INT8])
  func residualIsAddedInPlace(variant: ck_variant, precision: ck_precision) throws {
    let kernels = try Kernels(variant)
    let layer = try PackedLinear(kernels, precision, inputs: 32, outputs: 40)
    var numbers = Numbers(4)
    let input = numbers.floats(3 * 32)
    let residual = numbers.floats(3 * 40)
    let plain = try layer.apply(kernels, input)
    #expect(try layer.apply(kernels, input, residual: residual) == zip(plain, residual).map { $0 + $1 })
  }

  /// A row that can't be computed must not give numbers.
  @Test(arguments: variants, [CK_FLOAT32, CK_INT8])
  func notANumberStaysInItsRow(variant: ck_variant, precision: ck_precision) throws {
    let kernels = try Kernels(variant)
    let layer = try PackedLinear(kernels, precision, inputs: 48, outputs: 20)
    var numbers = Numbers(5)
    var input = numbers.floats(3 * 48)
    let clean = try layer.apply(kernels, input)
    for bad in [Float.nan, .infinity] {
      input[48 + 17] = bad
      let output = try layer.apply(kernels, input)
      #expect(output[20..<40].allSatisfy { !$0.isFinite })
      #expect(output[..<20] == clean[..<20])
      #expect(output[40...] == clean[40...])
    }
  }

  @Test func zeroWeightsAndZeroRows() throws {
    let kernels = try Kernels(ck_best_variant())
    let layer = try PackedLinear(kernels, CK_INT8, inputs: 20, outputs: 20)
    #expect(try layer.apply(kernels, [Float](repeating: 0, count: 20)) == layer.bias)
    #expect(try layer.apply(kernels, []) == [])
  }

  @Test func badArgumentsAreRefused() throws {
    #expect(ck_linear_byte_count(CK_INT8, 0, 4) == 0)
    #expect(ck_linear_byte_count(CK_FLOAT32, 70_000, 4) == 0)
    var context: OpaquePointer?
    #expect(ck_context_create(0, CK_VARIANT_PORTABLE, &context) == CK_INVALID_ARGUMENT)
    #expect(ck_context_create(65, CK_VARIANT_PORTABLE, &context) == CK_INVALID_ARGUMENT)
    #expect(context == nil)
  }
}
