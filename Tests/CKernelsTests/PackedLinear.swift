import CKernels

/// A linear layer with random weights: packed, and as floats for the reference.
final class PackedLinear {
  let inputs: Int
  let outputs: Int
  let weights: [Float]  // [inputs][outputs]
  let bias: [Float]
  private let memory: KernelMemory
  private(set) var linear = ck_linear()

  /// - Parameter transposed: passes the weights to the packer as [outputs][inputs].
  init(
    _ kernels: Kernels, _ precision: ck_precision, inputs: Int, outputs: Int, transposed: Bool = false,
    seed: UInt64 = 1
  ) throws {
    var numbers = Numbers(seed)
    self.inputs = inputs
    self.outputs = outputs
    weights = numbers.floats(inputs * outputs)
    bias = numbers.floats(outputs)
    memory = try KernelMemory(ck_linear_byte_count(precision, Int32(inputs), Int32(outputs)))
    let stored =
      transposed
      ? (0..<outputs).flatMap { output in (0..<inputs).map { weights[$0 * outputs + output] } } : weights
    let status = stored.withUnsafeBufferPointer { values in
      bias.withUnsafeBufferPointer { bias in
        var source = ck_linear_source(
          values: values.baseAddress, bias: bias.baseAddress, inputs: Int32(inputs), outputs: Int32(outputs),
          input_stride: transposed ? 1 : outputs, output_stride: transposed ? inputs : 1)
        return ck_linear_pack(kernels.context, precision, &source, memory.address, &linear)
      }
    }
    guard status == CK_OK else { throw Kernels.Failure() }
  }

  /// Maps rows of input, row-major without gaps, to the same number of rows of output.
  func apply(
    _ kernels: Kernels, _ input: [Float], activation: ck_activation = CK_IDENTITY, residual: [Float]? = nil
  ) throws -> [Float] {
    let rows = input.count / inputs
    var output = residual ?? [Float](repeating: .nan, count: rows * outputs)
    let status = input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var arguments = ck_rows(
          input: input.baseAddress, input_stride: inputs, rows: Int32(rows), activation: activation,
          residual: residual == nil ? nil : UnsafePointer(output.baseAddress), residual_stride: outputs,
          output: output.baseAddress, output_stride: outputs)
        return ck_linear_apply(kernels.context, &linear, &arguments)
      }
    }
    guard status == CK_OK else { throw Kernels.Failure() }
    return output
  }

  /// The product in double precision.
  func reference(_ input: [Float]) -> [Double] {
    (0..<(input.count / inputs)).flatMap { row in
      (0..<outputs).map { output in
        (0..<inputs).reduce(Double(bias[output])) {
          $0 + Double(input[row * inputs + $1]) * Double(weights[$1 * outputs + output])
        }
      }
    }
  }
}
