import Foundation
import SpeechCore
import Testing

@testable import AMQPAdapter
@testable import RabbitMQ
@testable import soak

struct SoakPlanTests {
  @Test func phasesFillTheTimeAndEndCalm() {
    let plan = SoakPlan(
      seconds: 600, load: 1.2, faults: SoakPlan.Fault.allCases, overload: 3, overloadSeconds: 60, capacitySeconds: 30)
    #expect(abs(plan.seconds - 720) < 1e-6)
    #expect(plan.phases.first?.name == "calm" && plan.phases.last?.name == "calm again")
    #expect(plan.phases.compactMap(\.fault) == SoakPlan.Fault.allCases)
    #expect(
      plan.phases.suffix(4).map(\.offering) == [.capacity, .overload(3), .capacity, .rate(1.2)],
      "capacity is measured on both sides of the overload")
  }

  @Test func theSameSeedMakesTheSameLoad() throws {
    let corpus = Corpus(voices: ["a", "b"])
    let digests = corpus.items.indices.map { "digest \($0)" }
    func load(_ seed: UInt64) throws -> [Data] {
      var source = OfferSource(corpus: corpus, digests: digests, seed: seed)
      return try (0..<300).map { _ in try source.next().body }
    }
    #expect(try load(1) == load(1))
    #expect(try load(1) != load(2))
    var source = OfferSource(corpus: corpus, digests: digests, seed: 3)
    let offers = try (0..<2_000).map { _ in try source.next() }
    #expect(Set(offers.map(\.kind)) == Set(Offer.Kind.allCases))
    #expect(Set(offers.map(\.id)).count == 2_000)
    for again in offers where again.kind == .repeated && again.messageID != nil {
      let first = try #require(offers.first { $0.messageID == again.messageID && $0.kind == .keyed })
      #expect(first.body == again.body && first.sha256 == again.sha256)
    }
  }
}

/// The requests of the faults, and the ends that count as right.
struct FaultRequestTests {
  private let odd = OddHeaders(body: Data("{}".utf8), sha256: "a")

  @Test func oddHeadersHoldEveryTypeAndFitInAFrame() throws {
    let offers = (0..<3).flatMap(odd.offers)
    #expect(Set(offers.map(\.id)).count == offers.count && offers.allSatisfy { $0.fault == .oddHeaders })
    let sizes = offers.map { $0.properties(now: Date()).encodedByteCount }
    #expect(sizes.allSatisfy { $0 <= MessageProperties.maximumEncodedByteCount })
    #expect(
      OddHeaders.tables.contains {
        $0.values.contains { if case .array(let a) = $0 { a.count == 20_000 } else { false } }
      })
    let raw = offers.filter {
      String(validating: $0.properties(now: Date()).correlationID?.bytes ?? Data(), as: UTF8.self) == nil
    }
    #expect(raw.count == 6, "correlation ids that are not UTF-8")
    for offer in raw { #expect(offer.properties(now: Date()).correlationID?.text == offer.id) }
    // Only the request without a reply queue is a dead letter, and its reason does not fit.
    for offer in offers { #expect((offer.deadLetter != nil) == (offer.replyTo == nil)) }
    let filled = try #require(offers.first { $0.replyTo == nil })
    #expect(filled.properties(now: Date()).encodedByteCount > MessageProperties.maximumEncodedByteCount - 200)
  }

  @Test func repliesToTheFullQueueAreDeadLetters() {
    let full = FullReplies(bodies: [Data("whole".utf8), Data("stream".utf8)])
    let offers = (0..<4).map(full.offer)
    #expect(offers.map { String(decoding: $0.body, as: UTF8.self) } == ["whole", "stream", "whole", "stream"])
    #expect(offers.allSatisfy { $0.replyTo == FullReplies.queue.name && $0.deadLetter == .replyRefused })
    #expect(FullReplies.queue.arguments == ["x-max-length": 1, "x-overflow": "reject-publish"])
    let ledger = Ledger()
    for offer in offers { ledger.open(offer, phase: 0) }
    #expect(ledger.openCount == 0, "no answer is awaited")
  }

  @Test func foreignPagesSendNoJSONAndDeleteEveryVoice() {
    let attempts = ForeignOrigins.attempts(registration: Data("{}".utf8), voices: ["v", "w"])
    let posts = attempts.filter { $0.method == "POST" }
    #expect(posts.count == 9 && Set(posts.map(\.origin)).count == 3)
    #expect(posts.allSatisfy { $0.contentType != nil && $0.contentType?.contains("json") == false && !$0.body.isEmpty })
    let deleted = attempts.filter { $0.method == "DELETE" }.map(\.path)
    #expect(deleted == Array(repeating: ["api/v1/tts/voices/v", "api/v1/tts/voices/w"], count: 3).flatMap(\.self))
  }

  private func result(_ offers: [Offer], deadLetters: [DeadLetter] = [], answers: [Message] = []) -> SoakResult {
    let ledger = Ledger()
    for offer in offers {
      ledger.open(offer, phase: 0)
      ledger.confirm(offer.id)
    }
    for answer in answers { ledger.take(answer) }
    let plan = SoakPlan(seconds: 1, load: 1, faults: [], overload: 1, overloadSeconds: 0, capacitySeconds: 1)
    let spans = plan.phases.map { _ in SoakResult.Span(start: 0, end: 1) }
    return SoakResult(
      plan: plan, start: .now, spans: spans, capacity: .init(answers: 1, good: 1), entries: ledger.all, samples: [],
      deadLetters: deadLetters, retries: 0, chains: [true], omitted: [])
  }

  private func letter(_ id: String, _ code: SpeechError.Code) -> DeadLetter {
    DeadLetter(
      Message(
        properties: MessageProperties(headers: ["x-error-code": .string(code.rawValue)], correlationID: id),
        body: Data()))
  }

  @Test func aRefusedReplyMustBeADeadLetterWithItsReason() {
    let offer = FullReplies(bodies: [Data()]).offer(0)
    #expect(result([offer]).lost.count == 1 && result([offer]).settled(.fullReplies) == (0, 1))
    let parked = result([offer], deadLetters: [letter(offer.id, .replyRefused)])
    #expect(parked.lost.isEmpty && parked.settled(.fullReplies) == (1, 1))
    #expect(!parked.verdicts.contains { !$0.holds })
    let other = result([offer], deadLetters: [letter(offer.id, .internal)])
    #expect(other.settled(.fullReplies) == (0, 1) && !other.verdicts.allSatisfy(\.holds))
  }

  @Test func anOddRequestMustGetItsSpeech() throws {
    let offer = odd.offers(wave: 0)[0]
    let body = try JSONEncoder().encode(ErrorReply(requestID: "r", error: SpeechError(.internal, "x")))
    let answer = Message(properties: MessageProperties(correlationID: offer.id), body: body)
    #expect(result([offer], answers: [answer]).settled(.oddHeaders) == (0, 1))
  }

  @Test func oneForeignRequestThatPassesOrAChangedVoiceBreaksTheRun() {
    var result = result([])
    let counts: [(ForeignOrigins.Count, Bool)] = [
      (.init(sent: 9, refused: 9), true), (.init(sent: 9, refused: 8), false),
      (.init(sent: 9, refused: 9, changedVoices: 1), false),
    ]
    for (count, holds) in counts {
      result.foreign = count
      #expect(result.verdicts.allSatisfy(\.holds) == holds)
    }
  }
}

struct LedgerTests {
  private let audio = Data("audio".utf8)
  private var digest: String { SHA256.hash(data: audio).hex }

  private func offer(_ kind: Offer.Kind = .patient, refusal: SpeechError.Code? = nil) -> Offer {
    Offer(id: "1", kind: kind, body: Data(), sha256: refusal == nil ? digest : nil, refusal: refusal)
  }

  private func reply(_ audio: Data?, digest: String) throws -> Message {
    let reply = SynthesisReply(
      requestID: "r", format: .pcm, sampleRate: 24_000, audio: audio, durationSeconds: 1, speakerID: "s",
      language: .english, seed: 1, sha256: digest, segments: [],
      timings: .init(queueSeconds: 0, firstAudioSeconds: 0, totalSeconds: 0, realTimeFactor: 0),
      model: ModelDescription(repo: "", revision: "", sha256: "", precision: "", device: ""), warnings: [])
    return Message(properties: MessageProperties(correlationID: "1"), body: try JSONEncoder().encode(reply))
  }

  private func error(_ code: SpeechError.Code) throws -> Message {
    let body = try JSONEncoder().encode(ErrorReply(requestID: "r", error: SpeechError(code, "x")))
    return Message(properties: MessageProperties(correlationID: "1"), body: body)
  }

  private func chunk(_ audio: Data, _ sequence: Int) -> Message {
    let body = Data(#"{"sequence":\#(sequence),"audio_base64":"\#(audio.base64EncodedString())"}"#.utf8)
    return Message(
      properties: MessageProperties(headers: ["x-tts-sequence": .integer(Int64(sequence))], correlationID: "1"),
      body: body)
  }

  private func entry(_ offer: Offer, _ messages: [Message]) throws -> Ledger.Entry {
    let ledger = Ledger()
    ledger.open(offer, phase: 0)
    for message in messages { ledger.take(message) }
    return try #require(ledger.all.first)
  }

  @Test func rightAudioIsGoodAndOtherAudioIsWrong() throws {
    #expect(try entry(offer(), [reply(audio, digest: digest)]).outcome == .good)
    let other = try entry(offer(), [reply(audio, digest: "other")])
    #expect(other.outcome == .wrong("other audio than alone"))
    let torn = try entry(offer(), [reply(audio.dropLast(), digest: digest)])
    #expect(torn.outcome == .wrong("audio unlike its digest"))
  }

  @Test func errorsAreRightOnlyWhereTheRequestAllowsThem() throws {
    #expect(try entry(offer(), [error(.unknownSpeaker)]).outcome == .unexpected(.unknownSpeaker))
    #expect(try entry(offer(), [error(.cancelled)]).outcome == .unexpected(.cancelled))
    #expect(try entry(offer(.cancelled), [error(.cancelled)]).outcome == .refused(.cancelled))
    #expect(try entry(offer(.malformed, refusal: .textEmpty), [error(.textEmpty)]).outcome == .refused(.textEmpty))
    #expect(try entry(offer(.malformed, refusal: .textEmpty), [error(.internal)]).outcome == .unexpected(.internal))
    var hurried = offer(.hurried)
    hurried.deadlineSeconds = 1
    #expect(try entry(hurried, [error(.deadlineExceeded)]).outcome == .refused(.deadlineExceeded))
  }

  @Test func aMalformedRequestMayGoUnreadOnlyPastItsDeadline() {
    var malformed = offer(.malformed, refusal: .textEmpty)
    #expect(!malformed.allows(.deadlineExceeded, after: 100))
    malformed.deadlineSeconds = 6
    #expect(malformed.allows(.deadlineExceeded, after: 6))
    #expect(!malformed.allows(.deadlineExceeded, after: 5.9))
    #expect(malformed.allows(.textEmpty, after: 5.9) && malformed.allows(.textEmpty, after: 7))
    #expect(!malformed.allows(.overloaded, after: 7))
  }

  @Test func theClockOfAWorkerIsWrittenInPlace() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let worker = try Worker(
      name: "x", directory: directory, executable: URL(fileURLWithPath: "/bin/true"), environment: [:],
      clock: "clock.so")
    // Opened before, as by the process that has it mapped.
    let file = try FileHandle(forReadingFrom: directory.appendingPathComponent("clock-x"))
    for offset in [0, 3_600, -3_600] {
      try worker.setClock(offsetSeconds: offset)
      try file.seek(toOffset: 0)
      let bytes = try #require(try file.readToEnd())
      #expect(bytes == withUnsafeBytes(of: Int64(offset)) { Data($0) })
    }
  }

  @Test func asecondAnswerIsCountedAndComparedWithTheFirst() throws {
    let equal = try entry(offer(), [reply(audio, digest: digest), reply(audio, digest: digest)])
    #expect(equal.repeats == 1 && equal.differing == 0)
    let differing = try entry(offer(), [reply(audio, digest: digest), reply(audio, digest: "other")])
    #expect(differing.repeats == 1 && differing.differing == 1)
  }

  @Test func aStreamIsPutTogetherAndARepeatedPieceCompared() throws {
    let (first, second) = (audio.prefix(2), audio.dropFirst(2))
    let final = try reply(nil, digest: digest)
    #expect(try entry(offer(.streamed), [chunk(first, 0), chunk(second, 1), final]).outcome == .good)
    let again = try entry(offer(.streamed), [chunk(first, 0), chunk(first, 0), chunk(second, 1), final])
    #expect(again.outcome == .good && again.differing == 0)
    #expect(try entry(offer(.streamed), [chunk(first, 0), chunk(second, 0), final]).differing == 1)
    #expect(try entry(offer(.streamed), [chunk(second, 1), final]).outcome == .wrong("audio unlike its digest"))
  }
}

struct ProcessorTimeTests {
  @Test func aCommandMayHaveParenthesesAndBlanks() {
    #expect(ProcessorTime.parse(stat: "7 (a) b (c) S 1 1 1 0 -1 4 10 0 0 0 250 50 9 9 20 0") == 300)
    #expect(ProcessorTime.parse(stat: "7 (a") == nil && ProcessorTime.parse(stat: "7 (a) S 1") == nil)
  }

  @Test func whatAProcessThatBeganInBetweenUsedCountsFromItsStart() {
    let readings: [[String: Double]] = [["a": 10, "b": 5], ["a": 11], ["a": 12, "b": 2], ["a": 1, "b": 3]]
    #expect(ProcessorTime.used(readings.map(ProcessorTime.init)) == ["a": 3, "b": 3])
  }
}

struct ChartTests {
  @Test func theAxisEndsAtARoundNumber() {
    #expect([0.3, 1, 11, 26, 501].map(Chart.roundedUp) == [0.5, 1, 20, 50, 1_000])
    #expect(Chart.roundedUp(0) == 1)
  }

  @Test func aGapBreaksTheLine() {
    let line = Chart.Line(name: "n", color: "#000", points: [(0, 1), (1, nil), (2, 1), (3, 1)])
    let svg = Chart(panels: [.init(title: "t", lines: [line])], phases: [("calm", 0)], seconds: 3).svg
    let path = svg.split(separator: "\n").first { $0.hasPrefix("<path") } ?? ""
    #expect(path.count { $0 == "M" } == 2 && path.count { $0 == "L" } == 1)
    #expect(svg.hasSuffix("</svg>\n"))
  }

  @Test func percentilesAreOfTheNearestRank() {
    let values = (1...100).map(Double.init)
    #expect(SoakResult.percentile(values, 0.5) == 50 && SoakResult.percentile(values, 0.99) == 99)
    #expect(SoakResult.percentile([7], 0.01) == 7 && SoakResult.percentile([], 0.5) == nil)
  }
}
