import Foundation
import SpeechCore
import Testing

@testable import SpeechAudio

/// One second of a 440 Hz tone.
private let tone = (0..<24_000).map { Float(0.5 * sin(2 * .pi * 440 * Double($0) / 24_000)) }

private func rootMeanSquare(_ samples: [Float]) -> Float {
  (samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)).squareRoot()
}

@Suite struct AudioEncoderTests {
  @Test(arguments: [AudioFormat.wav, .flac, .mp3, .opus])
  func roundTrip(format: AudioFormat) throws {
    let clip = try AudioDecoder().decode(AudioEncoder.encode(tone, format: format))
    #expect(clip.sampleRate == 24_000)
    #expect(abs(clip.samples.count - tone.count) <= 3_000)
    #expect(abs(rootMeanSquare(clip.samples) - rootMeanSquare(tone)) < 0.03)
  }

  @Test func losslessFormatsKeepEverySample() throws {
    let expected = PCM16.samples(tone)
    for format in [AudioFormat.wav, .flac] {
      let decoded = try AudioDecoder().decode(AudioEncoder.encode(tone, format: format))
      #expect(decoded.samples.map { Int16(($0 * 32_768).rounded()) } == expected)
    }
    let pcm = try AudioEncoder.encode(tone, format: .pcm)
    #expect(pcm.count == 48_000)
    #expect(
      Int16(littleEndian: pcm.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 200, as: Int16.self) })
        == expected[100])
  }

  @Test func samplesOutOfRangeAreClipped() throws {
    let pcm = try AudioEncoder.encode([2, -2, .infinity], format: .pcm)
    #expect([UInt8](pcm) == [0xFF, 0x7F, 0x01, 0x80, 0xFF, 0x7F])
  }
}

@Suite struct AudioDecoderTests {
  private func code(_ data: Data, _ decoder: AudioDecoder = AudioDecoder()) -> SpeechError.Code? {
    do {
      _ = try decoder.decode(data, field: "speaker_wav_base64")
      return nil
    } catch {
      return error.code
    }
  }

  @Test func refusesWhatIsNotAudio() {
    #expect(code(Data()) == .invalidAudio)
    #expect(code(Data("RIFF....WAVEfmt ".utf8)) == .invalidAudio)
    #expect(code(Data((0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 31) })) == .invalidAudio)
  }

  @Test func enforcesLimits() throws {
    let wav = try AudioEncoder.encode(tone, format: .wav)
    #expect(code(wav, AudioDecoder(maximumBytes: 1_000)) == .audioTooLarge)
    #expect(code(wav, AudioDecoder(maximumSeconds: 0.5)) == .audioTooLarge)
    #expect(code(try AudioEncoder.encode(Array(tone[..<7_000]), format: .wav)) == .audioTooShort)
    #expect(code(wav, AudioDecoder(sampleRates: 32_000...48_000)) == .invalidAudio)
  }

  @Test func aTruncatedFileGivesWhatIsThere() throws {
    let wav = try AudioEncoder.encode(tone, format: .wav)
    let clip = try AudioDecoder().decode(wav.prefix(30_044))
    #expect(clip.samples.count == 15_000)
  }

  @Test func aHeaderThatClaimsHoursIsNotBelieved() throws {
    var wav = try AudioEncoder.encode(tone, format: .wav)
    wav.replaceSubrange(40..<44, with: [0xF0, 0xFF, 0xFF, 0x7F])
    #expect(try AudioDecoder().decode(wav).samples.count == tone.count)
  }

  /// A WAV file with 48,000 bytes of sound; its header has the given values, which may be wrong.
  private func wav(channels: UInt16 = 1, rate: UInt32 = 24_000, dataBytes: UInt32 = 48_000) -> Data {
    func bytes(_ value: some FixedWidthInteger) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
    var wav = Data("RIFF".utf8) + bytes(UInt32(36) &+ dataBytes) + Data("WAVEfmt ".utf8) + bytes(UInt32(16))
    wav += bytes(UInt16(1)) + bytes(channels) + bytes(rate) + bytes(rate &* 2 &* UInt32(channels))
    wav += bytes(2 &* channels) + bytes(UInt16(16)) + Data("data".utf8) + bytes(dataBytes)
    return wav + PCM16.data(tone)
  }

  @Test func impossibleHeadersAreRefusedOrNotBelieved() throws {
    #expect(code(wav()) == nil)
    for channels: UInt16 in [0, 9, 96, 255, 1_024, 65_535] {
      #expect(code(wav(channels: channels)) == .invalidAudio, "\(channels) channels")
    }
    for rate: UInt32 in [0, 1, 7_999, 192_001, 2_147_483_647, .max] {
      #expect(code(wav(rate: rate)) == .invalidAudio, "\(rate) Hz")
    }
    // Claims of ten hours, and of the largest 32-bit size: only the existing bytes count.
    for claimed: UInt32 in [1_728_000_000, .max] {
      #expect(try AudioDecoder().decode(wav(dataBytes: claimed)).samples.count == tone.count)
    }
  }

  @Test(arguments: [AudioFormat.opus, .mp3, .flac])
  func aCutOffFileIsReadToTheCutOrRefused(format: AudioFormat) throws {
    let whole = try AudioEncoder.encode(tone, format: format)
    for share in 1..<20 {
      let part = whole.prefix(whole.count * share / 20)
      if let clip = try? AudioDecoder().decode(part) {
        #expect(clip.samples.count <= tone.count + 3_000 && clip.samples.allSatisfy(\.isFinite))
      } else {
        #expect([.invalidAudio, .audioTooShort].contains(code(part)))
      }
    }
  }

  /// A FLAC file whose header claims this number of samples; it contains one second of sound.
  private func flac(claiming frames: UInt64, rate: Int) throws -> Data {
    var flac = try AudioEncoder.encode(tone, format: .flac, sampleRate: rate)
    // These are the last 36 bits of STREAMINFO's first 18 bytes, which follow four bytes of signature and four of block
    // header.
    flac[21] = flac[21] & 0xF0 | UInt8(truncatingIfNeeded: frames >> 32 & 0x0F)
    for byte in 0..<4 { flac[22 + byte] = UInt8(truncatingIfNeeded: frames >> UInt64(24 - 8 * byte)) }
    return flac
  }

  /// The header of a recording that would decode to half a gigabyte suffices to refuse it.
  @Test func aRecordingIsRefusedByRateChannelsAndSecondsBeforeItIsDecoded() throws {
    let bomb = try flac(claiming: 598 * 192_000, rate: 192_000)
    let error = #expect(throws: SpeechError.self) { try AudioDecoder().decode(bomb, field: "speaker_wav_base64") }
    #expect(error?.code == .audioTooLarge && error?.field == "speaker_wav_base64")
    #expect(error?.message.contains("57600000 samples") == true && error?.message.contains("114816000") == true)
    let long = try flac(claiming: 601 * 24_000, rate: 24_000)
    #expect(code(long) == .audioTooLarge)
    #expect(
      #expect(throws: SpeechError.self) { try AudioDecoder().header(of: long) }?.message.contains("600 s") == true)
    #expect(try AudioDecoder().header(of: flac(claiming: 599 * 48_000, rate: 48_000)).seconds == 599)
  }

  /// Unused audio is not decoded, and the array of the clip has no spare memory while it waits for the engine.
  @Test func decodingEndsAtWhatIsKept() throws {
    let rate = 96_000
    let samples = (0..<rate * 40).map { Float(0.5 * sin(Double($0) / 40)) }
    let recording = try AudioEncoder.encode(samples, format: .flac, sampleRate: rate)
    let clip = try AudioDecoder().decode(recording, keeping: 30)
    #expect(clip.samples.count == 30 * rate && clip.samples.capacity < 30 * rate + 4_096)
    #expect(clip.samples[...] == (try AudioDecoder().decode(recording).samples)[..<(30 * rate)])
    // The part of the file after the kept audio is not read, so it may be damaged.
    let damaged = recording.prefix(recording.count * 4 / 5)
    #expect(try AudioDecoder().decode(damaged, keeping: 30) == clip)
    let header = try AudioDecoder().header(of: recording)
    #expect(header == AudioHeader(sampleRate: rate, channels: 1, frameCount: 40 * rate))
    #expect(header.keptFrames(seconds: 30) == 30 * rate && header.keptFrames(seconds: 60) == 40 * rate)
    #expect(AudioHeader(sampleRate: rate, channels: 1, frameCount: nil).keptFrames(seconds: 30) == 30 * rate)
  }

  @Test func refusesSamplesThatAreNotNumbers() {
    var wav = Data("RIFF".utf8) + Data([0, 0, 1, 0]) + Data("WAVEfmt ".utf8)
    wav += Data([16, 0, 0, 0, 3, 0, 1, 0, 0xC0, 0x5D, 0, 0, 0, 0x77, 1, 0, 4, 0, 32, 0])
    wav += Data("data".utf8) + Data([0, 0, 1, 0])
    for _ in 0..<16_384 { wav += Data([0, 0, 0xC0, 0x7F]) }
    #expect(code(wav) == .invalidAudio)
  }
}

/// Kinds of files that libsndfile reads but no documentation allows never reach libsndfile.
@Suite struct AudioSignatureTests {
  /// A valid file of one second, of a kind that libsndfile decodes: Sun's AU with 16-bit samples.
  private var sunAudio: Data {
    var file = Data(".snd".utf8)
    for value in [24, 48_000, 3, 24_000, 1, 0] as [UInt32] {
      withUnsafeBytes(of: value.bigEndian) { file.append(contentsOf: $0) }
    }
    for sample in tone {
      withUnsafeBytes(of: Int16(sample * 32_767).bigEndian) { file.append(contentsOf: $0) }
    }
    return file
  }

  @Test func otherKindsOfFilesAreRefusedBeforeTheyAreDecoded() {
    let starts = [
      "FORM\0\0\0\0AIFFCOMM", "MATLAB 5.0", "Creative Voice File\u{1A}", "LM8953", "NIST_1A",
      "RIFF\0\0\0\0AVI ",
    ]
    for data in [sunAudio] + starts.map({ Data($0.utf8) + Data(count: 4_000) }) {
      let error = #expect(throws: SpeechError.self) { try AudioDecoder().decode(data, field: "speaker_wav_base64") }
      #expect(error?.code == .invalidAudio && error?.message.contains("WAV, FLAC, MP3 or OGG") == true)
    }
  }

  @Test func theAcceptedKindsAreKnownByTheirFirstBytes() {
    let accepted: [Data] = [
      Data("RIFF\0\0\0\0WAVEfmt ".utf8), Data("RF64\0\0\0\0WAVEds64".utf8), Data("fLaC\0\0\0\"".utf8),
      Data("OggS\0\u{2}".utf8), Data("ID3\u{4}".utf8), Data([0xFF, 0xFB, 0x90, 0x64]),
    ]
    for data in accepted { #expect(AudioSignature.matches(data)) }
    for data in [Data("<!DOCTYPE html>".utf8), Data(), Data([0xFF]), Data([0xFF, 0xF1])] {
      #expect(!AudioSignature.matches(data))
    }
  }
}
