import Testing
import Torch

@Suite struct TensorOperationTests {
  private func close(_ tensor: Tensor, _ expected: [Float], tolerance: Float = 1e-6) throws -> Bool {
    let values = try tensor.floats()
    return values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test func arithmeticBroadcasts() throws {
    let a = try Tensor.from([1, 2, 3, 4], shape: [2, 2])
    let row = try Tensor.from([10, 20], shape: [1, 2])
    #expect(try (a + row).floats() == [11, 22, 13, 24])
    #expect(try (a - row).floats() == [-9, -18, -7, -16])
    #expect(try (a * row).floats() == [10, 40, 30, 80])
    #expect(try (row / a).floats() == [10, 10, 10 / 3, 5])
    #expect(try (a + 1 as Tensor).floats() == [2, 3, 4, 5])
    #expect(try (a / 2).floats() == [0.5, 1, 1.5, 2])
    try a.add(row)
    try a.divide(by: 2)
    #expect(try a.floats() == [5.5, 11, 6.5, 12])
  }

  @Test func reductions() throws {
    let a = try Tensor.from([1, 2, 3, 4], shape: [2, 2])
    #expect(try a.sum(0).floats() == [4, 6])
    #expect(try a.mean(1).floats() == [1.5, 3.5])
    #expect(try a.norm(over: [0, 1]).shape == [1, 1])
    #expect(try close(a.norm(over: [0, 1]), [5.4772258]))
    #expect(try close(a.softmax(1), [0.26894143, 0.7310586, 0.26894143, 0.7310586]))
  }

  @Test func activations() throws {
    let x = try Tensor.from([-1, 0, 2])
    #expect(try x.relu().floats() == [0, 0, 2])
    #expect(try x.leakyRelu(slope: 0.1).floats() == [-0.1, 0, 2])
    #expect(try close(x.sigmoid(), [0.26894143, 0.5, 0.8807971]))
    #expect(try close(x.gelu(), [-0.15865526, 0, 1.9544997]))
    try x.applyTanh()
    #expect(try close(x, [-0.7615942, 0, 0.9640276]))
    #expect(try close(Tensor.from([0, 1]).clamped(minimum: 1e-5).logarithm(), [-11.512925, 0]))
  }

  @Test func shapesAndSelection() throws {
    let a = try Tensor.from([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let rows = try a.selected(dim: 0, indices: try Tensor.from(integers: [2, 0], shape: [2]))
    #expect(try rows.floats() == [5, 6, 1, 2])
    #expect(try Tensor.concatenated([rows, a.narrowed(0, 0..<1)], dim: 0).shape == [3, 2])
    #expect(try a.reshaped([-1, 3]).shape == [2, 3])
    #expect(try a.unsqueezed(0).squeezed(0).shape == [3, 2])
    #expect(throws: TorchError.self) { try a.narrowed(0, 2..<5) }
    #expect(throws: TorchError.self) { try a.reshaped([5]) }
    #expect(throws: TorchError.self) { try Tensor.concatenated([], dim: 0) }
  }

  @Test func products() throws {
    let x = try Tensor.from([1, 2], shape: [1, 2])
    let weight = try Tensor.from([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let bias = try Tensor.from([1, 0, -1])
    #expect(try x.linear(weight: weight, bias: bias).floats() == [6, 11, 16])
    #expect(try x.linear(weight: weight).floats() == [5, 11, 17])
    #expect(try x.affine(weight: try weight.transposed(0, 1), bias: bias).floats() == [6, 11, 16])
    #expect(try x.matrixProduct(try weight.transposed(0, 1)).floats() == [5, 11, 17])
  }

  @Test func attentionWeighsValues() throws {
    let queries = try Tensor.from([1, 0], shape: [1, 1, 2])
    let keys = try Tensor.from([1, 0, 0, 1], shape: [1, 2, 2])
    let values = try Tensor.from([1, 2, 3, 4], shape: [1, 2, 2])
    let attended = try Tensor.attention(queries: queries, keys: keys, values: values, scale: 1)
    #expect(try close(attended, [1.5378828, 2.5378828]))
    let mask = try Tensor.from([0, -Float.infinity], shape: [1, 2])
    let masked = try Tensor.attention(queries: queries, keys: keys, values: values, mask: mask, scale: 1)
    #expect(try masked.floats() == [1, 2])
  }

  @Test func normalisation() throws {
    let x = try Tensor.from([1, 3, 2, 6], shape: [1, 2, 2])
    let ones = try Tensor.from([1, 1])
    let zeros = try Tensor.zeros([2])
    #expect(try close(x.layerNorm(weight: ones, bias: zeros, epsilon: 0), [-1, 1, -1, 1]))
    #expect(try close(x.groupNorm(groups: 2, weight: ones, bias: zeros, epsilon: 0), [-1, 1, -1, 1]))
    #expect(try close(x.instanceNorm(epsilon: 0), [-1, 1, -1, 1]))
    let mean = try Tensor.from([1, 2])
    let variance = try Tensor.from([4, 16])
    #expect(
      try close(x.batchNorm(weight: ones, bias: zeros, mean: mean, variance: variance, epsilon: 0), [0, 1, 0, 1]))
  }

  @Test func convolutions() throws {
    let x = try Tensor.from([1, 2, 3], shape: [1, 1, 3])
    let weight = try Tensor.from([1, 10, 100], shape: [1, 1, 3])
    #expect(try x.convolved1D(weight: weight, padding: 1).floats() == [210, 321, 32])
    #expect(try x.convolved1D(weight: weight, padding: 2, dilation: 2).floats() == [310, 20, 31])
    let bias = try Tensor.from([1])
    #expect(
      try x.transposeConvolved1D(
        weight: try Tensor.from([1, 2, 3, 4], shape: [1, 1, 4]), bias: bias, stride: 2, padding: 1
      ).floats() == [3, 6, 9, 10, 15, 10])
    let flat = try Tensor.from([1, 2, 3, 4], shape: [1, 1, 2, 2])
    let kernel = try Tensor.from([2], shape: [1, 1, 1, 1])
    #expect(try flat.convolved2D(weight: kernel, stride: 2).floats() == [2])
  }

  @Test func signals() throws {
    let x = try Tensor.from([1, 2, 3], shape: [1, 3])
    #expect(try x.reflectionPadded(before: 2, after: 1).floats() == [3, 2, 1, 2, 3, 2])
    #expect(try close(Tensor.hannWindow(size: 4), [0, 0.5, 1, 0.5]))
    // The power of a constant is all in the first bin: (sum of the window)².
    let constant = try Tensor.from([Float](repeating: 1, count: 16), shape: [1, 16])
    let power = try constant.powerSpectrogram(
      fftSize: 8, hop: 4, windowSize: 4, window: try Tensor.hannWindow(size: 4))
    #expect(power.shape == [1, 5, 5])
    #expect(try close(power.narrowed(1, 0..<1), [4, 4, 4, 4, 4]))
  }
}
