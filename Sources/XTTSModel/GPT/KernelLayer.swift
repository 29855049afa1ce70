import CKernels
import Checkpoint

/// The weights of one GPT-2 block, packed for the kernels.
struct KernelLayer {
  let attentionNorm: KernelNorm
  let queryKeyValue: ck_linear
  let attentionOutput: ck_linear
  let feedForwardNorm: KernelNorm
  let feedForwardInput: ck_linear
  let feedForwardOutput: ck_linear
}

/// A layer norm's gain and bias in kernel memory.
struct KernelNorm {
  let gain: UnsafePointer<Float>
  let bias: UnsafePointer<Float>
}

/// Packs a GPT's tensors consecutively into one memory block, and releases the file pages of each tensor.
struct KernelPacker {
  let context: KernelContext
  let precision: ck_precision
  let memory: KernelMemory

  /// The size of the memory for all layers, norms and the head.
  static func byteCount(_ weights: GPTWeights, precision: ck_precision) throws(ModelError) -> Int {
    let hidden = weights.hiddenSize, inner = weights.feedForwardSize
    let sizes = [(hidden, 3 * hidden), (hidden, hidden), (hidden, inner), (inner, hidden)]
    let norm = 2 * KernelMemory.byteCount(floats: hidden)
    var layer = 2 * norm
    for (inputs, outputs) in sizes { layer += try linearByteCount(inputs, outputs, precision) }
    return try layer * weights.layers.count + 2 * norm + linearByteCount(hidden, weights.audioCodeCount, precision)
  }

  private static func linearByteCount(
    _ inputs: Int, _ outputs: Int, _ precision: ck_precision
  ) throws(ModelError) -> Int {
    let size = ck_linear_byte_count(precision, Int32(clamping: inputs), Int32(clamping: outputs))
    guard size > 0 else { throw ModelError(.inconsistent, "a layer of \(inputs) × \(outputs) is too large") }
    return KernelMemory.padded(size)
  }

  func pack(_ layer: GPTWeights.Layer) throws(ModelError) -> KernelLayer {
    KernelLayer(
      attentionNorm: try pack(norm: layer.attentionNorm), queryKeyValue: try pack(layer.queryKeyValue),
      attentionOutput: try pack(layer.attentionOutput), feedForwardNorm: try pack(norm: layer.feedForwardNorm),
      feedForwardInput: try pack(layer.feedForwardInput), feedForwardOutput: try pack(layer.feedForwardOutput))
  }

  func pack(norm: GPTWeights.Affine) throws(ModelError) -> KernelNorm {
    KernelNorm(gain: try copy(norm.weight), bias: try copy(norm.bias))
  }

  /// `weight` is `[inputs, outputs]`.
  func pack(_ projection: GPTWeights.Affine) throws(ModelError) -> ck_linear {
    let (inputs, outputs) = (projection.weight.shape[0], projection.weight.shape[1])
    return try pack(
      projection.weight, bias: projection.bias, inputs: inputs, outputs: outputs, inputStride: outputs, outputStride: 1)
  }

  /// `weight` is `[outputs, inputs]`.
  func pack(head weight: StoredTensor, bias: StoredTensor) throws(ModelError) -> ck_linear {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    return try pack(weight, bias: bias, inputs: inputs, outputs: outputs, inputStride: 1, outputStride: inputs)
  }

  private func pack(
    _ weight: StoredTensor, bias: StoredTensor, inputs: Int, outputs: Int, inputStride: Int, outputStride: Int
  ) throws(ModelError) -> ck_linear {
    let size = try Self.linearByteCount(inputs, outputs, precision)
    let target = try memory.take(size)
    var linear = ck_linear()
    if memory.isFilled {
      try ModelError.check(
        ck_linear_view(precision, Int32(inputs), Int32(outputs), target, &linear), "tensor \(weight.name)")
      return linear
    }
    try bias.withFloats { (bias) throws(ModelError) in
      try weight.withFloats { (values) throws(ModelError) in
        var source = ck_linear_source(
          values: values.baseAddress, bias: bias.baseAddress, inputs: Int32(inputs), outputs: Int32(outputs),
          input_stride: inputStride, output_stride: outputStride)
        try ModelError.check(
          ck_linear_pack(context.handle, precision, &source, target, &linear), "tensor \(weight.name)")
      }
    }
    weight.discardPages()
    return linear
  }

  private func copy(_ tensor: StoredTensor) throws(ModelError) -> UnsafePointer<Float> {
    let target = try memory.takeFloats(tensor.count)
    if memory.isFilled { return UnsafePointer(target) }
    try tensor.withFloats { (values) throws(ModelError) in
      for (index, value) in values.enumerated() { target[index] = value }
    }
    return UnsafePointer(target)
  }
}

extension StoredTensor {
  /// Calls `body` with the values as float32: directly from the mapped file if it holds them aligned, else from a copy.
  func withFloats<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    let isAligned = withUnsafeBytes { Int(bitPattern: $0.baseAddress) % MemoryLayout<Float>.alignment == 0 }
    if scalarType == .float32, isContiguous, isAligned {
      return try withUnsafeBytes { (bytes) throws(ModelError) in try body(bytes.assumingMemoryBound(to: Float.self)) }
    }
    let copy: [Float]
    do throws(CheckpointError) {
      copy = try floats()
    } catch {
      throw ModelError(.unreadable, error.description)
    }
    let result: Swift.Result<Result, ModelError> = copy.withUnsafeBufferPointer { values in
      do throws(ModelError) {
        return .success(try body(values))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
