import CKernels

/// The rows that the windows of a sequence keep for later windows: the last rows of every signal. Therefore each row of
/// each layer is computed once, in windows of any size.
final class KernelVocoderState {
  /// The kept rows of one stage's signals.
  struct StageTails {
    struct Pair {
      let inner: KernelTail
      /// The input of the pair, before and after the rectifier; nil for the first pair, whose input is the stage's own
      /// signal.
      let sum: KernelTail?
      let rectifiedSum: KernelTail?
    }

    let input: KernelTail
    let raw: KernelTail
    let rectified: KernelTail
    let blocks: [[Pair]]
  }

  let frames: KernelTail
  let stages: [StageTails]
  let output: KernelTail
  private let memory: KernelMemory

  /// The number of frames processed so far.
  var frameCount = 0
  /// The computed rows of each stage.
  var rows: [KernelStageRows] = []
  /// The number of samples returned so far.
  var sampleCount = 0

  init(_ network: KernelHiFiGAN) throws(ModelError) {
    let edge = 2 * KernelHiFiGAN.edgeReach
    var floats = [edge * network.frameSize]
    for stage in network.stages {
      floats.append(stage.inputs)
      let signals = 2 + stage.blocks.reduce(0) { $0 + 3 * $1.pairs.count - 2 }
      floats += Array(repeating: stage.keptRows * stage.channels, count: signals)
    }
    floats.append(edge * network.output.inputs)
    let byteCount = floats.reduce(0) { $0 + KernelMemory.byteCount(floats: $1) }
    // Only pages that are written occupy memory.
    let memory = try KernelMemory(byteCount: byteCount, pages: CK_SMALL_PAGES)
    self.memory = memory
    frames = try KernelTail(memory, rows: edge, channels: network.frameSize)
    var stages: [StageTails] = []
    for stage in network.stages {
      let tail = { () throws(ModelError) in
        try KernelTail(memory, rows: stage.keptRows, channels: stage.channels)
      }
      let input = try KernelTail(memory, rows: 1, channels: stage.inputs)
      let (raw, rectified) = (try tail(), try tail())
      var blocks: [[StageTails.Pair]] = []
      for block in stage.blocks {
        var pairs: [StageTails.Pair] = []
        for index in block.pairs.indices {
          pairs.append(
            StageTails.Pair(
              inner: try tail(), sum: index == 0 ? nil : try tail(), rectifiedSum: index == 0 ? nil : try tail()))
        }
        blocks.append(pairs)
      }
      stages.append(StageTails(input: input, raw: raw, rectified: rectified, blocks: blocks))
    }
    self.stages = stages
    output = try KernelTail(memory, rows: edge, channels: network.output.inputs)
    begin(network)
  }

  /// Resets the state for the first frame of a sequence.
  func begin(_ network: KernelHiFiGAN) {
    frameCount = 0
    sampleCount = 0
    rows = network.stages.map { KernelStageRows($0, input: 0, isEnd: false) }
  }
}
