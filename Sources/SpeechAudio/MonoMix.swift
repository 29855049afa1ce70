/// Collects the kept part of a recording as mono samples, block by block.
struct MonoMix {
  /// The use of the channels.
  enum Choice: Equatable {
    case mean
    case channel(Int)
  }

  private let channels: Int
  private let choice: Choice
  /// Frames after which nothing more is used.
  private let wantedFrames: Int
  /// Frames of 20 ms.
  private let window: Int
  /// -50 dBFS in mean square.
  private static let silence: Float = 1e-5

  /// Samples in [-1, 1].
  private(set) var samples: [Float] = []
  /// Read frames, including those that were not kept.
  private(set) var readFrames = 0
  /// Frames of silence at the start that were dropped because the recording is longer than the kept part.
  private(set) var skippedFrames = 0
  private var silentFrames = 0
  private var energies: [Double]
  private var mixEnergy = 0.0

  /// - Parameter wantedFrames: nil keeps all.
  init(channels: Int, sampleRate: Int, wantedFrames: Int?, choice: Choice = .mean) {
    self.channels = channels
    self.choice = choice
    self.wantedFrames = wantedFrames ?? .max
    window = max(1, sampleRate / 50)
    energies = [Double](repeating: 0, count: channels)
  }

  var isFull: Bool { samples.count >= wantedFrames }

  /// The loudest channel, if the mean lost most of the energy: channels of opposite sign cancel. Channels that are
  /// independent of each other lose none by this measure.
  var channelInsteadOfMean: Int? {
    let total = energies.reduce(0, +)
    guard choice == .mean, channels > 1, total > 0 else { return nil }
    guard mixEnergy * Double(channels * channels) < total / 10 else { return nil }
    return energies.indices.max { energies[$0] < energies[$1] }
  }

  /// - Parameter block: interleaved, `[frames × channels]` or longer.
  /// - Returns: false if a sample is not a finite number.
  mutating func append(_ block: [Float], frames: Int) -> Bool {
    let start = samples.count
    readFrames += frames
    for frame in 0..<frames {
      var sum: Float = 0
      for channel in 0..<channels {
        let sample = block[frame * channels + channel]
        energies[channel] += Double(sample * sample)
        sum += sample
      }
      let mean = sum / Float(channels)
      guard mean.isFinite else { return false }
      mixEnergy += Double(mean * mean)
      let value = if case .channel(let chosen) = choice { block[frame * channels + chosen] } else { mean }
      samples.append(min(max(value, -1), 1))
    }
    if silentFrames == start, isSilent(samples[start...]) { silentFrames = samples.count }
    dropSilence()
    return true
  }

  /// Drops leading silence where it would take the place of sound, and what is beyond the wanted frames.
  private mutating func dropSilence() {
    guard isFull else { return }
    let dropped = min(silentFrames, samples.count)
    samples.removeFirst(dropped)
    skippedFrames += dropped
    silentFrames = 0
    if dropped == 0 || samples.count > wantedFrames {
      samples.removeLast(max(0, samples.count - wantedFrames))
    }
  }

  private func isSilent(_ samples: ArraySlice<Float>) -> Bool {
    stride(from: samples.startIndex, to: samples.endIndex, by: window).allSatisfy { start in
      let part = samples[start..<min(start + window, samples.endIndex)]
      return part.reduce(0) { $0 + $1 * $1 } <= Self.silence * Float(part.count)
    }
  }
}
