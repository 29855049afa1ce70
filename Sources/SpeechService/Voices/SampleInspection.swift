import SpeechCore

/// Measurements of a reference clip. Pure.
public struct SampleInspection: Sendable, Equatable {
  /// Seconds of the clip.
  public var durationSeconds: Double
  /// Seconds in 20 ms frames louder than -50 dBFS.
  public var activeSeconds: Double
  /// Share of samples at full scale.
  public var clippedShare: Double
  /// Seconds of the whole recording; the clip may be its beginning.
  public var recordingSeconds: Double
  /// Decibels between the loud parts and the noise of the quiet ones; nil for a clip that is too short for an estimate.
  public var signalToNoise: Double?
  /// Seconds in which the sound falls by 60 dB after words; nil for a clip with too few pauses.
  public var echoSeconds: Double?

  /// - Parameter recordingSeconds: nil when the clip is the whole recording.
  public init(_ clip: AudioClip, recordingSeconds: Double? = nil) {
    let frame = max(1, clip.sampleRate / 50)
    var energies: [Float] = []
    var activeFrames = 0
    var clipped = 0
    for start in stride(from: 0, to: clip.samples.count, by: frame) {
      let samples = clip.samples[start..<min(start + frame, clip.samples.count)]
      var energy: Float = 0
      for sample in samples {
        energy += sample * sample
        if abs(sample) >= 0.999 { clipped += 1 }
      }
      // -50 dBFS in mean square.
      energies.append(energy / Float(samples.count))
      if energies.last ?? 0 > 1e-5 { activeFrames += 1 }
    }
    signalToNoise = NoiseEstimate.signalToNoise(clip, energies: energies, frame: frame)
    echoSeconds = EchoEstimate.decaySeconds(clip)
    durationSeconds = clip.durationSeconds
    self.recordingSeconds = recordingSeconds ?? clip.durationSeconds
    activeSeconds = min(clip.durationSeconds, Double(activeFrames * frame) / Double(max(1, clip.sampleRate)))
    clippedShare = clip.samples.isEmpty ? 0 : Double(clipped) / Double(clip.samples.count)
  }

  /// - Throws: `audio_too_short` with under 0.33 s of sound, `invalid_audio` with none.
  public func check(field: String?) throws(SpeechError) {
    guard activeSeconds > 0 else { throw SpeechError(.invalidAudio, "the audio is silent", field: field) }
    guard activeSeconds >= 0.33 else {
      throw SpeechError(.audioTooShort, "the audio holds less than 0.33 seconds of sound", field: field)
    }
  }

  /// Warnings of faults that may make the voice sound worse.
  public var warnings: [String] {
    var warnings: [String] = []
    if activeSeconds < 3 {
      warnings.append("only \(tenths(activeSeconds)) s of sound; 6 s or more resemble the speaker better")
    }
    if activeSeconds < durationSeconds / 2 {
      warnings.append("more than half of the audio is silence")
    }
    if clippedShare > 0.001 {
      warnings.append("the audio is clipped (\(tenths(clippedShare * 100)) % of samples at full scale)")
    }
    if let signalToNoise, signalToNoise < 18 {
      warnings.append("the audio is noisy (\(tenths(signalToNoise)) dB above its noise; 30 or more are better)")
    }
    if let echoSeconds, echoSeconds > 0.5 {
      warnings.append(
        "the audio has echo (\(tenths(echoSeconds)) s; 0.3 or less is better: record closer, in a smaller room)")
    }
    if recordingSeconds > durationSeconds + 1 {
      warnings.append("only the first \(Int(durationSeconds.rounded())) s of a clip are used")
    }
    return warnings
  }

  /// The suitability of the clip for cloning.
  public var quality: ReferenceQuality {
    let noise = min(40, max(0, 30 - (signalToNoise ?? 30)) * 2)
    let echo = min(30, max(0, (echoSeconds ?? 0) - 0.3) * 60)
    let clipping = min(40, clippedShare * 2_000)
    let shortness = min(20, max(0, 6 - activeSeconds) * 5)
    return ReferenceQuality(
      score: Int(max(0, 100 - noise - echo - clipping - shortness).rounded()), soundSeconds: rounded(activeSeconds),
      signalToNoise: signalToNoise.map(rounded), echoSeconds: echoSeconds.map { ($0 * 100).rounded() / 100 },
      clippedPercent: rounded(clippedShare * 100))
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  private func tenths(_ value: Double) -> String { String(rounded(value)) }
}
