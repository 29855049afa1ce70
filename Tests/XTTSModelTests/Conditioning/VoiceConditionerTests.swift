import Foundation
import SpeechCore
import Testing

@testable import XTTSModel

@Suite struct VoiceConditionerTests {
  private let model: TestModel
  private let conditioner: VoiceConditioner

  init() throws {
    model = try TestModel()
    conditioner = try model.load().conditioner
  }

  private func clip(seconds: Double, sampleRate: Int = 22_050) -> AudioClip {
    AudioClip(samples: noise(Int(seconds * Double(sampleRate))).map { $0 / 2 }, sampleRate: sampleRate)
  }

  @Test func givesAVoiceOfTheModelsSizes() throws {
    let voice = try conditioner.conditioning(from: [clip(seconds: 1, sampleRate: 24_000)])
    #expect(voice.gptLatents.count == 32 * 64)
    #expect(voice.speakerEmbedding.count == 512)
    let length = voice.speakerEmbedding.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(length - 1) < 1e-4)
    #expect(voice.gptLatents.allSatisfy { $0.isFinite })
  }

  @Test func theRestAfterTheLastWholeChunkCountsIfLongEnough() throws {
    let long = clip(seconds: 4.3)
    let whole = AudioClip(samples: Array(long.samples.prefix(4 * 22_050)), sampleRate: 22_050)
    let voice = try conditioner.conditioning(from: [long])
    #expect(try conditioner.conditioning(from: [whole]).gptLatents == voice.gptLatents)
    let longer = try conditioner.conditioning(from: [clip(seconds: 4.4)])
    #expect(longer.gptLatents != voice.gptLatents)
  }

  @Test func severalClipsAreAveraged() throws {
    let first = clip(seconds: 4)
    let second = AudioClip(samples: noise(4 * 22_050, "other"), sampleRate: 22_050)
    let one = try conditioner.conditioning(from: [first])
    let other = try conditioner.conditioning(from: [second])
    let both = try conditioner.conditioning(from: [first, second])
    let mean = { (a: [Float], b: [Float]) in zip(a, b).map { ($0 + $1) / 2 } }
    #expect(relativeDifference(both.gptLatents, mean(one.gptLatents, other.gptLatents)) < 1e-6)
    #expect(relativeDifference(both.speakerEmbedding, mean(one.speakerEmbedding, other.speakerEmbedding)) < 1e-6)
  }

  @Test func settingsReplaceThoseOfTheModel() throws {
    let long = clip(seconds: 6)
    let cut = AudioClip(samples: Array(long.samples.prefix(2 * 22_050)), sampleRate: 22_050)
    let usual = try conditioner.conditioning(from: [long])
    var settings = CloningSettings()
    settings.conditioningSeconds = 2
    let short = try conditioner.conditioning(from: [long], settings: settings)
    #expect(try short.gptLatents == conditioner.conditioning(from: [cut]).gptLatents)
    #expect(short.speakerEmbedding == usual.speakerEmbedding)
    settings = CloningSettings()
    settings.maximumReferenceSeconds = 2
    #expect(try conditioner.conditioning(from: [long], settings: settings) == conditioner.conditioning(from: [cut]))
    settings = CloningSettings()
    settings.chunkSeconds = 1
    let pieces = try conditioner.conditioning(from: [long], settings: settings)
    #expect(pieces.gptLatents != usual.gptLatents && pieces.speakerEmbedding == usual.speakerEmbedding)
    settings = CloningSettings()
    settings.normalizesLoudness = true
    let even = try conditioner.conditioning(from: [long], settings: settings)
    let quiet = AudioClip(samples: long.samples.map { $0 / 4 }, sampleRate: 22_050)
    #expect(even.gptLatents != usual.gptLatents)
    #expect(
      relativeDifference(
        try conditioner.conditioning(from: [quiet], settings: settings).gptLatents, even.gptLatents) < 1e-4)
    for seconds in [0, -1, 31, Int.max] {
      settings.chunkSeconds = seconds
      #expect(throws: ModelError.self) { try conditioner.conditioning(from: [long], settings: settings) }
    }
  }

  @Test func shortOrBrokenAudioIsRefused() throws {
    for clips in [
      [], [clip(seconds: 0.32)], [AudioClip(samples: [], sampleRate: 22_050)], [clip(seconds: 1), clip(seconds: 0.1)],
      [AudioClip(samples: Array(repeating: .nan, count: 22_050), sampleRate: 22_050)],
      [AudioClip(samples: noise(22_050), sampleRate: 0)],
    ] {
      #expect(throws: ModelError.self) { try conditioner.conditioning(from: clips) }
    }
  }

  /// The sums of the bands of `torchaudio.functional.melscale_fbanks(1025, 0, 8000, 80, 22050, norm: "slaney")`.
  @Test func melFiltersAreTorchaudios() {
    let bank = MelFilterbank(binCount: 1025, bandCount: 80, sampleRate: 22_050, highest: 8000)
    for (band, expected) in Self.bandSums {
      let sum = (0..<1025).reduce(Float(0)) { $0 + bank.values[$1 * 80 + band] }
      #expect(abs(sum - expected) / expected < 1e-4)
    }
  }

  private static let bandSums: [(Int, Float)] = [
    (0, 0.09328906), (1, 0.09279850), (20, 0.09314616), (50, 0.09278283), (79, 0.09286713),
  ]
}
