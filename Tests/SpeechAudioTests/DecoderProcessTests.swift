import Foundation
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import SpeechAudio

/// The decoder's program of these tests.
private let program = ChildProcess.executable("decoder-fuzz").path

private func decoder(_ change: (inout DecoderProcess) -> Void = { _ in }) -> AudioDecoder {
  var process = DecoderProcess(executable: program, arguments: ["decode-audio"])
  change(&process)
  return AudioDecoder(process: process)
}

private func fixture(_ name: String) throws -> Data {
  try Data(contentsOf: try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)))
}

private func message(_ data: Data, _ decoder: AudioDecoder) -> String? {
  do {
    _ = try decoder.decode(data, field: "speaker_wav_base64", keeping: 30)
    return nil
  } catch {
    #expect(error.code == .invalidAudio && error.field == "speaker_wav_base64")
    return error.message
  }
}

private func tone(seconds: Double, rate: Double = 24_000) -> [Float] {
  (0..<Int(seconds * rate)).map { Float(0.4 * sin(2 * .pi * 440 * Double($0) / rate)) }
}

/// Each test starts processes, so few run at a time.
@Suite(.serialized) struct DecoderProcessTests {
  @Test(arguments: [
    ("opus.webm", 48_000), ("aac.m4a", 24_000), ("fragmented.mp4", 24_000), ("adts.aac", 24_000), ("alac.m4a", 16_000),
    ("pcm.caf", 16_000), ("speex.ogg", 16_000), ("noise.amr", 8_000), ("noise.3gp", 8_000),
  ])
  func whatPhonesAndBrowsersRecordIsDecoded(name: String, rate: Int) throws {
    let data = try fixture(name)
    let audio = try decoder().read(data, keeping: 30)
    #expect(audio.clip.sampleRate == rate && abs(audio.clip.durationSeconds - 1.2) < 0.1)
    #expect(abs(audio.recordingSeconds - 1.2) < 0.1)
    #expect(audio.clip.samples.contains { $0 > 0.2 } && audio.clip.samples.allSatisfy { abs($0) <= 1 })
    #expect(try decoder().header(of: data).sampleRate == rate)
    #expect(try decoder().memoryBytes(of: data, keeping: 30) >= audio.clip.samples.count * 4 + data.count)
    let refusal = try #require(message(data, AudioDecoder()))
    #expect(refusal.contains("WAV, FLAC, MP3 or OGG"))
  }

  @Test func windowsMediaIsRefusedByName() throws {
    let refusal = try #require(message(fixture("windows.wma"), decoder()))
    #expect(refusal.contains("WMA") && refusal.contains("WebM") && refusal.contains("AMR"))
  }

  /// Zeros in front, zeros after an ID3 tag, and a start in the middle of a frame.
  @Test func anMP3FileWithARestInFrontIsDecoded() throws {
    let mp3 = try AudioEncoder.encode(tone(seconds: 2), format: .mp3)
    let tag = Data("ID3".utf8) + Data([3, 0, 0, 0, 0, 0x0A, 0])
    for data in [Data(count: 3_000) + mp3, tag + Data(count: 1_280 + 500) + mp3, mp3.dropFirst(700)] {
      #expect(try decoder().decode(Data(data), keeping: 30).durationSeconds > 1.7)
    }
  }

  @Test func aDecoderThatIsKilledOrHangsLosesOneRecording() throws {
    let data = try fixture("aac.m4a")
    func shell(_ script: String) -> AudioDecoder {
      decoder {
        ($0.executable, $0.arguments) = ("/bin/sh", ["-c", script])
        $0.wallSeconds = 1
      }
    }
    let crashes = Mutex(0)
    let counted = decoder {
      ($0.executable, $0.arguments) = ("/bin/sh", ["-c", "kill -SEGV $$"])
      $0.onCrash = { crashes.withLock { $0 += 1 } }
    }
    _ = message(data, counted)
    #expect(crashes.withLock { $0 } == 1)
    #expect(message(data, shell("kill -KILL $$"))?.contains("ended by the system") == true)
    #expect(message(data, shell("kill -SEGV $$"))?.contains("crashed") == true)
    #expect(message(data, shell("exec sleep 60"))?.contains("1 s") == true)
    #expect(message(data, shell("exec cat /dev/zero"))?.contains("1 s") == true)
    #expect(message(data, shell("exit 0"))?.contains("without a result") == true)
    #expect(try decoder().decode(data).durationSeconds > 1)
  }

  @Test func memoryAndTimeOfADecoderAreLimited() throws {
    let data = try fixture("opus.webm")
    let refusal = message(data, decoder { $0.memory = 64 << 10 })
    #expect(refusal?.contains("memory") == true)
    #expect(throws: SpeechError.self) { try decoder { $0.executable = "/no/such/program" }.decode(data) }
  }

  @Test func manyDecodersRunTogether() async throws {
    let data = try fixture("adts.aac")
    let decoder = decoder()
    let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<24 {
        group.addTask {
          try await DedicatedThread.run("decoder") { _ throws(SpeechError) in try decoder.decode(data).samples.count }
        }
      }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(lengths.count == 1)
  }

  @Test func aConfinedProcessCanReadAndWriteNothingElse() async throws {
    #expect(try await output(["attempts"]) == "end\n")
  }

  /// Crashes count as failures here; `make fuzz-decoder` runs 2,000 files per container.
  @Test(arguments: [
    ("matroska", "opus.webm"), ("mov", "aac.m4a"), ("mov", "fragmented.mp4"), ("aac", "adts.aac"), ("mov", "alac.m4a"),
    ("caf", "pcm.caf"), ("ogg", "speex.ogg"), ("amr", "noise.amr"), ("mov", "noise.3gp"),
    ("ogg", "opus.ogg"), ("mp3", "sound.mp3"), ("flac", "sound.flac"), ("wav", "sound.wav"),
  ])
  func damagedFilesEndInSamplesOrARefusal(container: String, name: String) async throws {
    let path = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)).path
    let counts = try await output([container, path, "200"]).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    try #require(counts.count == 4)
    #expect(counts[0] + counts[1] == 200 && counts[0] > 0)
  }

  private func output(_ arguments: [String]) async throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    #expect(await (try ChildProcess(process)).exitStatus() == 0)
    return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }
}

@Suite struct BetterReferenceTests {
  /// Silence in front of a long recording does not take the place of its sound.
  @Test func leadingSilenceOfALongRecordingIsSkipped() throws {
    let rate = 24_000
    let silence = [Float](repeating: 0, count: 32 * rate)
    let data = try AudioEncoder.encode(silence + tone(seconds: 6), format: .flac)
    let audio = try AudioDecoder().read(data, keeping: 30)
    #expect(audio.clip.durationSeconds >= 6 && audio.clip.durationSeconds < 8)
    #expect(audio.skippedSeconds > 30 && audio.recordingSeconds < 8)
    // A short recording is kept as it is.
    let short = try AudioEncoder.encode(silence.prefix(2 * rate) + tone(seconds: 2), format: .flac)
    #expect(try AudioDecoder().read(short, keeping: 30).clip.durationSeconds == 4)
  }

  private func wav(_ channels: [[Float]]) -> Data {
    func bytes(_ value: some FixedWidthInteger) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
    let count = channels.count
    let body = PCM16.data(channels[0].indices.flatMap { index in channels.map { $0[index] } })
    var wav = Data("RIFF".utf8) + bytes(UInt32(36 + body.count)) + Data("WAVEfmt ".utf8) + bytes(UInt32(16))
    wav += bytes(UInt16(1)) + bytes(UInt16(count)) + bytes(UInt32(24_000)) + bytes(UInt32(48_000 * count))
    wav += bytes(UInt16(2 * count)) + bytes(UInt16(16)) + Data("data".utf8) + bytes(UInt32(body.count))
    return wav + body
  }

  @Test func theLoudestChannelReplacesAMeanThatCancels() throws {
    let sound = tone(seconds: 1)
    let inverted = try AudioDecoder().read(wav([sound.map { -$0 * 0.9 }, sound]))
    #expect(inverted.isSingleChannel)
    #expect(inverted.clip == (try AudioDecoder().decode(wav([sound]))))
    let silence = [Float](repeating: 0, count: sound.count)
    for channels in [[sound, sound], [sound, silence], [sound, silence, silence, silence]] {
      #expect(try !AudioDecoder().read(wav(channels)).isSingleChannel)
    }
  }

  @Test func aWAVFileWithUnfilledLengthsOrWithoutAPadByteIsReadWhole() throws {
    let plain = wav([tone(seconds: 1)])
    let expected = try AudioDecoder().decode(plain)
    // A number's bytes are not a chunk's name.
    var unfilled = plain
    for range in [4..<8, 40..<44] { unfilled.replaceSubrange(range, with: [0, 0, 0, 0]) }
    var placeholder = unfilled
    placeholder.replaceSubrange(4..<8, with: [36, 0, 0, 0])
    let list = Data("LIST".utf8) + Data([5, 0, 0, 0]) + Data("INFO\0".utf8)
    let odd = plain.prefix(36) + list + plain.dropFirst(36)
    for data in [unfilled, placeholder, Data(odd)] { #expect(try AudioDecoder().decode(data) == expected) }
  }
}
