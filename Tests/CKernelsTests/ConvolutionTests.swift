import CKernels
import Testing

@Suite struct ConvolutionTests {
  /// A packed convolution with random weights.
  final class Layer {
    let form: ck_convolution_form
    let inputs: Int, outputs: Int, taps: Int
    let weights: [Float]  // [outputs][inputs][taps]
    let bias: [Float]  // padded
    private let memory: KernelMemory
    private var convolution = ck_convolution()

    init(
      _ kernels: Kernels, _ form: ck_convolution_form = CK_DIRECT, inputs: Int, outputs: Int, taps: Int
    ) throws {
      self.form = form
      var numbers = Numbers(UInt64(inputs * 1000 + outputs))
      (self.inputs, self.outputs, self.taps) = (inputs, outputs, taps)
      weights = numbers.floats(inputs * outputs * taps)
      bias = numbers.floats(outputs) + [Float](repeating: 0, count: 15)
      memory = try KernelMemory(ck_convolution_byte_count(form, Int32(inputs), Int32(outputs), Int32(taps)))
      let status = weights.withUnsafeBufferPointer { values in
        var source = ck_convolution_source(
          values: values.baseAddress, inputs: Int32(inputs), outputs: Int32(outputs), taps: Int32(taps),
          tap_stride: 1, input_stride: taps, output_stride: inputs * taps)
        return ck_convolution_pack(kernels.context, form, &source, memory.address, &convolution)
      }
      guard status == CK_OK else { throw Kernels.Failure() }
    }

    /// The number of rows that tiles may read on either side.
    func margin(dilation: Int) -> Int { form == CK_TILED ? 2 * CK_TILE_ROWS * dilation : 0 }

    /// `input` is [rows + (taps - 1) * dilation][inputs], with the margin on either side. Returns the output and the
    /// rectified output.
    func apply(
      _ kernels: Kernels, _ input: [Float], dilation: Int, firstRow: Int = 0, residual: [Float]? = nil,
      sum: [Float]? = nil, gain: Float = 1, activation: ck_activation = CK_IDENTITY
    ) throws -> (output: [Float], rectified: [Float]) {
      let margin = margin(dilation: dilation)
      let rows = input.count / inputs - (taps - 1) * dilation - 2 * margin
      var output = [Float](repeating: .nan, count: rows * outputs)
      var rectified = output
      let status = input.withUnsafeBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
          rectified.withUnsafeMutableBufferPointer { rectified in
            bias.withUnsafeBufferPointer { bias in
              withOptional(residual) { residual in
                withOptional(sum) { sum in
                  var arguments = ck_convolution_arguments(
                    input: input.baseAddress.map { $0 + margin * inputs }, input_stride: inputs,
                    first_row: Int64(firstRow), rows: Int32(rows), dilation: Int32(dilation),
                    bias: bias.baseAddress, activation: activation, residual: residual, residual_stride: outputs,
                    sum: sum, sum_stride: outputs, gain: gain, output: output.baseAddress, output_stride: outputs,
                    rectified: rectified.baseAddress, rectified_stride: outputs, slope: 0.1)
                  return ck_convolution_apply(kernels.context, &convolution, &arguments)
                }
              }
            }
          }
        }
      }
      guard status == CK_OK else { throw Kernels.Failure() }
      return (output, rectified)
    }

    private func withOptional<Result>(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Result) -> Result {
      guard let values else { return body(nil) }
      return values.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    func reference(_ input: [Float], dilation: Int) -> [Double] {
      let margin = margin(dilation: dilation)
      let rows = input.count / inputs - (taps - 1) * dilation - 2 * margin
      return (0..<rows).flatMap { row in
        (0..<outputs).map { output in
          var value = Double(bias[output])
          for tap in 0..<taps {
            for channel in 0..<inputs {
              value +=
                Double(input[(margin + row + tap * dilation) * inputs + channel])
                * Double(weights[(output * inputs + channel) * taps + tap])
            }
          }
          return value
        }
      }
    }
  }

  @Test(arguments: variants) func matchesReference(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    var numbers = Numbers(21)
    for (inputs, outputs, taps, dilation) in [
      (1, 1, 1, 1), (8, 12, 3, 1), (32, 32, 3, 5), (33, 50, 7, 3), (64, 32, 11, 5), (16, 1, 7, 1), (24, 96, 2, 1),
    ] {
      let layer = try Layer(kernels, inputs: inputs, outputs: outputs, taps: taps)
      for rows in [1, 5, 40] {
        let input = numbers.floats((rows + (taps - 1) * dilation) * inputs)
        let result = try layer.apply(kernels, input, dilation: dilation)
        #expect(relativeError(result.output, layer.reference(input, dilation: dilation)) < 1e-5)
        #expect(result.rectified == result.output.map { $0 < 0 ? 0.1 * $0 : $0 })
      }
    }
  }

  @Test(arguments: variants) func fusedTailsMatchPlainArithmetic(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    var numbers = Numbers(22)
    let layer = try Layer(kernels, inputs: 20, outputs: 36, taps: 3)
    let input = numbers.floats(32 * 20)
    let residual = numbers.floats(30 * 36)
    let sum = numbers.floats(30 * 36)
    let plain = try layer.apply(kernels, input, dilation: 1).output
    let fused = try layer.apply(kernels, input, dilation: 1, residual: residual, sum: sum, gain: 0.25)
    #expect(fused.output == plain.indices.map { (sum[$0] + (plain[$0] + residual[$0])) * 0.25 })
    var tangent = plain
    ck_tanh(kernels.context, &tangent, tangent.count)
    #expect(try layer.apply(kernels, input, dilation: 1, activation: CK_TANH).output == tangent)
  }

  /// Any window of the rows, with any number of threads, gives the same bytes as all rows together.
  @Test(arguments: variants) func windowsAreIndependent(variant: ck_variant) throws {
    let single = try Kernels(variant, threads: 1)
    var numbers = Numbers(23)
    for (inputs, outputs, taps, dilation) in [(32, 32, 11, 5), (24, 100, 3, 3), (64, 128, 7, 1)] {
      let layer = try Layer(single, inputs: inputs, outputs: outputs, taps: taps)
      let rows = 90, context = (taps - 1) * dilation
      let input = numbers.floats((rows + context) * inputs)
      let whole = try layer.apply(single, input, dilation: dilation).output
      for threads in [1, 2, 3] as [Int32] {
        let kernels = try Kernels(variant, threads: threads)
        for _ in 0..<6 {
          let first = numbers.integer(0...(rows - 1)), end = numbers.integer((first + 1)...rows)
          let window = Array(input[(first * inputs)..<((end + context) * inputs)])
          let output = try layer.apply(kernels, window, dilation: dilation).output
          #expect(bits(output) == bits(Array(whole[(first * outputs)..<(end * outputs)])))
        }
      }
    }
  }

  private static let tiled = [(32, 32, 3, 5), (16, 48, 7, 3), (64, 32, 11, 5), (48, 64, 11, 1), (32, 16, 4, 1)]

  @Test(arguments: variants) func tilesMatchReference(variant: ck_variant) throws {
    let kernels = try Kernels(variant)
    var numbers = Numbers(24)
    for (inputs, outputs, taps, dilation) in Self.tiled {
      let layer = try Layer(kernels, CK_TILED, inputs: inputs, outputs: outputs, taps: taps)
      for rows in [1, 5, 90] {
        let count = rows + (taps - 1) * dilation + 2 * layer.margin(dilation: dilation)
        let input = numbers.floats(count * inputs)
        let result = try layer.apply(kernels, input, dilation: dilation)
        #expect(relativeError(result.output, layer.reference(input, dilation: dilation)) < 1e-5)
        #expect(result.rectified == result.output.map { $0 < 0 ? 0.1 * $0 : $0 })
      }
    }
  }

  /// With any start and any number of threads, a window gives the same bytes as the whole in all rows whose tiles it
  /// contains. Rows beyond these tiles have no influence.
  @Test(arguments: variants) func tiledWindowsAreIndependent(variant: ck_variant) throws {
    let single = try Kernels(variant, threads: 1)
    var numbers = Numbers(25)
    for (inputs, outputs, taps, dilation) in Self.tiled {
      let layer = try Layer(single, CK_TILED, inputs: inputs, outputs: outputs, taps: taps)
      let block = CK_TILE_ROWS * dilation
      let rows = 9 * block, margin = layer.margin(dilation: dilation), context = (taps - 1) * dilation
      let input = numbers.floats((rows + context + 2 * margin) * inputs)
      let whole = try layer.apply(single, input, dilation: dilation).output
      for threads in [1, 2, 3] as [Int32] {
        let kernels = try Kernels(variant, threads: threads)
        for _ in 0..<6 {
          let first = numbers.integer(0...(4 * block)), end = numbers.integer((first + 3 * block)...rows)
          var window = Array(input[(first * inputs)..<((end + context + 2 * margin) * inputs)])
          let tiles = ((first + block - 1) / block * block)..<(end / block * block)
          let seen = (tiles.lowerBound - first + margin)..<(tiles.upperBound - first + margin + context + block)
          for index in window.indices where !seen.contains(index / inputs) { window[index] = numbers.floats(1)[0] }
          let output = try layer.apply(kernels, window, dilation: dilation, firstRow: first).output
          let kept = ((tiles.lowerBound - first) * outputs)..<((tiles.upperBound - first) * outputs)
          #expect(
            bits(Array(output[kept])) == bits(Array(whole[(tiles.lowerBound * outputs)..<(tiles.upperBound * outputs)]))
          )
        }
      }
    }
  }

  @Test func sizesThatTilesCannotTakeAreRefused() throws {
    for (inputs, outputs, taps) in [(24, 32, 3), (32, 40, 3), (1024, 32, 3), (32, 32, 2), (32, 32, 13)]
      as [(Int32, Int32, Int32)]
    {
      #expect(ck_convolution_byte_count(CK_TILED, inputs, outputs, taps) == 0)
    }
    #expect(ck_convolution_byte_count(CK_TILED, 32, 32, 11) == 7 * 3 * 32 * 32 * 4)
  }
}
