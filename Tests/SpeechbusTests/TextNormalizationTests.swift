import AMQPAdapter
import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

/// The reading of a text, chosen and shown, through the whole service.
@Suite(.timeLimit(.minutes(10)))
struct TextNormalizationTests {
  private let text = "It costs $5."
  private let read: [NormalizationMode: String] = [
    .extended: "it costs five dollars", .upstream: "it costs five dollars", .none: "it costs $5",
  ]

  private func preview(_ service: ServiceProcess, _ body: [String: Any]) async throws -> TextPreview {
    let answer = try await service.post("api/v1/tts/normalize", body)
    #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    return try JSONDecoder().decode(TextPreview.self, from: answer.body)
  }

  @Test func allModesOnTheBusAndOverHTTP() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "normalized"])
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "normalized"))
    var digests: [String] = []
    for mode in NormalizationMode.allCases {
      var request = SynthesisRequest(text: text, seed: 1)
      request.normalization = mode
      request.include = [.normalized]
      let whole = try await client.synthesize(request)
      #expect(whole.segments.map(\.normalized) == [read[mode]])
      #expect(try await client.synthesize(request).sha256 == whole.sha256)
      let body: [String: Any] = [
        "text": text, "seed": 1, "text_normalization": mode.rawValue, "include": ["normalized"],
      ]
      let answer = try await service.post("api/v1/tts/synthesize", body)
      let reply = try JSONDecoder().decode(SynthesisReply.self, from: answer.body)
      #expect(reply.sha256 == whole.sha256 && reply.segments == whole.segments)
      let shown = try await preview(service, ["text": text, "text_normalization": mode.rawValue])
      #expect(shown.segments.map(\.normalized) == whole.segments.map(\.normalized))
      digests.append(whole.sha256)

      request.format = .pcm
      request.stream = true
      let streamed = try await client.synthesize(request)
      #expect(streamed.segments == whole.segments && streamed.audio == nil)
    }
    // The order is extended, upstream, none: the first two read this text alike.
    #expect(digests[0] == digests[1] && digests[0] != digests[2])
    let plain = try await client.synthesize(SynthesisRequest(text: text, seed: 1))
    #expect(plain.sha256 == digests[0] && plain.segments.map(\.normalized) == [nil])

    let again = try await service.post(
      "v1/audio/speech",
      ["input": text, "text_normalization": "none", "include": ["normalized"], "stream_format": "sse"])
    #expect(String(decoding: again.body, as: UTF8.self).contains(#""normalized":"it costs $5""#))
    await client.close()
    withExtendedLifetime(service) {}
  }

  /// The setting is the default of requests, and the preview answers while the broker and the model are missing.
  @Test func theSettingAndThePreviewWithoutAModel() async throws {
    let service = try await ServiceProcess(
      broker: "amqp://guest:guest@127.0.0.1:1/",
      settings: [
        "SPEECHBUS_TEXT_NORMALIZATION": "none", "SPEECHBUS_START": "wait", "SPEECHBUS_MAX_TEXT": "60",
        "SPEECHBUS_MAX_SPOKEN_TEXT": "50", "SPEECHBUS_DATABASE": "/nowhere/at/all.sqlite",
      ], waitsUntilReady: false)
    #expect(try await service.get("health/ready").status == 503)
    let shown = try await preview(service, ["text": text])
    #expect(shown.normalization == .none && shown.segments.map(\.normalized) == [read[.none]])
    #expect(try await preview(service, ["text": text, "text_normalization": "extended"]).segments[0].tokens > 5)
    for (body, code) in [
      (["text": String(repeating: "a ", count: 40)], "text_too_long"),
      (["text": "77777777 77777777", "text_normalization": "extended"], "text_too_long"),
      (["text": "a", "text_normalization": "loud"], "invalid_request"), (["text": "𓀀"], "text_unreadable"),
    ] as [([String: Any], String)] {
      let answer = try await service.post("api/v1/tts/normalize", body)
      #expect(answer.status == 422)
      #expect(String(decoding: answer.body, as: UTF8.self).contains(#""code":"\#(code)""#), "\(body)")
    }
  }

  @Test func thePreviewNeedsAVocabulary() async throws {
    let service = try await ServiceProcess(
      broker: "amqp://guest:guest@127.0.0.1:1/",
      settings: ["SPEECHBUS_START": "wait", "XTTS_MODEL_DIR": "/nowhere", "SPEECHBUS_DATABASE": "/nowhere/a.sqlite"],
      waitsUntilReady: false)
    let answer = try await service.post("api/v1/tts/normalize", ["text": text])
    #expect(answer.status == 503 && answer.retryAfter != nil)
    #expect(!String(decoding: answer.body, as: UTF8.self).contains("/nowhere"))
  }

  @Test func tokenizeWarnsOfUnreadableCharacters() async throws {
    struct Line: Decodable {
      var normalized: String
      var unreadable, warnings: [String]?
    }
    let folder = FileManager.default.temporaryDirectory
    let settings = ["XTTS_MODEL_DIR": ServiceProcess.modelDirectory.path]
    for option in ["--normalization", "--text-normalization"] {
      let run = try await CommandRun(
        ["tokenize", option, "none"], in: folder, settings: settings, input: "en\t$5 𓀀\nen\tTwo\n")
      let lines = try run.output.split(separator: UInt8(ascii: "\n")).map {
        try JSONDecoder().decode(Line.self, from: $0)
      }
      try #require(run.status == 0 && lines.count == 2, "\(run.errors)")
      #expect(lines[0].normalized.hasPrefix("$5") && lines[0].unreadable == ["𓀀"])
      #expect(lines[0].warnings == ["not read, because the model does not have these characters: 𓀀 (U+13000)"])
      #expect(lines[1].warnings == nil)
    }
  }

  @Test func commandsTakeTheOption() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let settings = ["XTTS_MODEL_DIR": ServiceProcess.modelDirectory.path]
    func synthesize(_ options: [String], _ settings: [String: String] = settings) async throws -> CommandRun {
      try await CommandRun(
        ["synthesize", text, "-o", "a.wav", "--include", "normalized"] + options, in: folder, settings: settings)
    }
    let spoken = String(decoding: try await synthesize([]).output, as: UTF8.self)
    #expect(spoken.contains("it costs five dollars\n"))
    for (options, more) in [
      (["--text-normalization", "none"], [:]), ([], ["SPEECHBUS_TEXT_NORMALIZATION": "none"]),
    ] {
      let unchanged = try await synthesize(options, settings.merging(more) { $1 })
      #expect(String(decoding: unchanged.output, as: UTF8.self).contains("it costs $5\n"), "\(unchanged.errors)")
    }
    let wrong = try await synthesize(["--text-normalization", "loud"])
    #expect(wrong.status == 64)
    #expect(
      wrong.errors
        == "speechbus: --text-normalization is \"loud\", but must be one of extended, upstream, none\n")
  }
}
