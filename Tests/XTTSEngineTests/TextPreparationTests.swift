import SpeechCore
import Testing
import XTTSModel

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct TextPreparationTests {
    private func preparation(_ change: (inout EngineOptions) -> Void = { _ in }) throws -> TextPreparation {
      var options = EngineOptions()
      change(&options)
      return try TextPreparation(ModelFiles(directory: try SmallModel.directory.get()), options: options)
    }

    private func job(
      _ text: String, language: Language = .english, mode: NormalizationMode = .extended
    ) -> SynthesisJob {
      SynthesisJob(
        id: "test", text: text, language: language, voice: VoiceConditioning(gptLatents: [], speakerEmbedding: []),
        seed: 0,
        normalization: mode)
    }

    @Test func aPreviewIsTheTextOfTheTokens() throws {
      let text = "It costs $5. !!!"
      for mode in NormalizationMode.allCases {
        let preview = try preparation().preview(job(text, mode: mode))
        let segments = try preparation().segments(job(text, mode: mode), sampleRate: 24_000)
        #expect(preview.segments.map(\.tokens) == segments.map(\.tokens.count))
        #expect(preview.segments.map(\.text).joined(separator: " ") == text)
        #expect((preview.segments[0].normalized.contains("$5")) == (mode == .none))
      }
    }

    /// The final period is not spoken in English, so it is not part of the text that the tokenizer gets.
    @Test func theFinalPeriodIsLeftOutWhereItIsNotSpoken() throws {
      let english = try preparation().preview(job("Hello."))
      #expect(english.segments.map(\.normalized) == ["hello"])
      let german = try preparation().preview(job("Hallo.", language: .german))
      #expect(german.segments.map(\.normalized) == ["hallo."])
    }

    @Test func unreadableCharactersAreNamed() throws {
      let preview = try preparation().preview(job("One 𓀀 two.", mode: .none))
      #expect(preview.warnings.count == 1 && preview.warnings[0].contains("𓀀"), "\(preview)")
    }

    @Test(arguments: NormalizationMode.allCases)
    func theLimitsHoldInEveryMode(mode: NormalizationMode) throws {
      let text = String(repeating: "Nine hundred. ", count: 40)
      for change: (inout EngineOptions) -> Void in [{ $0.maximumSpokenText = 100 }, { $0.maximumSegments = 2 }] {
        let error = #expect(throws: SpeechError.self) {
          try preparation(change).preview(job(text, mode: mode))
        }
        #expect(error?.code == .textTooLong)
      }
    }

    @Test func missingFilesAreNamed() {
      let error = #expect(throws: SpeechError.self) {
        try TextPreparation(ModelFiles(directory: "/nowhere"), options: EngineOptions())
      }
      #expect(error?.code == .modelUnavailable && error?.message.contains("/nowhere/config.json") == true)
    }

    @Test func reportsHaveTheNormalizedTextOnRequest() async throws {
      let engine = try await SmallModel.engine()
      var job = engine.job("It costs $5.")
      #expect(try await engine.hear(job).segments.map(\.normalized) == [nil])
      job.reportsNormalized = true
      let reported = try await engine.hear(job)
      #expect(reported.segments.map(\.normalized) == ["it costs five dollars"])
      job.normalization = .none
      let unchanged = try await engine.hear(job)
      #expect(unchanged.segments.map(\.normalized) == ["it costs $5"])
      #expect(unchanged.samples != reported.samples)
      job.text = "it costs five dollars"
      #expect(try await engine.hear(job).samples == reported.samples)
    }
  }
}
