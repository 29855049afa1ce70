import Foundation
import SpeechAudio
import SpeechCore
import SpeechService
import Testing

@Suite struct SynthesisServiceTests {
  private let journal = MemoryJournal()
  private let clips = RecordingClips()

  private func service(
    _ synthesizer: StubSynthesizer = StubSynthesizer(), limits: SynthesisService.Limits = .init(),
    auditText: AuditTextPolicy = .hash, normalization: NormalizationMode = .extended
  ) -> RequestHandler {
    var defaults = SpeechPlanner.Defaults()
    defaults.normalization = normalization
    let service = SynthesisService(
      synthesizer: synthesizer, voiceCatalog: StubVoiceCatalog(), clipStore: clips, limits: limits,
      defaults: defaults, modelDirectory: "models/test")
    return RequestHandler(.open(journal, .success(service)), auditText: auditText)
  }

  private func hex(_ data: Data) -> String { SHA256.hash(data: data).hexadecimal }

  @Test func aReplyCarriesTheAudioAndItsDigest() async throws {
    let reply = try await service().synthesize(
      SynthesisRequest(text: "hello"), context: RequestContext(transport: .http), onAudio: nil)
    let audio = try #require(reply.audio)
    #expect(reply.sha256 == hex(audio))
    #expect(reply.durationSeconds == 0.5)
    #expect(try AudioDecoder().decode(audio).durationSeconds == 0.5)
    #expect(reply.segments.map(\.text) == ["hello"])
    #expect(reply.timings.totalSeconds >= reply.timings.firstAudioSeconds)
  }

  @Test func equalRequestsGetEqualBytesAndOthersDoNot() async throws {
    let context = RequestContext(transport: .amqp)
    var request = SynthesisRequest(text: "hello")
    let first = try await service().synthesize(request, context: context, onAudio: nil)
    let second = try await service().synthesize(request, context: RequestContext(transport: .http), onAudio: nil)
    #expect(first.seed == second.seed && first.sha256 == second.sha256)
    #expect(first.seed < 1 << 53)
    request.voice = .named("Ada")
    #expect(try await service().synthesize(request, context: context, onAudio: nil).seed != first.seed)
    request.seed = .max
    #expect(try await service().synthesize(request, context: context, onAudio: nil).seed == .max)
  }

  /// The seed of `extended` is that of versions without the field.
  @Test func theNormalizationIsPartOfTheSeedAndOfTheRecord() async throws {
    func seed(_ mode: NormalizationMode?, service: NormalizationMode = .extended) async throws -> UInt64 {
      var request = SynthesisRequest(text: "hello")
      request.normalization = mode
      return try await self.service(normalization: service).synthesize(
        request, context: RequestContext(transport: .http), onAudio: nil
      ).seed
    }
    let seeds = try await [seed(nil), seed(.extended), seed(.upstream), seed(NormalizationMode.none)]
    #expect(seeds[0] == 2688501944088165 && seeds[1] == seeds[0] && Set(seeds).count == 3)
    #expect(try await seed(nil, service: .upstream) == seeds[2])
    let records = await journal.records
    #expect(
      records.map { $0.settings["text_normalization"] } == ["extended", "extended", "upstream", "none", "upstream"])
  }

  @Test func segmentsHaveTheirNormalizedTextOnRequest() async throws {
    var request = SynthesisRequest(text: "hello")
    let context = RequestContext(transport: .http)
    #expect(try await service().synthesize(request, context: context, onAudio: nil).segments[0].normalized == nil)
    request.include = [.normalized]
    request.normalization = NormalizationMode.none
    let reply = try await service().synthesize(request, context: context, onAudio: nil)
    #expect(reply.segments.map(\.normalized) == ["none hello"])
  }

  @Test func aStreamedReplyHasNoAudioButTheSameDigestAsItsPieces() async throws {
    let pieces = PieceCollector()
    var request = SynthesisRequest(text: "hello", format: .pcm, stream: true)
    request.seed = 7
    let reply = try await service().synthesize(request, context: RequestContext(transport: .amqp)) {
      await pieces.add($0)
    }
    #expect(reply.audio == nil)
    #expect(await pieces.all.count == 5)
    #expect(await hex(Data(pieces.all.joined())) == reply.sha256)
    let whole = try await service().synthesize(request, context: RequestContext(transport: .amqp), onAudio: nil)
    #expect(whole.sha256 == reply.sha256)
  }

  @Test func theReplyHasTheRequestedForm() async throws {
    var request = SynthesisRequest(text: "hello there", format: .wav)
    (request.sampleRate, request.channels, request.loudness) = (16_000, 2, -30)
    let context = RequestContext(transport: .http)
    let reply = try await service().synthesize(request, context: context, onAudio: nil)
    #expect(reply.sampleRate == 16_000 && reply.durationSeconds == 1.1 && reply.warnings == [])
    let clip = try AudioDecoder().decode(#require(reply.audio))
    #expect(clip.sampleRate == 16_000 && clip.durationSeconds == 1.1)
    request.format = .aac
    let error = await #expect(throws: SpeechError.self) {
      try await service().synthesize(request, context: context, onAudio: nil)
    }
    #expect(error?.code == .invalidRequest && error?.field == "format")
  }

  @Test func limitsAreNamedInTheError() async {
    let limits = SynthesisService.Limits(maximumText: 4)
    await #expect(
      throws: SpeechError(.textTooLong, "text may have at most 4 characters", field: "text")
    ) {
      try await service(limits: limits).synthesize(
        SynthesisRequest(text: "hello"), context: RequestContext(transport: .http), onAudio: nil)
    }
    await #expect {
      try await service().synthesize(
        SynthesisRequest(text: "late"), context: RequestContext(transport: .http, deadline: .now), onAudio: nil)
    } throws: { ($0 as? SpeechError)?.code == .deadlineExceeded }
  }

  @Test(arguments: [
    ([Language.english, .german], "this model does not speak it; it speaks en de"),
    ([.english], "this model does not speak it; it speaks English only (en)"),
  ])
  func anotherLanguageIsToldWhatTheModelSpeaks(languages: [Language], message: String) async {
    var synthesizer = StubSynthesizer()
    synthesizer.languages = languages
    let service = service(synthesizer)
    await #expect(throws: SpeechError(.unsupportedLanguage, message, field: "language")) {
      try await service.synthesize(
        SynthesisRequest(text: "ciao", language: .italian), context: RequestContext(transport: .http), onAudio: nil)
    }
  }

  @Test func audioOverTheReplyLimitIsStoredAndLinked() async throws {
    let service = service(limits: .init(maximumReplyBytes: 10_000))
    let context = RequestContext(transport: .http)
    let reply = try await service.synthesize(SynthesisRequest(text: "hello"), context: context, onAudio: nil)
    #expect(reply.audio == nil)
    #expect(reply.audioURL == "/api/v1/tts/audio/\(context.requestID)")
    let stored = try #require(await clips.clips[context.requestID])
    #expect(hex(stored) == reply.sha256)
    #expect(await journal.records.last?.storedPath == "/clips/\(context.requestID)")
  }

  @Test func everyEndIsRecorded() async throws {
    let failing = StubSynthesizer(failure: SpeechError(.internal, "lost"), failsAfter: 2)
    let context = RequestContext(transport: .amqp, correlationID: "c")
    _ = try? await service(failing).synthesize(SynthesisRequest(text: "hello"), context: context, onAudio: nil)
    _ = try await service().synthesize(SynthesisRequest(text: "hello"), context: context, onAudio: nil)
    _ = try? await service().synthesize(
      SynthesisRequest(text: "hello", voice: .named("unknown")), context: context, onAudio: nil)
    let records = await journal.records
    #expect(records.map(\.outcome) == ["error", "ok", "error"])
    #expect(records.map(\.errorCode) == [.internal, nil, .unknownSpeaker])
    #expect(records.allSatisfy { $0.text == nil && $0.textDigest == hex(Data("hello".utf8)) })
    #expect(records[1].audioSeconds == 0.5)
    #expect(records.map(\.voiceID) == ["default", "default", nil])
  }

  @Test func theAuditKeepsAsMuchTextAsItMay() async throws {
    for policy in AuditTextPolicy.allCases {
      _ = try await service(auditText: policy).synthesize(
        SynthesisRequest(text: "hello"), context: RequestContext(transport: .http), onAudio: nil)
    }
    let records = await journal.records
    #expect(records.map { $0.text != nil } == [false, true, false])
    #expect(records.map { $0.textDigest != nil } == [true, false, false])
  }

  @Test func aSinkThatFailsEndsTheSynthesis() async {
    await #expect {
      try await service().synthesize(
        SynthesisRequest(text: "hello", format: .pcm, stream: true), context: RequestContext(transport: .http)
      ) { _ in throw SpeechError(.cancelled, "gone") }
    } throws: { ($0 as? SpeechError)?.code == .cancelled }
  }
}

private actor PieceCollector {
  private(set) var all: [Data] = []
  func add(_ piece: Data) { all.append(piece) }
}
