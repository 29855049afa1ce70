import CKernels

/// What a sequence's windows leave for the ones that follow: the last rows of every signal. So each row of each layer is
/// computed once, however the sequence is cut.
final class KernelVocoderState {
  /// One stage's signals.
  struct StageTails {
    struct Pair {
      let inner: KernelTail
      /// What the pair starts from, before and after the rectifier; the first pair's are the stage's own.
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

  /// Frames taken in so far.
  var frameCount = 0
  /// Rows of each stage.
  var rows: [KernelStageRows] = []
  /// Samples given so far.
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
    // Only rows that are kept take memory.
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

  /// Forgets all: the next frame is a sequence's first.
  func begin(_ network: KernelHiFiGAN) {
    frameCount = 0
    sampleCount = 0
    rows = network.stages.map { KernelStageRows($0, input: 0, isEnd: false) }
  }
}
