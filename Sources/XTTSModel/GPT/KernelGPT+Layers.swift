import CKernels

extension KernelGPT {
  /// Runs the rows in `buffers.states` through all blocks, in place, at the positions set in `buffers.places`.
  ///
  /// - Parameter keepsOutput: false for prompt rows, of which only keys and values are needed. The last block then ends
  ///   after its attention.
  func runLayers(rows: Int, keepsOutput: Bool) throws(ModelError) {
    for (index, layer) in layers.enumerated() {
      try normalize(buffers.states, layer.attentionNorm, rows: rows, into: buffers.normalized)
      try apply(layer.queryKeyValue, buffers.normalized, rows: rows, to: buffers.projections)
      try attend(layer: index, rows: rows)
      guard keepsOutput || index < layers.count - 1 else { return }
      try apply(layer.attentionOutput, buffers.attended, rows: rows, to: buffers.states, addsResidual: true)
      try normalize(buffers.states, layer.feedForwardNorm, rows: rows, into: buffers.normalized)
      try apply(layer.feedForwardInput, buffers.normalized, rows: rows, to: buffers.inner, activation: CK_GELU_TANH)
      try apply(layer.feedForwardOutput, buffers.inner, rows: rows, to: buffers.states, addsResidual: true)
    }
  }

  /// Applies both norms after the last block, and the head: `hidden` `[rows, hiddenSize]`, `logits` `[rows,
  /// audioCodeCount]`.
  func finish(
    rows: Int, logits: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>
  ) throws(ModelError) {
    try normalize(buffers.states, stackNorm, rows: rows, into: buffers.normalized)
    try normalize(buffers.normalized, finalNorm, rows: rows, into: buffers.normalized)
    for row in 0..<rows {
      (hidden + row * hiddenSize).update(from: buffers.normalized.row(row), count: hiddenSize)
    }
    var head = head
    var arguments = ck_rows(
      input: UnsafePointer(buffers.normalized.base), input_stride: buffers.normalized.stride, rows: Int32(rows),
      activation: CK_IDENTITY, residual: nil, residual_stride: 0, output: logits, output_stride: audioCodeCount)
    try ModelError.check(ck_linear_apply(context.handle, &head, &arguments), "the audio head")
  }

  private func normalize(
    _ input: KernelRows, _ norm: KernelNorm, rows: Int, into output: KernelRows
  ) throws(ModelError) {
    var arguments = ck_layer_norm_arguments(
      input: UnsafePointer(input.base), input_stride: input.stride, rows: Int32(rows), width: Int32(hiddenSize),
      gain: norm.gain, bias: norm.bias, epsilon: 1e-5, output: output.base, output_stride: output.stride)
    try ModelError.check(ck_layer_norm(context.handle, &arguments), "layer norm")
  }

  private func apply(
    _ linear: ck_linear, _ input: KernelRows, rows: Int, to output: KernelRows,
    activation: ck_activation = CK_IDENTITY, addsResidual: Bool = false
  ) throws(ModelError) {
    var linear = linear
    var arguments = ck_rows(
      input: UnsafePointer(input.base), input_stride: input.stride, rows: Int32(rows), activation: activation,
      residual: addsResidual ? UnsafePointer(output.base) : nil, residual_stride: output.stride,
      output: output.base, output_stride: output.stride)
    try ModelError.check(ck_linear_apply(context.handle, &linear, &arguments), "a linear layer")
  }

  private func attend(layer: Int, rows: Int) throws(ModelError) {
    for row in 0..<rows { buffers.rows[row] = cache.row(buffers.places[row], layer: layer) }
    var arguments = ck_attention_arguments(
      layout: cache.layout, rows: UnsafePointer(buffers.rows), row_count: Int32(rows),
      projections: UnsafePointer(buffers.projections.base), projections_stride: buffers.projections.stride,
      output: buffers.attended.base, output_stride: buffers.attended.stride)
    try ModelError.check(ck_attention(context.handle, &arguments), "attention")
  }
}
