import CKernels
import Foundation
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: variants) func exponential(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    let inputs = (0...3500).map { Float($0) * 0.05 - 87 }
    var outputs = inputs
    ck_exp(kernels.context, &outputs, outputs.count)
    for (input, output) in zip(inputs, outputs) {
      let expected = exp(Double(input))
      #expect(abs(Double(output) - expected) <= 2e-7 * expected)
    }
  }

  @Test(arguments: variants) func hyperbolicTangent(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    let inputs = (0...4001).map { Float($0) * 0.01 - 20 } + [-1000, 1000]
    var outputs = inputs
    ck_tanh(kernels.context, &outputs, outputs.count)
    for (input, output) in zip(inputs, outputs) { #expect(abs(Double(output) - tanh(Double(input))) <= 2e-7) }
  }

  @Test(arguments: variants) func gelu(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    let inputs = (0...2000).map { Float($0) * 0.01 - 10 } + [-500, 500]
    var outputs = inputs
    ck_gelu_tanh(kernels.context, &outputs, outputs.count)
    for (input, output) in zip(inputs, outputs) {
      let x = Double(input)
      let expected = 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      #expect(abs(Double(output) - expected) <= 1e-6 * max(1, abs(x)))
    }
  }

  @Test(arguments: variants) func layerNorm(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    for width in [1, 15, 64, 100, 1024] {
      var numbers = Numbers(UInt64(width))
      let rows = 5
      let input = numbers.floats(rows * width, limit: 3).map { $0 + 2 }
      let gain = numbers.floats(width)
      let bias = numbers.floats(width)
      var output = [Float](repeating: .nan, count: rows * width)
      let status = output.withUnsafeMutableBufferPointer { output in
        input.withUnsafeBufferPointer { input in
          gain.withUnsafeBufferPointer { gain in
            bias.withUnsafeBufferPointer { bias in
              var arguments = ck_layer_norm_arguments(
                input: input.baseAddress, input_stride: width, rows: Int32(rows), width: Int32(width),
                gain: gain.baseAddress, bias: bias.baseAddress, epsilon: 1e-5, output: output.baseAddress,
                output_stride: width)
              return ck_layer_norm(kernels.context, &arguments)
            }
          }
        }
      }
      #expect(status == CK_OK)
      var expected: [Double] = []
      for row in 0..<rows {
        let values = input[(row * width)..<((row + 1) * width)].map(Double.init)
        let mean = values.reduce(0, +) / Double(width)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        for column in 0..<width {
          expected.append(
            (values[column] - mean) / (variance + 1e-5).squareRoot() * Double(gain[column]) + Double(bias[column]))
        }
      }
      #expect(relativeError(output, expected) < 2e-6)
    }
  }
}
