import Foundation
import SpeechCore
import TestSupport
import Testing

@testable import SpeechAudio

private let program = ChildProcess.executable("decoder-fuzz").path
private let process = EncoderProcess(executable: program, arguments: ["encode-audio"])
private let decoder = AudioDecoder(process: DecoderProcess(executable: program, arguments: ["decode-audio"]))

/// 1.3 seconds of a tone, in [-0.5, 0.5].
private func tone(_ frequency: Double = 440, rate: Double = 24_000, seconds: Double = 1.3) -> [Float] {
  (0..<Int(rate * seconds)).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / rate)) }
}

private func rootMeanSquare(_ samples: some Collection<Float>) -> Float {
  (samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)).squareRoot()
}

/// Encodes in pieces of the given sizes, which repeat.
private func pieces(
  _ samples: [Float], _ encoding: AudioEncoding, isStream: Bool, sizes: [Int]
) throws -> [Data] {
  let encoder = try AudioEncoder(encoding, isStream: isStream, process: process)
  var (pieces, start) = ([Data](), 0)
  while start < samples.count {
    let end = min(start + sizes[pieces.count % sizes.count], samples.count)
    pieces.append(try encoder.append(Array(samples[start..<end])))
    start = end
  }
  return pieces + [try encoder.finish()]
}

private func joined(
  _ encoding: AudioEncoding, isStream: Bool, sizes: [Int] = [5_000], _ samples: [Float] = tone()
) throws -> Data {
  Data(try pieces(samples, encoding, isStream: isStream, sizes: sizes).joined())
}

private let containers: [AudioFormat] = [.wav, .flac, .mp3, .opus, .aac, .m4a]

@Suite(.serialized) struct AudioOutputTests {
  /// The most samples that an encoder's frames add.
  private func padding(_ format: AudioFormat) -> Int {
    switch format {
    case .wav, .flac: 1
    case .mp3: 3 * 1_152
    case .opus: 960
    default: 2 * 1_024
    }
  }

  @Test(arguments: containers, [true, false])
  func everyFormatKeepsSoundAndLength(format: AudioFormat, isStream: Bool) throws {
    for (rate, channels) in [(24_000, 1), (8_000, 1), (48_000, 2)] {
      let encoding = AudioEncoding(format, sampleRate: rate, channels: channels)
      let clip = try decoder.decode(joined(encoding, isStream: isStream))
      let expected = Int(1.3 * Double(clip.sampleRate))
      #expect(clip.sampleRate == rate || format == .opus)
      #expect((expected...expected + padding(format)).contains(clip.samples.count), "\(format) \(rate) \(isStream)")
      let middle = clip.samples[clip.samples.count / 4..<clip.samples.count * 3 / 4]
      #expect(abs(rootMeanSquare(middle) - 0.3536) < 0.02, "\(format) \(rate)")
    }
  }

  /// A file does not depend on the pieces in which its samples came, nor a stream on the time.
  @Test(arguments: AudioFormat.allCases, [true, false])
  func equalSamplesGiveEqualBytes(format: AudioFormat, isStream: Bool) throws {
    let encoding = AudioEncoding(format, sampleRate: 16_000)
    let first = try joined(encoding, isStream: isStream)
    #expect(try joined(encoding, isStream: isStream) == first)
    if !isStream { #expect(try joined(encoding, isStream: false, sizes: [1, 777, 40_000]) == first) }
  }

  @Test(arguments: containers)
  func aStreamPlaysFromItsFirstBytes(format: AudioFormat) throws {
    let pieces = try pieces(tone(), AudioEncoding(format), isStream: true, sizes: [6_000])
    var decoder = decoder
    decoder.minimumSeconds = 0.05
    let early = Data(pieces[..<2].joined())
    #expect(try decoder.decode(early).samples.count > 3_000, "\(format)")
    let bytes = pieces.reduce(0) { $0 + $1.count }
    #expect(early.count * 4 < bytes * 3)
  }

  @Test func containersSayThatTheSpeechIsSynthetic() throws {
    for format in containers where format != .aac {
      for isStream in [true, false] {
        let data = try joined(AudioEncoding(format), isStream: isStream)
        #expect(data.firstRange(of: Data(AudioEncoder.mark.utf8)) != nil, "\(format)")
      }
      if format == .m4a { continue }
      let recording = try AudioEncoder.encode(tone(), format: format)
      #expect(recording.firstRange(of: Data(AudioEncoder.mark.utf8)) == nil)
    }
  }

  @Test func aWAVFileHasItsLengthsAndAStreamHasNone() throws {
    func number(_ data: Data, _ offset: Int) -> UInt32 {
      data.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }
    let file = try joined(AudioEncoding(.wav), isStream: false)
    #expect(number(file, 4) == UInt32(file.count - 8) && number(file, 40) == 2 * 31_200)
    let stream = try joined(AudioEncoding(.wav), isStream: true)
    #expect(number(stream, 4) == .max && stream.firstRange(of: Data("data".utf8) + Data([255, 255, 255, 255])) != nil)
    #expect(stream.suffix(62_400) == file[44..<44 + 62_400])
    // Without a sample, a stream still is a WAV file.
    #expect(try AudioEncoder(AudioEncoding(.wav), isStream: true).finish().starts(with: Data("RIFF".utf8)))
  }

  @Test func telephonyGetsRawSamples() throws {
    let companded = try joined(AudioEncoding(.mulaw), isStream: true)
    #expect(companded.count == 10_400)
    #expect(G711.muLaw(0) == 0xFF && G711.muLaw(.max) == 0x80 && G711.muLaw(.min) == 0x00)
    #expect(G711.aLaw(0) == 0xD5 && G711.aLaw(.max) == 0xAA && G711.aLaw(.min) == 0x2A)
    // ITU-T G.711, tables 1a and 2a: the first value of a segment.
    #expect(G711.aLaw(32 * 64) == 0xD5 ^ 0x40 && G711.muLaw((31 << 2)) == 0xEF)
  }

  @Test func bitratesAreKept() throws {
    for format in [AudioFormat.mp3, .opus, .aac, .m4a] {
      let sizes = try [32_000, 96_000].map { bitrate in
        try joined(AudioEncoding(format, bitrate: bitrate), isStream: false, tone(seconds: 4)).count
      }
      #expect(sizes[1] > sizes[0] && sizes[1] < 96_000 / 8 * 5, "\(format) \(sizes)")
    }
    #expect(try joined(AudioEncoding(.mp3), isStream: true, tone(seconds: 4)).count / 4 - 8_000 < 300)
  }

  @Test func aacNeedsItsProcess() throws {
    func message(_ process: EncoderProcess?) -> SpeechError? {
      do {
        let encoder = try AudioEncoder(AudioEncoding(.aac), isStream: true, process: process)
        for _ in 0..<3 { _ = try encoder.append(tone()) }
        return nil
      } catch {
        return error
      }
    }
    #expect(message(process) == nil)
    #expect(message(nil)?.field == "format" && message(nil)?.code == .invalidRequest)
    for script in ["exit 0", "kill -SEGV $$", "printf '\\0\\0\\0\\0'"] {
      #expect(message(EncoderProcess(executable: "/bin/sh", arguments: ["-c", script]))?.code == .internal)
    }
    #expect(
      message(EncoderProcess(executable: "/bin/sh", arguments: ["-c", "exec sleep 60"], seconds: 1))?.code == .internal)
  }
}

@Suite struct ResamplerTests {
  private func resampled(_ samples: [Float], to rate: Int, pieces: Int = 1_000) -> [Float] {
    guard var resampler = Resampler(from: 24_000, to: rate) else { return samples }
    var output: [Float] = []
    for start in stride(from: 0, to: samples.count, by: pieces) {
      output += resampler.append(Array(samples[start..<min(start + pieces, samples.count)]))
    }
    return output + resampler.finish()
  }

  @Test(arguments: AudioEncoding.sampleRates)
  func aToneStaysTheSame(rate: Int) {
    let samples = tone(1_000)
    let output = resampled(samples, to: rate)
    #expect(output.count == (samples.count * rate + 23_999) / 24_000)
    let expected = tone(1_000, rate: Double(rate))
    let middle = output.count / 5..<output.count * 4 / 5
    #expect(middle.allSatisfy { abs(output[$0] - expected[$0]) < 2e-4 })
    #expect(resampled(samples, to: rate, pieces: 37) == output)
  }

  @Test func nothingFoldsIntoANarrowBand() {
    let output = resampled(tone(6_000), to: 8_000)
    #expect(rootMeanSquare(output[1_000..<9_000]) < 1e-4)
    #expect(resampled([], to: 8_000) == [] && resampled([0.5], to: 8_000).count == 1)
  }
}

@Suite struct LoudnessTests {
  /// ITU-R BS.1770: 997 Hz at full scale in one channel is -3.01 LUFS.
  @Test(arguments: [24_000, 48_000])
  func aToneHasItsNominalLoudness(rate: Int) throws {
    let loudness = try #require(Loudness.integrated(tone(997, rate: Double(rate), seconds: 3), sampleRate: rate))
    #expect(abs(loudness - (-3.01 - 6.02)) < 0.1)
  }

  /// EBU Tech 3341: silence between the sounds does not count.
  @Test func pausesDoNotCount() throws {
    let sound = tone(997, seconds: 2)
    let pauses = sound + [Float](repeating: 0, count: 96_000) + sound.map { $0 * 0.01 } + sound
    let loudness = try #require(Loudness.integrated(pauses, sampleRate: 24_000))
    #expect(abs(loudness + 9.03) < 0.7)
    #expect(Loudness.integrated([Float](repeating: 0, count: 24_000), sampleRate: 24_000) == nil)
    #expect(Loudness.integrated([], sampleRate: 24_000) == nil)
    #expect(Loudness.integrated(Array(sound[..<4_000]), sampleRate: 24_000) != nil)
  }

  @Test(arguments: [-30.0, -16, -10], [1, 2])
  func speechReachesItsTargetWithoutPeaksOverTheCeiling(target: Double, channels: Int) throws {
    // Bursts with high peaks, as in speech.
    let speech = tone(300, seconds: 4).enumerated().map { $1 * ($0 % 6_000 < 200 ? 1.9 : 0.12) }
    let (samples, reached) = Loudness.adjusted(speech, to: target, sampleRate: 24_000, channels: channels)
    #expect(samples.count == speech.count)
    #expect(try abs(#require(reached) - target) < 0.3)
    #expect(samples.allSatisfy { abs($0) <= Loudness.ceiling })
    let silence = [Float](repeating: 0, count: 9_000)
    #expect(Loudness.adjusted(silence, to: target, sampleRate: 24_000, channels: channels).samples == silence)
  }
}
