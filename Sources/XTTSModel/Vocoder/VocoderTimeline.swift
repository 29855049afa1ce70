/// The relative positions of a sequence's codes, vocoder frames and samples. It computes the window to decode so that
/// any part of the samples is exactly the same as if the whole sequence were decoded at once.
///
/// Latents of codes are stretched by the speed, then to frames (4 per code), then to the output rate, each time by
/// linear interpolation. A frame becomes 256 samples, whose values depend on the frames within the vocoder's receptive
/// field. (The numbers are those of the published model.)
struct VocoderTimeline: Sendable, Equatable {
  /// Stages from codes to frames, in order.
  let stages: [LinearInterpolation]
  let receptiveField: VocoderReceptiveField
  /// The number of samples per frame: 256 in the published model.
  let samplesPerFrame: Int

  /// - Parameter speed: above 1 is faster; upstream's `speed`.
  init(configuration: XTTSConfiguration, receptiveField: VocoderReceptiveField, speed: Float) {
    let framesPerCode = Double(configuration.gpt.codeStride) / Double(configuration.outputHopLength)
    var stages = [LinearInterpolation(scale: framesPerCode)]
    if configuration.inputSampleRate != configuration.outputSampleRate {
      let rate = Double(configuration.outputSampleRate) / Double(configuration.inputSampleRate)
      stages.append(LinearInterpolation(scale: rate, copiesEqualLength: true))
    }
    if speed != 1 {
      stages.insert(LinearInterpolation(scale: 1 / max(Double(speed.description) ?? Double(speed), 0.05)), at: 0)
    }
    self.stages = stages
    self.receptiveField = receptiveField
    samplesPerFrame = receptiveField.samplesPerFrame
  }

  /// The number of samples of a whole sequence of `codeCount` codes.
  func sampleCount(codeCount: Int) -> Int {
    frameCount(codeCount: codeCount) * samplesPerFrame
  }

  /// The number of vocoder frames of a whole sequence of `codeCount` codes.
  func frameCount(codeCount: Int) -> Int {
    stages.reduce(codeCount) { $1.outputCount($0) }
  }

  /// The number of samples, from the start, that can be decoded from `codeCount` codes.
  /// - Parameter isComplete: whether these are all codes. Otherwise samples that later codes will change are not
  ///   counted.
  func decodableSampleCount(codeCount: Int, isComplete: Bool) -> Int {
    guard !isComplete else { return sampleCount(codeCount: codeCount) }
    return receptiveField.certainSampleCount(frameCount: certainFrameCount(codeCount: codeCount, isComplete: false))
  }

  /// The number of frames, from the start, that `codeCount` codes determine.
  func certainFrameCount(codeCount: Int, isComplete: Bool) -> Int {
    guard !isComplete else { return frameCount(codeCount: codeCount) }
    return stages.reduce(codeCount) { $1.certainOutputCount($0) }
  }

  /// The window to decode for `samples`, which count from the sequence's start.
  /// - Parameters:
  ///   - codeCount: the number of available codes.
  ///   - isComplete: whether these are all codes.
  /// - Throws: ``ModelError`` `invalidArgument` for samples that can't be decoded yet.
  func window(
    samples: Range<Int>, codeCount: Int, isComplete: Bool
  ) throws(ModelError) -> VocoderWindow {
    let decodable = decodableSampleCount(codeCount: codeCount, isComplete: isComplete)
    guard samples.lowerBound >= 0, samples.upperBound <= decodable else {
      throw ModelError(.invalidArgument, "can't decode the samples \(samples): only \(decodable) are decodable")
    }
    let lastFrame = isComplete ? frameCount(codeCount: codeCount) : Int.max
    let frames = receptiveField.frames(for: samples).clamped(to: 0..<lastFrame)
    let stretch = stretch(to: frames, codeCount: codeCount, isComplete: isComplete)
    let skipped = samples.lowerBound - frames.lowerBound * samplesPerFrame
    return VocoderWindow(
      stretch: stretch, samples: samples, keptSamples: skipped..<(skipped + samples.count))
  }

  /// The interpolation from the codes' latents to `frames`.
  func stretch(to frames: Range<Int>, codeCount: Int, isComplete: Bool) -> LatentStretch {
    // The number of rows of the whole sequence before each stage, known only at its end.
    var totals: [Int?] = []
    var total = codeCount
    for stage in stages {
      totals.append(isComplete ? total : nil)
      total = stage.outputCount(total)
    }
    // The rows that the frames depend on, from the last stage back.
    var rows = frames
    var ranges = [rows]
    for (stage, total) in zip(stages, totals).reversed() {
      rows = stage.inputs(for: rows, inputCount: total)
      ranges.append(rows)
    }
    return LatentStretch(stages: stages, rows: ranges.reversed(), totals: totals)
  }

  /// The next window of a sequence after `emitted` samples; nil when no new sample can be decoded.
  func nextWindow(after emitted: Int, codeCount: Int, isComplete: Bool) throws(ModelError) -> VocoderWindow? {
    let decodable = decodableSampleCount(codeCount: codeCount, isComplete: isComplete)
    guard decodable > emitted else { return nil }
    return try window(samples: emitted..<decodable, codeCount: codeCount, isComplete: isComplete)
  }
}
