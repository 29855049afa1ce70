import Foundation
import Instrumentation
import Synchronization
import Testing
import Tracing

@testable import Observability

struct TraceTests {
  private static let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  private struct Carrier: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
  }

  private func time(_ nanoseconds: UInt64) -> DefaultTracerClock.Timestamp {
    .init(nanosecondsSinceEpoch: nanoseconds)
  }

  private func span(_ tracer: SpanTracer, _ name: String, in context: ServiceContext) -> RecordedSpan {
    tracer.startSpan(name, context: context, ofKind: .consumer, at: time(1_000), function: "", file: "", line: 1)
  }

  // MARK: Trace context

  @Test func aTraceparentIsReadAndWritten() throws {
    let parent = try #require(TraceParent(Self.text))
    #expect(parent.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && parent.spanID == "00f067aa0ba902b7")
    #expect(parent.isSampled && "\(parent)" == Self.text)
    #expect(TraceParent(Self.text.dropLast() + "0")?.isSampled == false)
    // A later version with more fields.
    #expect(TraceParent("01" + Self.text.dropFirst(2) + "-more")?.traceID == parent.traceID)
  }

  @Test(arguments: [
    "", "00", "00-ab-cd-01", text.uppercased(), text + "-00", text + "\n", "ff" + text.dropFirst(2),
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01",
  ])
  func anInvalidTraceparentIsIgnored(text: String) { #expect(TraceParent(text) == nil) }

  // MARK: Sampling

  @Test(arguments: TraceSampler.Name.allCases)
  func samplersFollowOpenTelemetry(name: TraceSampler.Name) throws {
    let sampled = try #require(TraceParent(Self.text))
    var unsampled = sampled
    unsampled.isSampled = false
    let sampler = TraceSampler(name, ratio: 0)
    let decisions = [nil, sampled, unsampled].map { sampler.samples(sampled, childOf: $0) }
    let expected: [TraceSampler.Name: [Bool]] = [
      .alwaysOn: [true, true, true], .alwaysOff: [false, false, false], .ratio: [false, false, false],
      .parentAlwaysOn: [true, true, false], .parentAlwaysOff: [false, true, false],
      .parentRatio: [false, true, false],
    ]
    #expect(decisions == expected[name])
  }

  @Test func aRatioRecordsThatShareOfTheTraces() {
    var numbers = SystemRandomNumberGenerator()
    let sampler = TraceSampler(.ratio, ratio: 0.25)
    let count = (0..<4_000).count { _ in
      sampler.samples(TraceParent(childOf: nil, isSampled: true) { numbers.next() }, childOf: nil)
    }
    #expect((800...1_200).contains(count))
    #expect(sampler.samples(TraceParent(childOf: nil, isSampled: true) { 1 }, childOf: nil))
    #expect(!sampler.samples(TraceParent(childOf: nil, isSampled: true) { .max }, childOf: nil))
  }

  // MARK: Spans

  @Test func aSpanIsAChildOfTheRequestersSpan() throws {
    let queue = SpanQueue { _ in }
    let tracer = SpanTracer(sampler: TraceSampler(), queue: queue)
    var context = ServiceContext.topLevel
    tracer.extract(["traceparent": Self.text], into: &context, using: Carrier())
    let consume = span(tracer, "consume", in: context)
    let wait = span(tracer, "wait", in: consume.context)
    var carrier: [String: String] = [:]
    tracer.inject(consume.context, into: &carrier, using: Carrier())
    wait.end(at: time(3_000))
    // A span that ended before its start lasts no time, and a second end does nothing.
    consume.end(at: time(500))
    consume.end(at: time(9_000))
    let records = try #require(queue.take(10))
    #expect(records.map(\.name) == ["wait", "consume"] && queue.take(10) == nil)
    #expect(Set(records.map(\.identity.traceID)) == ["4bf92f3577b34da6a3ce929d0e0e4736"])
    #expect(records[1].parent?.spanID == "00f067aa0ba902b7" && records[0].parent == records[1].identity)
    #expect(carrier["traceparent"] == "\(records[1].identity)")
    #expect(records[0].end == 3_000 && records[1].end == 1_000)
  }

  @Test func anUnsampledTraceIsNotRecordedButItsIdsAre() throws {
    let queue = SpanQueue { _ in }
    let tracer = SpanTracer(sampler: TraceSampler(.alwaysOff), queue: queue)
    let span = span(tracer, "consume", in: .topLevel)
    var carrier: [String: String] = [:]
    tracer.inject(span.context, into: &carrier, using: Carrier())
    span.end(at: time(2_000))
    #expect(!span.isRecording && queue.take(1) == nil)
    #expect(carrier["traceparent"]?.hasSuffix("-00") == true)
  }

  @Test func theQueueHasABoundAndCountsWhatItDrops() {
    let dropped = Dropped()
    let queue = SpanQueue(limit: 3) { dropped.add($0) }
    let tracer = SpanTracer(sampler: TraceSampler(), queue: queue)
    for index in 0..<5 { span(tracer, "\(index)", in: .topLevel).end(at: time(2_000)) }
    #expect(dropped.count == 2)
    #expect(queue.take(2)?.map(\.name) == ["0", "1"] && queue.take(2)?.map(\.name) == ["2"])
  }

  // MARK: OTLP

  @Test func aBatchIsOTLP() throws {
    let queue = SpanQueue { _ in }
    let tracer = SpanTracer(sampler: TraceSampler(), queue: queue)
    let consume = span(tracer, "consume", in: .topLevel)
    consume.attributes = [
      "text": "ü\"", "count": .int64(.max), "share": 0.5, "flag": true, "none": .double(.infinity),
      "long": .string(String(repeating: "x", count: 5_000)),
    ]
    consume.setStatus(SpanStatus(code: .error, message: "lost"))
    consume.end(at: time(2_500))
    let resource = TraceResource(
      serviceName: nil, list: ["service.name": "tts", "a": "b"], defaults: ["service.name": "speechbus", "host": "h"])
    let json = try OTLPDocument(try #require(queue.take(1)), resource: resource, version: "1").encoded()
    let root = try #require(try JSONSerialization.jsonObject(with: json) as? [String: [[String: Any]]])
    let part = try #require(root["resourceSpans"]?.first)
    let attributes = (part["resource"] as? [String: Any])?["attributes"] as? [[String: Any]]
    #expect(attributes?.compactMap { $0["key"] as? String } == ["a", "host", "service.name"])
    #expect((attributes?.last?["value"] as? [String: Any])?["stringValue"] as? String == "tts")
    let scope = try #require((part["scopeSpans"] as? [[String: Any]])?.first)
    let span = try #require((scope["spans"] as? [[String: Any]])?.first)
    #expect(span["kind"] as? Int == 5 && span["parentSpanId"] == nil)
    #expect(span["startTimeUnixNano"] as? String == "1000" && span["endTimeUnixNano"] as? String == "2500")
    #expect((span["traceId"] as? String)?.count == 32 && (span["spanId"] as? String)?.count == 16)
    #expect((span["status"] as? [String: Any])?["code"] as? Int == 2)
    var values: [String: [String: Any]] = [:]
    for attribute in span["attributes"] as? [[String: Any]] ?? [] {
      if let key = attribute["key"] as? String { values[key] = attribute["value"] as? [String: Any] }
    }
    #expect(values["text"]?["stringValue"] as? String == "ü\"" && values["flag"]?["boolValue"] as? Bool == true)
    #expect(values["count"]?["intValue"] as? String == "\(Int64.max)")
    #expect(values["share"]?["doubleValue"] as? Double == 0.5 && values["none"]?["stringValue"] != nil)
    #expect((values["long"]?["stringValue"] as? String)?.count == 1_024)
  }

  @Test func pairsAreReadWithPercentEncoding() {
    #expect(TraceResource.list("a=b, c = d%20e,f=g=h,") == ["a": "b", "c": "d e", "f": "g=h"])
    #expect(TraceResource.list("") == [:] && TraceResource.list("a") == nil && TraceResource.list("=b") == nil)
    #expect(
      TraceResource(serviceName: "x", list: ["service.name": "y"], defaults: [:]).attributes == ["service.name": "x"])
  }

  // MARK: Export

  /// Exports 600 spans to a receiver with these answers; returns the sizes of the batches and the drops.
  private func export(
    _ answers: [SpanExporter.Outcome]
  ) async -> (batches: [Int], dropped: Int, problems: [String?]) {
    let (dropped, batches, problems) = (Dropped(), Batches(answers), Problems())
    let queue = SpanQueue { dropped.add($0) }
    let tracer = SpanTracer(sampler: TraceSampler(), queue: queue)
    for _ in 0..<600 { span(tracer, "part", in: .topLevel).end(at: time(2_000)) }
    let exporter = SpanExporter(
      queue: queue, resource: TraceResource(serviceName: "x", list: [:], defaults: [:]), version: "1",
      timeout: .seconds(60), stopTimeout: .seconds(600)
    ) { json, _ in
      batches.receive(json)
    } onProblem: {
      problems.add($0)
    }
    // A cancelled task exports the spans that wait, once.
    let task = Task { await exporter.run() }
    task.cancel()
    await task.value
    return (batches.sizes, dropped.count, problems.reasons)
  }

  @Test func spansAreFlushedInBatchesAtTheEnd() async {
    let (batches, dropped, problems) = await export([.accepted, .accepted])
    #expect(batches == [512, 88] && dropped == 0 && problems.isEmpty)
  }

  @Test func refusedBatchesAreCountedAndReportedOnce() async {
    let (batches, dropped, problems) = await export([.refused(reason: "no"), .refused(reason: "no")])
    #expect(batches == [512, 88] && dropped == 600 && problems == ["no"])
  }

  @Test func anExportThatWorksAgainIsReported() async {
    let (_, dropped, problems) = await export([.retry(reason: "busy", after: nil), .accepted])
    #expect(dropped == 512 && problems == ["busy", nil])
  }
}

private final class Dropped: Sendable {
  private let total = Mutex(0)
  var count: Int { total.withLock { $0 } }
  func add(_ count: Int) { total.withLock { $0 += count } }
}

private final class Problems: Sendable {
  private let all = Mutex<[String?]>([])
  var reasons: [String?] { all.withLock { $0 } }
  func add(_ reason: String?) { all.withLock { $0.append(reason) } }
}

/// Counts the spans of each request and gives the answers in turn.
private final class Batches: Sendable {
  private let state: Mutex<(answers: [SpanExporter.Outcome], sizes: [Int])>
  init(_ answers: [SpanExporter.Outcome]) { state = Mutex((answers, [])) }
  var sizes: [Int] { state.withLock { $0.sizes } }

  func receive(_ json: Data) -> SpanExporter.Outcome {
    let count = String(decoding: json, as: UTF8.self).components(separatedBy: "\"spanId\"").count - 1
    return state.withLock { state in
      state.sizes.append(count)
      return state.answers.isEmpty ? .accepted : state.answers.removeFirst()
    }
  }
}
