import CKernels

/// A convolution over rows of channels, packed for the kernels.
final class KernelConvolution {
  let taps: Int
  let inputs: Int
  let outputs: Int
  private let form: ck_convolution_form
  private var packed = ck_convolution()
  private let memory: KernelMemory
  /// `[outputs]`, padded to whole panels.
  let bias: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - stored: `[outputs, inputs, taps]`.
  ///   - tiled: computes in tiles if the sizes allow it, with half the multiplications; see ``span(dilation:)``.
  ///   - memory: receives the packed weights and the bias.
  init(
    _ stored: StoredConvolution, tiled: Bool = false, memory: KernelMemory, context: KernelContext
  ) throws(ModelError) {
    (outputs, inputs, taps) = (stored.shape[0], stored.shape[1], stored.shape[2])
    let size = ck_convolution_byte_count(
      CK_TILED, Int32(clamping: inputs), Int32(clamping: outputs), Int32(clamping: taps))
    form = tiled && size > 0 ? CK_TILED : CK_DIRECT
    self.memory = memory
    bias = try memory.takeFloats((outputs + 15) / 16 * 16)
    let target = try takeWeights()
    guard !memory.isFilled else { return }
    for (index, value) in try stored.biasValues().enumerated() { bias[index] = value }
    try pack(
      stored.values(), target, context: context, tapStride: 1, inputStride: taps, outputStride: inputs * taps)
  }

  /// A transposed convolution whose kernel is twice its stride, as an ordinary convolution: each output row holds
  /// `stride` rows, each a sum over two adjacent inputs. `transposed` is `[inputs, channels, 2 stride]`; outputs are
  /// `[stride][channels]`.
  init(transposed: StoredConvolution, memory: KernelMemory, context: KernelContext) throws(ModelError) {
    let (inputs, channels, kernel) = (transposed.shape[0], transposed.shape[1], transposed.shape[2])
    let stride = kernel / 2
    (self.inputs, outputs, taps) = (inputs, stride * channels, 2)
    form = CK_DIRECT
    self.memory = memory
    bias = try memory.takeFloats((outputs + 15) / 16 * 16)
    let target = try takeWeights()
    guard !memory.isFilled else { return }
    let storedBias = try transposed.biasValues()
    for index in 0..<outputs { bias[index] = storedBias[index % channels] }
    let outputs = outputs
    let stored = try transposed.values()
    // Tap 0 belongs to the previous input, so its kernel is shifted by one stride.
    let values = [Float](unsafeUninitializedCapacity: 2 * inputs * outputs) { values, count in
      stored.withUnsafeBufferPointer { stored in
        for input in 0..<inputs {
          for channel in 0..<channels {
            let kernelStart = (input * channels + channel) * kernel
            for phase in 0..<stride {
              let output = phase * channels + channel
              values[input * outputs + output] = stored[kernelStart + phase + stride]
              values[(inputs + input) * outputs + output] = stored[kernelStart + phase]
            }
          }
        }
      }
      count = 2 * inputs * outputs
    }
    try pack(
      values, target, context: context, tapStride: inputs * outputs, inputStride: outputs, outputStride: 1)
  }

  /// The inputs that an output row depends on.
  func span(dilation: Int) -> VocoderReceptiveField.Convolution {
    let before = taps / 2 * dilation
    guard form == CK_TILED else { return .init(tile: 1, before: before, after: (taps - 1) * dilation - before) }
    let height = CK_TILE_ROWS
    let paddedTaps = (taps + height - 1) / height * height
    return .init(tile: height * dilation, before: before, after: (paddedTaps - 1) * dilation - before)
  }

  /// Takes the memory of the weights, and sets `packed` to it. If the memory is already filled, it holds the packed
  /// weights.
  private func takeWeights() throws(ModelError) -> UnsafeMutableRawPointer {
    let size = ck_convolution_byte_count(
      form, Int32(clamping: inputs), Int32(clamping: outputs), Int32(clamping: taps))
    guard size > 0 else {
      throw ModelError(.inconsistent, "a convolution of \(outputs) × \(inputs) × \(taps) is too large")
    }
    let target = try memory.take(size)
    packed = ck_convolution(
      form: form, inputs: Int32(inputs), outputs: Int32(outputs), taps: Int32(taps),
      weights: UnsafePointer(target.bindMemory(to: Float.self, capacity: size / MemoryLayout<Float>.stride)))
    return target
  }

  /// The largest memory of a convolution stored with this shape, transposed or not, tiled or not, with its bias.
  static func byteLimit(shape: [Int]) -> Int {
    guard shape.count == 3 else { return 0 }
    let padded = shape.map { ($0 + 15) / 16 * 16 }
    let direct = KernelMemory.byteCount(floats: max(padded[0] * shape[1], shape[0] * padded[1]) * shape[2])
    let tiled = ck_convolution_byte_count(
      CK_TILED, Int32(clamping: shape[1]), Int32(clamping: shape[0]), Int32(clamping: shape[2]))
    let bias = KernelMemory.byteCount(floats: (padded[0] + padded[1]) * shape[2])
    return max(direct, KernelMemory.padded(tiled)) + bias
  }

  private func pack(
    _ values: [Float], _ target: UnsafeMutableRawPointer, context: KernelContext, tapStride: Int, inputStride: Int,
    outputStride: Int
  ) throws(ModelError) {
    let status = values.withUnsafeBufferPointer { values in
      var source = ck_convolution_source(
        values: values.baseAddress, inputs: Int32(inputs), outputs: Int32(outputs), taps: Int32(taps),
        tap_stride: tapStride, input_stride: inputStride, output_stride: outputStride)
      return ck_convolution_pack(context.handle, form, &source, target, &packed)
    }
    try ModelError.check(status, "a convolution")
  }

  /// The operands of a call; see `ck_convolution_arguments`.
  struct Call {
    /// The first of `rows + (taps - 1) * dilation` rows of `inputs` floats.
    var input: UnsafePointer<Float>
    /// The position of row 0 in its sequence, which determines the tiles.
    var firstRow = 0
    var rows: Int
    var dilation = 1
    /// Replaces the convolution's own bias; padded like it.
    var bias: UnsafePointer<Float>?
    var activation = CK_IDENTITY
    var residual: UnsafePointer<Float>?
    var sum: UnsafePointer<Float>?
    var gain: Float = 1
    var output: UnsafeMutablePointer<Float>?
    var rectified: UnsafeMutablePointer<Float>?
    var slope: Float = 0
  }

  func callAsFunction(_ call: Call, context: KernelContext) throws(ModelError) {
    var arguments = ck_convolution_arguments(
      input: call.input, input_stride: inputs, first_row: Int64(call.firstRow), rows: Int32(call.rows),
      dilation: Int32(call.dilation), bias: call.bias ?? UnsafePointer(bias), activation: call.activation,
      residual: call.residual,
      residual_stride: outputs, sum: call.sum, sum_stride: outputs, gain: call.gain, output: call.output,
      output_stride: outputs, rectified: call.rectified, rectified_stride: outputs, slope: call.slope)
    try ModelError.check(ck_convolution_apply(context.handle, &packed, &arguments), "a convolution")
  }
}
