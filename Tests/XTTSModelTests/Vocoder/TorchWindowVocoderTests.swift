import Testing

@testable import XTTSModel

@Suite struct TorchWindowVocoderTests {
  private let vocoder: Vocoder
  private let model: TestModel

  init() throws {
    model = try TestModel()
    vocoder = try model.load().vocoder
  }

  private func window(
    _ request: Int, codes: Range<Int>, isLast: Bool = true, speed: Float = 1
  ) -> AudioWindow {
    AudioWindow(
      sequence: SequenceKey(request: request, segment: 0), codes: codes, isLast: isLast, isBeside: true,
      latents: noise(codes.upperBound * vocoder.latentSize, "latents \(request)"),
      speakerEmbedding: noise(vocoder.speakerSize, "speaker \(request)"), speed: speed)
  }

  private func decode(_ windows: [AudioWindow], isBatched: Bool) throws -> [Int: [Float]] {
    let decoder = try TorchWindowVocoder(vocoder, device: .cpu, isBatched: isBatched)
    decoder.begin(windows)
    var samples: [Int: [Float]] = [:]
    for window in decoder.finishedWindows(waits: true) { samples[window.sequence.request] = try window.samples.get() }
    #expect(decoder.finishedWindows(waits: true).isEmpty)
    return samples
  }

  /// Windows decoded together equal windows decoded one by one, up to the float32 rounding of batched convolutions.
  @Test func windowsTogetherAreWindowsAlone() throws {
    let windows = [
      window(0, codes: 0..<6), window(1, codes: 0..<9), window(2, codes: 0..<6), window(3, codes: 0..<6, speed: 1.3),
      window(4, codes: 8..<16, isLast: false), window(5, codes: 0..<6),
    ]
    let requests = try windows.compactMap { try vocoder.request($0) }
    let batched = try TorchWindowVocoder(vocoder, device: .cpu, isBatched: true)
    let groups = batched.groups(requests).map { $0.map(\.sequence.request) }
    #expect(groups.contains([0, 2, 5]) && groups.flatMap { $0 }.sorted() == Array(windows.indices))
    let together = try decode(windows, isBatched: true)
    let alone = try decode(windows, isBatched: false)
    #expect(together.count == windows.count && alone.count == windows.count)
    for request in requests {
      let (one, other) = (together[request.sequence.request] ?? [], alone[request.sequence.request] ?? [])
      #expect(one.count == request.window.samples.count)
      #expect(relativeDifference(one, other) < 1e-5)
    }
  }

  @Test func withoutBatchesEachIsItsOwnGroup() throws {
    let requests = try [window(0, codes: 0..<6), window(1, codes: 0..<6)].compactMap { try vocoder.request($0) }
    let alone = try TorchWindowVocoder(vocoder, device: .cpu, isBatched: false)
    #expect(alone.groups(requests).map(\.count) == [1, 1])
  }

  @Test func onlyTheWindowWithMissingLatentsFails() throws {
    var bad = window(0, codes: 0..<6)
    bad.latents = bad.latents.dropLast()
    let decoder = try TorchWindowVocoder(vocoder, device: .cpu, isBatched: true)
    decoder.begin([bad, window(1, codes: 0..<6)])
    for finished in decoder.finishedWindows(waits: true) {
      if finished.sequence.request == 1 {
        #expect(try finished.samples.get().isEmpty == false)
      } else {
        #expect(throws: ModelError.self) { try finished.samples.get() }
      }
    }
  }

  /// At a higher speed the last code may not be needed.
  @Test func fasterSpeechIsDecodedWhole() throws {
    for codes in [5, 9, 16] {
      let samples = try vocoder.decode(
        latents: noise(codes * vocoder.latentSize), speakerEmbedding: noise(vocoder.speakerSize), speed: 1.7)
      #expect(samples.count == vocoder.timeline(speed: 1.7).sampleCount(codeCount: codes))
    }
  }
}
