import SpeechCore
import TestSupport
import Testing
import XTTSModel

@testable import XTTSEngine

extension EngineRuns {
  /// A job that fails ends only itself.
  @Suite struct EngineFailureTests {
    static let short = "Well."
    static let other = "A longer piece of text that has nothing to do with it."

    private func expect(_ code: SpeechError.Code, _ body: () async throws -> Void) async {
      do {
        try await body()
        Issue.record("expected \(code)")
      } catch let error as SpeechError {
        #expect(error.code == code)
      } catch {
        Issue.record("\(error)")
      }
    }

    @Test(arguments: ["nan", "step", "both"])
    func aBrokenSequenceFailsAlone(kind: String) async throws {
      let faults = FaultyDecoder.Faults()
      let engine = try await SmallModel.engine(faults)
      let alone = try await engine.hear(engine.job(Self.other))
      let rows = try engine.preparation.job(
        engine.job(Self.short), id: 0, receivedAt: .now, sink: JobSink(event: { _ in true }, end: { _ in })
      ).segments[0].promptRows
      faults.state.withLock { state in
        if kind != "step" { state.poisonedPromptLength = rows }
        if kind != "nan" { state.refusedPromptLength = rows }
      }
      async let broken: Void = expect(.internal) { _ = try await engine.hear(engine.job(Self.short)) }
      async let sound = engine.hear(engine.job(Self.other))
      await broken
      #expect(try await sound == alone)
      faults.state.withLock { $0 = .init() }
      #expect(try await engine.hear(engine.job(Self.short)).samples.isEmpty == false)
      #expect(await engine.slotsInUse() == 0)
    }

    @Test func aFailedPrefillFailsTheRequest() async throws {
      let faults = FaultyDecoder.Faults()
      let engine = try await SmallModel.engine(faults)
      faults.state.withLock { $0.failsPrefill = true }
      await expect(.internal) { _ = try await engine.hear(engine.job(Self.short)) }
      faults.state.withLock { $0.failsPrefill = false }
      #expect(try await engine.hear(engine.job(Self.short)).segments.count == 1)
    }

    @Test func refusesMoreThanItCanHold() async throws {
      let faults = FaultyDecoder.Faults()
      let engine = try await SmallModel.engine(faults, EngineOptions(slots: 1, waitingRequests: 2))
      // The first job is held in its first step until all others have had their answer.
      let gate = AsyncStream<Void>.makeStream()
      let blocker = Blocker()
      faults.state.withLock {
        $0.onStep = { _ in
          gate.continuation.yield()
          blocker.wait()
        }
      }
      async let first = engine.hear(engine.job(Self.other))
      for await _ in gate.stream { break }
      let others = (0..<20).map { _ in engine.synthesize(engine.job(Self.short)) }
      // The engine receives only a limited number; the rest fail at once.
      var refused = 0
      for stream in others.dropFirst(engine.limiter.limit - 1) {
        await expect(.overloaded) { for try await _ in stream {} }
        refused += 1
      }
      faults.state.withLock { $0.onStep = nil }
      blocker.open()
      #expect(try await first.segments.count == 1)
      var answered = 0
      for stream in others.prefix(engine.limiter.limit - 1) {
        do {
          for try await _ in stream {}
          answered += 1
        } catch let error as SpeechError {
          #expect(error.code == .overloaded && error.isRetryable)
          refused += 1
        }
      }
      #expect(answered >= 2 && answered + refused == 20)
    }

    @Test func aPassedDeadlineEndsTheJob() async throws {
      let engine = try await SmallModel.engine()
      await expect(.deadlineExceeded) {
        _ = try await engine.hear(engine.job(Self.short, deadline: .now - .seconds(1)))
      }
      #expect(try await engine.hear(engine.job(Self.short, deadline: .now + .seconds(600))).segments.count == 1)
    }

    @Test func badInputIsRefusedBeforeTheEngineSeesIt() async throws {
      let engine = try await SmallModel.engine(EngineOptions(maximumSegments: 2))
      await expect(.textEmpty) { _ = try await engine.hear(engine.job(" … ")) }
      await expect(.textTooLong) {
        _ = try await engine.hear(engine.job(String(repeating: "One more sentence to say here. ", count: 40)))
      }
      var stranger = engine.job(Self.short)
      stranger.voice.gptLatents.removeLast()
      await expect(.unknownSpeaker) { [stranger] in _ = try await engine.hear(stranger) }
    }

    /// F30: digits become words, of which the engine would have to speak many times more.
    @Test func aTextIsLimitedByWhatIsSpokenOfIt() async throws {
      let engine = try await SmallModel.engine(EngineOptions(maximumSpokenText: 60))
      do {
        _ = try await engine.hear(engine.job("999999999 999999999"))
        Issue.record("a text over the limit was spoken")
      } catch let error as SpeechError {
        #expect(error.code == .textTooLong && error.field == "text" && !error.isRetryable)
        let number = try #require(error.message.firstMatch(of: /has (\d+) characters/)).1
        #expect((Int(number) ?? 0) > 150 && error.message.contains("at most 60 "))
      }
      #expect(await engine.slotsInUse() == 0)
      #expect(try await engine.hear(engine.job("No digits in a text of this length.")).segments.count == 1)
    }

    @Test func aClosedEngineSaysSo() async throws {
      let engine = try await SmallModel.engine()
      engine.close()
      await expect(.modelUnavailable) { _ = try await engine.hear(engine.job(Self.short)) }
      await expect(.modelUnavailable) {
        let clip = AudioClip(samples: Array(repeating: 0.5, count: 24_000), sampleRate: 24_000)
        _ = try await engine.conditioning(from: [clip])
      }
    }

    @Test func aMissingModelIsNamed() async {
      do {
        _ = try await XTTSEngine.load(
          ModelFiles(directory: "/nowhere"), identify: { SmallModel.identity })
        Issue.record("loaded nothing")
      } catch {
        #expect(error.code == .modelUnavailable && error.message.contains("/nowhere"))
      }
    }
  }
}
