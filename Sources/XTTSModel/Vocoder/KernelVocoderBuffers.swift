import CKernels

/// The working memory of the network, for any sequence. Signals of successive stages share the memory, in blocks that
/// fit the caches.
final class KernelVocoderBuffers {
  /// The number of frames that are processed at a time.
  let frameCount: Int
  /// The number of input rows of each stage that are processed at a time.
  let inputRows: [Int]
  let frames: KernelSpace
  /// The inputs of each stage, and of the last convolution.
  let inputs: [KernelSpace]
  let raw: KernelSpace
  let rectified: KernelSpace
  let inner: KernelSpace
  /// A pair of convolutions reads one and writes the other.
  let sums: [KernelSpace]
  let rectifiedSum: KernelSpace
  /// The biases, including the speaker's part.
  let biases: [UnsafeMutablePointer<Float>]
  private let memory: KernelMemory

  /// The size of a stage's signal in floats. It is large enough that reading the weights once per block costs little,
  /// and small enough that a few such signals stay in the caches.
  static let blockSize = 1 << 17

  /// - Parameter blockSize: the number of floats of a stage's signal that are computed together.
  init(_ network: KernelHiFiGAN, blockSize: Int) throws(ModelError) {
    let edge = KernelHiFiGAN.edgeReach
    let frameCount = max(1, blockSize / max(network.frameSize, network.input.outputs))
    self.frameCount = frameCount
    inputRows = network.stages.map { max(1, blockSize / ($0.stride * $0.channels)) }
    // The rows of a block, plus the kept rows and those that become certain at the end of the sequence.
    var inputSizes = [(frameCount + 2 * edge) * network.input.outputs]
    var workSize = 0
    var margin = edge * network.frameSize
    for (stage, inputRows) in zip(network.stages, inputRows) {
      let rows = inputRows * stage.stride + stage.padding + stage.keptRows + 2 * edge
      let size = rows * stage.channels
      workSize = max(workSize, size)
      inputSizes.append(size)
      margin = max(margin, stage.margin * stage.channels)
    }
    margin = (margin + 15) / 16 * 16
    let framesSize = (frameCount + 2 * edge) * network.frameSize
    let biasSizes = [network.input.outputs] + network.stages.map(\.upsampling.outputs)
    let spaces = [framesSize] + inputSizes + Array(repeating: workSize, count: 6)
    let byteCount =
      spaces.reduce(0) { $0 + KernelSpace.byteCount(floats: $1, margin: margin) }
      + biasSizes.reduce(0) { $0 + KernelMemory.byteCount(floats: $1 + 15) }
    let memory = try KernelMemory(byteCount: byteCount, pages: CK_SMALL_PAGES)
    self.memory = memory
    let space = { (floats: Int) throws(ModelError) in try KernelSpace(memory, floats: floats, margin: margin) }
    frames = try space(framesSize)
    inputs = try inputSizes.map(space)
    raw = try space(workSize)
    rectified = try space(workSize)
    inner = try space(workSize)
    sums = [try space(workSize), try space(workSize)]
    rectifiedSum = try space(workSize)
    biases = try biasSizes.map { size throws(ModelError) in try memory.takeFloats(size + 15) }
  }
}
