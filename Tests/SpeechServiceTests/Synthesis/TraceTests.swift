import InMemoryTracing
import SpeechCore
import SpeechService
import Testing
import Tracing

/// The parts of a request as spans.
@Suite struct TraceTests {
  private func spans(
    of synthesizer: StubSynthesizer, traceparent: String? = nil
  ) async throws -> [FinishedInMemorySpan] {
    let tracer = InMemoryTracer()
    let service = SynthesisService(
      synthesizer: synthesizer, voiceCatalog: StubVoiceCatalog(), modelDirectory: "models/test")
    await withTracer(tracer) {
      var context = RequestContext(transport: .amqp, traceparent: traceparent)
      context.startSpan("consume", ofKind: .consumer, [TraceConvention.attempt: 1])
      _ = try? await service.synthesize(SynthesisRequest(text: "hello"), context: context, onAudio: nil)
      context.record(TraceConvention.publish, ofKind: .producer, from: context.arrival, to: .now)
      context.span?.end()
    }
    return tracer.finishedSpans
  }

  @Test func eachPartOfARequestIsASpan() async throws {
    let spans = try await spans(of: StubSynthesizer())
    #expect(spans.map(\.operationName) == ["wait", "prefill", "decode", "vocode", "encode", "publish", "consume"])
    let root = try #require(spans.last)
    #expect(root.parentSpanID == nil && spans.dropLast().allSatisfy { $0.parentSpanID == root.spanID })
    #expect(root.attributes.get(TraceConvention.requestID) != nil)
    let times = Dictionary(
      uniqueKeysWithValues: spans.map {
        ($0.operationName, ($0.startInstant.nanosecondsSinceEpoch, $0.endInstant.nanosecondsSinceEpoch))
      })
    let (prefill, decode, vocode) = (
      try #require(times["prefill"]), try #require(times["decode"]), try #require(times["vocode"])
    )
    // The stub's times, in whole milliseconds.
    #expect((prefill.1 - prefill.0) / 1_000_000 == 9 || (prefill.1 - prefill.0) / 1_000_000 == 10)
    #expect(prefill.1 == decode.0 && vocode.0 < decode.1 && decode.1 < vocode.1)
    #expect(spans[2].attributes.get(TraceConvention.codes) == .int64(1))
  }

  @Test func aRequestThatFailsBeforeItsSlotHasItsWait() async throws {
    var synthesizer = StubSynthesizer(failure: SpeechError(.overloaded, "busy"))
    synthesizer.starts = false
    #expect(try await spans(of: synthesizer).map(\.operationName) == ["wait", "publish", "consume"])
  }

  @Test func withoutATracerNothingIsRecorded() {
    let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    var context = RequestContext(transport: .http, traceparent: text)
    context.startSpan("consume", ofKind: .consumer, [:])
    #expect(context.span == nil && context.traceparent == text)
    #expect(context.traceIDs?.trace == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(context.traceIDs?.span == "00f067aa0ba902b7")
    context.traceparent = "00-ab-cd-01"
    #expect(context.traceIDs == nil)
  }
}
