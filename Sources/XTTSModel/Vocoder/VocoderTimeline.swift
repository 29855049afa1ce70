/// How a sequence's codes, vocoder frames and samples lie against each other, and what has to be decoded to get a given
/// part of the samples exactly as if all were decoded at once.
///
/// A code's latent is stretched by the speed, then to frames (4 per code), then to the output rate, each time by
/// linear interpolation; a frame becomes 256 samples whose values depend on the frames within the vocoder's receptive
/// field. (Figures are the published model's.)
public struct VocoderTimeline: Sendable, Equatable {
  /// Stages from codes to frames, in order.
  let stages: [LinearInterpolation]
  let receptiveField: VocoderReceptiveField
  public let samplesPerFrame: Int

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

  /// Samples of a whole sequence of `codeCount` codes.
  public func sampleCount(codeCount: Int) -> Int {
    frameCount(codeCount: codeCount) * samplesPerFrame
  }

  /// Vocoder frames of a whole sequence of `codeCount` codes.
  public func frameCount(codeCount: Int) -> Int {
    stages.reduce(codeCount) { $1.outputCount($0) }
  }

  /// How many samples from the start can be decoded now that `codeCount` codes are there.
  /// - Parameter isComplete: no code follows. Without it, samples that the next codes will change are not counted.
  public func decodableSampleCount(codeCount: Int, isComplete: Bool) -> Int {
    guard !isComplete else { return sampleCount(codeCount: codeCount) }
    return receptiveField.certainSampleCount(frameCount: certainFrameCount(codeCount: codeCount, isComplete: false))
  }

  /// Frames from the start that are known now that `codeCount` codes are there.
  func certainFrameCount(codeCount: Int, isComplete: Bool) -> Int {
    guard !isComplete else { return frameCount(codeCount: codeCount) }
    return stages.reduce(codeCount) { $1.certainOutputCount($0) }
  }

  /// What to decode to get `samples`, counted from the sequence's start.
  /// - Parameters:
  ///   - codeCount: codes that are there.
  ///   - isComplete: no code follows.
  /// - Throws: ``ModelError`` `invalidArgument` for samples that can't be decoded yet.
  public func window(
    samples: Range<Int>, codeCount: Int, isComplete: Bool
  ) throws(ModelError) -> VocoderWindow {
    let decodable = decodableSampleCount(codeCount: codeCount, isComplete: isComplete)
    guard samples.lowerBound >= 0, samples.upperBound <= decodable else {
      throw ModelError(.invalidArgument, "samples \(samples) asked for, \(decodable) can be decoded")
    }
    let lastFrame = isComplete ? frameCount(codeCount: codeCount) : Int.max
    let frames = receptiveField.frames(for: samples).clamped(to: 0..<lastFrame)
    let stretch = stretch(to: frames, codeCount: codeCount, isComplete: isComplete)
    let skipped = samples.lowerBound - frames.lowerBound * samplesPerFrame
    return VocoderWindow(
      stretch: stretch, samples: samples, keptSamples: skipped..<(skipped + samples.count))
  }

  /// How to get `frames` from the codes' latents.
  func stretch(to frames: Range<Int>, codeCount: Int, isComplete: Bool) -> LatentStretch {
    // Rows of the whole sequence before each stage, known only at its end.
    var totals: [Int?] = []
    var total = codeCount
    for stage in stages {
      totals.append(isComplete ? total : nil)
      total = stage.outputCount(total)
    }
    // The rows that the frames need, from the last stage back.
    var rows = frames
    var ranges = [rows]
    for (stage, total) in zip(stages, totals).reversed() {
      rows = stage.inputs(for: rows, inputCount: total)
      ranges.append(rows)
    }
    return LatentStretch(stages: stages, rows: ranges.reversed(), totals: totals)
  }

  /// The next window of a sequence that has given `emitted` samples so far, nil when nothing new can be decoded.
  public func nextWindow(after emitted: Int, codeCount: Int, isComplete: Bool) throws(ModelError) -> VocoderWindow? {
    let decodable = decodableSampleCount(codeCount: codeCount, isComplete: isComplete)
    guard decodable > emitted else { return nil }
    return try window(samples: emitted..<decodable, codeCount: codeCount, isComplete: isComplete)
  }
}
