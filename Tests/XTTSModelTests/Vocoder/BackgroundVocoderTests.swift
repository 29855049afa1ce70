import Testing

@testable import XTTSModel

@Suite struct BackgroundVocoderTests {
  private let model: TestModel
  private let loaded: XTTS

  init() throws {
    model = try TestModel()
    loaded = try model.load()
  }

  private func request(_ name: String, codes: Int, of samples: Range<Int>? = nil, speed: Float = 1) throws
    -> BackgroundVocoder.Request
  {
    let vocoder = try loaded.vocoder
    let timeline = vocoder.timeline(speed: speed)
    let all = 0..<timeline.sampleCount(codeCount: codes)
    let window = try timeline.window(samples: samples ?? all, codeCount: codes, isComplete: true)
    let latents = noise(window.codes.count * vocoder.latentSize, name)
    return BackgroundVocoder.Request(
      window: window, timeline: timeline, latents: latents[...],
      speakerEmbedding: noise(vocoder.speakerSize, "speaker \(name)"))
  }

  /// Windows decoded together are those decoded one by one, but for float32 rounding of the batched convolutions.
  @Test func windowsTogetherAreWindowsAlone() throws {
    let requests = try [
      request("a", codes: 6), request("b", codes: 9), request("c", codes: 6), request("d", codes: 6, speed: 1.3),
      request("e", codes: 9, of: 300..<900), request("f", codes: 6),
    ]
    let background = try BackgroundVocoder(loaded.vocoder, device: .cpu, isBatched: true)
    let groups = background.groups(requests)
    #expect(groups.contains([0, 2, 5]))
    #expect(groups.flatMap { $0 }.sorted() == Array(requests.indices))
    for group in groups {
      let members = group.map { requests[$0] }
      let batch = try background.begin(members)
      #expect(try batch.isDone())
      for (samples, member) in zip(try batch.take(), members) {
        let alone = try loaded.vocoder.decode(
          member.window, of: member.timeline, latents: member.latents, speakerEmbedding: member.speakerEmbedding)
        #expect(samples.count == member.window.samples.count)
        #expect(relativeDifference(samples, alone) < 1e-5)
      }
    }
  }

  @Test func withoutBatchesEachIsItsOwnGroup() throws {
    let requests = try [request("a", codes: 6), request("b", codes: 6)]
    let background = try BackgroundVocoder(loaded.vocoder, device: .cpu, isBatched: false)
    #expect(background.groups(requests) == [[0], [1]])
  }

  @Test func refusesLatentsThatDoNotFit() throws {
    var bad = try request("a", codes: 6)
    bad.latents = bad.latents.dropLast()
    let background = try BackgroundVocoder(loaded.vocoder, device: .cpu, isBatched: true)
    #expect(throws: ModelError.self) { try background.begin([bad]) }
  }

  /// Faster speech may not need its last code.
  @Test func fasterSpeechIsDecodedWhole() throws {
    let vocoder = try loaded.vocoder
    for codes in [5, 9, 16] {
      let samples = try vocoder.decode(
        latents: noise(codes * vocoder.latentSize), speakerEmbedding: noise(vocoder.speakerSize), speed: 1.7)
      #expect(samples.count == vocoder.timeline(speed: 1.7).sampleCount(codeCount: codes))
    }
  }
}
