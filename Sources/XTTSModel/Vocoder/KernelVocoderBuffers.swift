import CKernels

/// What the network works on, for any sequence: signals that are laid over the same memory stage after stage, in blocks
/// that the caches hold.
final class KernelVocoderBuffers {
  /// Frames taken in at a time.
  let frameCount: Int
  /// Input rows of each stage taken in at a time.
  let inputRows: [Int]
  let frames: KernelSpace
  /// Input of each stage, and of the last convolution.
  let inputs: [KernelSpace]
  let raw: KernelSpace
  let rectified: KernelSpace
  let inner: KernelSpace
  /// A pair reads one and writes the other.
  let sums: [KernelSpace]
  let rectifiedSum: KernelSpace
  /// Biases with the speaker's part in them.
  let biases: [UnsafeMutablePointer<Float>]
  private let memory: KernelMemory

  /// Floats of a stage's signal: large enough for the weights of a stage, read once a block, not to count, small enough
  /// for a few such signals to stay in the caches.
  static let blockSize = 1 << 17

  /// - Parameter blockSize: floats of a stage's signal that are computed together.
  init(_ network: KernelHiFiGAN, blockSize: Int) throws(ModelError) {
    let edge = KernelHiFiGAN.edgeReach
    let frameCount = max(1, blockSize / max(network.frameSize, network.input.outputs))
    self.frameCount = frameCount
    inputRows = network.stages.map { max(1, blockSize / ($0.stride * $0.channels)) }
    // A block's rows, and what was kept and becomes certain at the end besides.
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
