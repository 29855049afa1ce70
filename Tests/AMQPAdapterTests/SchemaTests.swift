import Foundation
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import AMQPAdapter

@Suite(.timeLimit(.minutes(2)))
struct SchemaTests {
  private static let folder = PrivateBroker.repository.appendingPathComponent("schemas")

  private static func schema(_ name: String) throws -> JSONValue {
    try JSONValue.parse(Data(contentsOf: folder.appendingPathComponent("\(name).schema.json")))
  }

  private static let names = [
    "synthesis-request", "synthesis-reply", "synthesis-chunk", "error-reply", "control", "voice-register-request",
    "voice-register-reply", "voice-list-request", "voice-list-reply", "voice-delete-request", "voice-delete-reply",
    "config-request", "config-reply", "lexicon-put-request", "lexicon-put-reply", "lexicon-list-request",
    "lexicon-list-reply", "lexicon-delete-request", "lexicon-delete-reply",
  ]

  @Test(arguments: names)
  func examplesAreValid(name: String) throws {
    let schema = try Self.schema(name)
    let examples = try #require(schema["examples"]?.elements)
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(SchemaValidator(isStrict: true).complaints(about: example, against: schema) == [])
    }
  }

  @Test func everySchemaIsListed() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(files) == Set(Self.names.map { "\($0).schema.json" } + ["asyncapi.json"]))
  }

  /// The service accepts the examples of the schemas and reads the values that the schemas describe.
  @Test func exampleRequestsAreUnderstood() throws {
    func bodies(_ name: String) throws -> [Data] {
      let data = try Data(contentsOf: Self.folder.appendingPathComponent("\(name).schema.json"))
      let root = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      return try (root?["examples"] as? [Any] ?? []).map { try JSONSerialization.data(withJSONObject: $0) }
    }
    for body in try bodies("synthesis-request") { #expect(try SynthesisRequest.decode(body).warnings == []) }
    for body in try bodies("lexicon-put-request") { #expect(try LexiconDraft.decode(body).warnings == []) }
    for body in try bodies("voice-register-request") { #expect(try VoiceRegistration.decode(body).warnings == []) }
    for body in try bodies("synthesis-reply") { _ = try JSONDecoder().decode(SynthesisReply.self, from: body) }
    for body in try bodies("error-reply") { _ = try JSONDecoder().decode(ErrorReply.self, from: body) }
  }

  @Test func whatIsWrongIsNoticed() throws {
    let schema = try Self.schema("synthesis-request")
    let wrong = [
      #"{}"#, #"{"text":""}"#, #"{"text":1}"#, #"{"text":"a","format":"aiff"}"#, #"{"text":"a","seed":1.5}"#,
      #"{"text":"a","top_p":0}"#, #"{"text":"a","stream":1}"#, #"{"text":"a","speed":4.5}"#, #"[]"#,
      #"{"text":"a","text_normalization":"loud"}"#, #"{"text":"a","include":["codes"]}"#,
    ]
    for text in wrong {
      #expect(!SchemaValidator().complaints(about: try .parse(Data(text.utf8)), against: schema).isEmpty, "\(text)")
    }
  }

  @Test func everyReplyOfTheServiceIsValid() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let names = bus.configuration.names
    func check(_ body: String, to queue: String, is schema: String) async throws {
      let raw = try await requester.send(Data(body.utf8), to: queue)
      let complaints = SchemaValidator(isStrict: true).complaints(
        about: try .parse(raw.body), against: try Self.schema(schema))
      #expect(complaints == [], "\(body) → \(String(decoding: raw.body, as: UTF8.self))")
    }
    try await check(#"{"text":"hello","pitch":3}"#, to: names.synthesize, is: "synthesis-reply")
    try await check(#"{"text":"hello","include":["normalized"]}"#, to: names.synthesize, is: "synthesis-reply")
    try await check(#"{"text":5}"#, to: names.synthesize, is: "error-reply")
    try await check("{}", to: names.listVoices, is: "voice-list-reply")
    try await check("", to: names.listVoices, is: "voice-list-reply")
    try await check("{}", to: names.configuration, is: "config-reply")
    try await check(#"{"speaker_wav_base64":"UklGRg=="}"#, to: names.registerVoice, is: "voice-register-reply")
    try await check(#"{}"#, to: names.registerVoice, is: "error-reply")
    let latents = Data(#"{"gpt_cond_latent":[[1]]}"#.utf8).base64EncodedString()
    try await check(#"{"latents_base64":"\#(latents)"}"#, to: names.registerVoice, is: "voice-register-reply")
    let settings = #""speaker_wav_base64":"UklGRg==","gpt_cond_len":12,"sound_norm_refs":true"#
    try await check("{\(settings)}", to: names.registerVoice, is: "voice-register-reply")
    try await check(
      #"{"speaker_wav_base64":"UklGRg==","gpt_cond_chunk_len":0}"#, to: names.registerVoice, is: "error-reply")
    try await check(#"{"export":"stub","format":"safetensors"}"#, to: names.listVoices, is: "voice-list-reply")
    try await check(#"{"export":"stub","format":"zip"}"#, to: names.listVoices, is: "error-reply")
    try await check(#"{"export":"nobody"}"#, to: names.listVoices, is: "error-reply")
    try await check("[1]", to: names.listVoices, is: "voice-list-reply")
    try await check(#"{"voice_id":"stub"}"#, to: names.deleteVoice, is: "voice-delete-reply")
    try await check(#"{"voice_id":"stub"}"#, to: names.deleteVoice, is: "error-reply")
    try await check(#"{"voice_id":7}"#, to: names.deleteVoice, is: "error-reply")
    let lexicon = #"{"lexicon_id":"names","language":"en","entries":[{"written":"Ng","spoken":"Ing"}]}"#
    try await check(lexicon, to: names.putLexicon, is: "lexicon-put-reply")
    try await check(#"{"lexicon_id":"a/b","entries":[]}"#, to: names.putLexicon, is: "error-reply")
    try await check("{}", to: names.listLexicons, is: "lexicon-list-reply")
    try await check(#"{"lexicon_id":"names"}"#, to: names.deleteLexicon, is: "lexicon-delete-reply")
    try await check(#"{"lexicon_id":"names"}"#, to: names.deleteLexicon, is: "error-reply")
    try await check("nonsense", to: names.deleteVoice, is: "error-reply")

    for (text, last) in [("streamed", "synthesis-reply"), ("failafter=1 streamed", "error-reply")] {
      let pieces = Mutex<[RawReply]>([])
      _ = try await requester.send(
        Data(#"{"text":"\#(text)","stream":true}"#.utf8), to: names.synthesize
      ) { piece in pieces.withLock { $0.append(piece) } }
      for piece in pieces.withLock({ $0 }) {
        let complaints = SchemaValidator(isStrict: true).complaints(
          about: try .parse(piece.body), against: try Self.schema(piece.isFinal ? last : "synthesis-chunk"))
        #expect(complaints == [])
      }
    }
    await requester.close()
    await bus.stop()
  }

  // MARK: AsyncAPI

  @Test func theAsyncAPIDocumentNamesWhatTheServiceDeclares() throws {
    let document = try JSONValue.parse(Data(contentsOf: Self.folder.appendingPathComponent("asyncapi.json")))
    let channels = (document["channels"]?.members ?? [:]).values
    let addresses = Set(channels.compactMap { $0["address"]?.text }.filter { !$0.contains("{") })
    let names = QueueNames()
    let configuration = AMQPConfiguration(connection: try ConnectionConfiguration(url: "amqp://127.0.0.1/"))
    let waits = Set(
      channels.compactMap { $0["parameters"]?["milliseconds"]?["enum"]?.elements }.joined().compactMap(\.text))
    let delays = configuration.retryDelays.map { String(Int($0 / .milliseconds(1))) }
    #expect(waits == Set(delays))
    let plan = TopologyPlan(configuration)
    let fixed = Set(plan.queues.map(\.name).filter { !$0.contains(".retry.synthesize.") } + plan.exchanges.map(\.name))
    #expect(fixed.union([names.voiceLog]) == addresses)
    #expect(
      addresses == [
        names.synthesize, names.registerVoice, names.listVoices, names.deleteVoice, names.putLexicon,
        names.listLexicons, names.deleteLexicon, names.configuration, names.dead,
        names.deadIncoming, names.suspects, names.refusedReplies, names.replyRetry, names.voiceLog, names.control,
      ])
    #expect(document["asyncapi"] == .string("3.0.0"))
  }

  @Test func everyReferenceResolves() throws {
    let document = try JSONValue.parse(Data(contentsOf: Self.folder.appendingPathComponent("asyncapi.json")))
    var references: [String] = []
    func collect(_ value: JSONValue) {
      if let reference = value["$ref"]?.text { references.append(reference) }
      value.members.values.forEach(collect)
      value.elements.forEach(collect)
    }
    collect(document)
    #expect(references.count > 50)
    for reference in references {
      if reference.hasPrefix("#/") {
        let target = reference.dropFirst(2).split(separator: "/").reduce(document as JSONValue?) { $0?[String($1)] }
        #expect(target != nil, "\(reference)")
      } else {
        #expect(FileManager.default.fileExists(atPath: Self.folder.appendingPathComponent(reference).path))
      }
    }
  }
}
