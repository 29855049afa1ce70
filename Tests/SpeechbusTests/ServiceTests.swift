import Checkpoint
import Foundation
import RabbitMQ
import SpeechAudio
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// The whole service, as a user runs it: the executable, a real broker, a real database, the demo model.
@Suite struct ServiceTests {
  private func requester(
    _ broker: PrivateBroker, queue: String, mode: AMQPRequester.ReplyMode = .direct
  ) async throws -> AMQPRequester {
    try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: queue), replyMode: mode)
  }

  private func hex(_ data: Data) -> String { SHA256.hash(data: data).hexadecimal }

  @Test func aRequestIsSpokenThroughEitherKindOfReplyQueue() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "either"])
    let request = SynthesisRequest(text: "One sentence for two queues.", seed: 3)
    var digests: Set<String> = []
    for mode in [AMQPRequester.ReplyMode.direct, .exclusiveQueue(nil), .exclusiveQueue("answers-\(UUID())")] {
      let client = try await requester(broker, queue: "either", mode: mode)
      let reply = try await client.synthesize(request)
      let clip = try AudioDecoder().decode(try #require(reply.audio))
      #expect(clip.sampleRate == 24_000)
      #expect(abs(clip.durationSeconds - reply.durationSeconds) < 1e-6)
      #expect(clip.samples.contains { abs($0) > 0.001 })
      digests.insert(reply.sha256)
      await client.close()
    }
    #expect(digests.count == 1)
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
  }

  /// Readiness ends first. HTTP requests that run, and those of the listening time, are answered before the engine stops.
  @Test func aDrainFinishesHTTPRequests() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(
      broker: broker.url, settings: ["SPEECHBUS_QUEUE": "drained", "SPEECHBUS_DRAIN_LISTEN_SECONDS": "10"])
    let text = String(repeating: "This sentence is part of a long text. ", count: 4)
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<3 {
        group.addTask { try await service.post("api/v1/tts/synthesize", ["text": "\(number) \(text)"]).status }
      }
      while try await service.metric("speechbus_slots_in_use") < 1 { try await Task.sleep(for: .milliseconds(5)) }
      // Two signals within a second count as one.
      for _ in 0..<2 { service.signal(SIGTERM) }
      var ready = try await service.get("health/ready")
      while ready.status == 200 { ready = try await service.get("health/ready") }
      #expect(try JSONDecoder().decode(HealthReport.self, from: ready.body).status == .draining)
      group.addTask { try await service.post("api/v1/tts/synthesize", ["text": "Late."]).status }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 4))
    #expect(await service.exitStatus() == 0)
  }

  @Test func twoHundredRequestsOfFourClientsEachGetTheirOwnAudio() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "crowd"])
    let texts = (0..<20).map { "Number \($0)." }
    let first = try await requester(broker, queue: "crowd")
    var alone: [String: String] = [:]
    for text in texts { alone[text] = try await first.synthesize(SynthesisRequest(text: text)).sha256 }
    #expect(Set(alone.values).count == texts.count)
    await first.close()

    let wrong = try await withThrowingTaskGroup(of: [String].self) { group in
      for client in 0..<4 {
        let client = try await requester(
          broker, queue: "crowd", mode: client.isMultiple(of: 2) ? .direct : .exclusiveQueue(nil))
        group.addTask { [alone] in
          try await withThrowingTaskGroup(of: String?.self) { requests in
            for number in 0..<50 {
              let text = texts[number % texts.count]
              requests.addTask {
                let reply = try await client.synthesize(SynthesisRequest(text: text))
                let audio = try #require(reply.audio)
                return reply.sha256 == alone[text] && hex(audio) == reply.sha256 ? nil : text
              }
            }
            var wrong: [String] = []
            for try await text in requests { wrong += [text].compactMap { $0 } }
            await client.close()
            return wrong
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(wrong.isEmpty)
    withExtendedLifetime(service) {}
  }

  @Test func malformedRequestsGetTheirErrorAndTheNextGoodOneIsAnswered() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "malformed"])
    let client = try await requester(broker, queue: "malformed")
    let short = try AudioEncoder.encode([Float](repeating: 0.1, count: 2_400), format: .wav).base64EncodedString()
    let noise = Data((0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* 73) }).base64EncodedString()
    let cases: [(String, String)] = [
      ("not json", "invalid_json"), (#"{"text":"#, "invalid_json"), ("[]", "invalid_request"),
      ("{}", "invalid_request"),
      (#"{"text":1}"#, "invalid_request"), (#"{"text":""}"#, "text_empty"), (#"{"text":" \n "}"#, "text_empty"),
      (#"{"text":"!?."}"#, "text_empty"),
      (#"{"text":"\#(String(repeating: "a ", count: 3_000))"}"#, "text_too_long"),
      (#"{"text":"a","language":"xx"}"#, "unsupported_language"), (#"{"text":"a","language":7}"#, "invalid_request"),
      (#"{"text":"a","speaker_id":"nobody"}"#, "unknown_speaker"),
      (#"{"text":"a","speaker_wav_base64":"***"}"#, "invalid_audio"),
      (#"{"text":"a","speaker_wav_base64":"\#(noise)"}"#, "invalid_audio"),
      (#"{"text":"a","speaker_wav_base64":"\#(short)"}"#, "audio_too_short"),
      (#"{"text":"a","speaker_wav_url":"http://127.0.0.1/a.wav"}"#, "download_forbidden"),
      (#"{"text":"a","temperature":99}"#, "invalid_request"), (#"{"text":"a","format":"gif"}"#, "invalid_request"),
      (#"{"text":"a","seed":"x"}"#, "invalid_request"), (#"{"text":"a","speed":0}"#, "invalid_request"),
    ]
    #expect(cases.count == 20)
    for (body, code) in cases {
      let reply = try await client.send(Data(body.utf8), to: "malformed")
      #expect(
        try JSONDecoder().decode(ErrorReply.self, from: reply.body).error.code.rawValue == code, "\(body.prefix(80))")
    }
    #expect(try await client.synthesize(SynthesisRequest(text: "Still here.")).durationSeconds > 0)
    await client.close()
    withExtendedLifetime(service) {}
  }

  @Test func aVoiceRegisteredOnOneReplicaSpeaksOnTheOthers() async throws {
    let broker = try await PrivateBroker.start(name: "replicas")
    let keys = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-\(UUID().uuidString).key").path
    let settings = ["SPEECHBUS_KEY_FILE": keys]
    let first = try await ServiceProcess(broker: broker.url, settings: settings)
    let second = try await ServiceProcess(broker: broker.url, settings: settings)
    let clip = ReferenceClip(seed: 5, seconds: 4, sampleRate: 22_050).samples.map { Float($0) / 32_768 }
    let audio = try AudioEncoder.encode(clip, format: .flac, sampleRate: 22_050).base64EncodedString()
    let answer = try await first.post("api/v1/tts/voices", ["display_name": "Ada", "speaker_wav_base64": audio])
    #expect(answer.status == 201)
    let voice = try JSONDecoder().decode(VoiceSummary.self, from: answer.body)

    let third = try await ServiceProcess(broker: broker.url, settings: settings)
    var digests: Set<String> = []
    for replica in [first, second, third] {
      digests.insert(try await digest(ofSpeechBy: voice.voiceID, on: replica))
    }
    #expect(digests.count == 1)
    try await broker.stop()
  }

  /// F28 of the adversary's list: the address names the worker that has the audio.
  @Test func theAddressOfStoredAudioNamesItsWorker() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(
      broker: broker.url,
      settings: ["SPEECHBUS_QUEUE": "stored-audio", "SPEECHBUS_STORE_URL": "https://worker-7.example/speech/"])
    let answer = try await service.post(
      "api/v1/tts/synthesize", ["text": "Stored.", "store_generated_audio": true])
    let reply = try JSONDecoder().decode(SynthesisReply.self, from: answer.body)
    let path = "api/v1/tts/audio/\(reply.requestID)"
    #expect(reply.audioURL == "https://worker-7.example/speech/\(path)")
    let stored = try await service.get(path)
    #expect(stored.status == 200 && SHA256.hash(data: Array(stored.body)).hexadecimal == reply.sha256)
  }

  @Test func theAuditNamesTheToken() async throws {
    let broker = try await PrivateBroker.shared()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("tokens-\(UUID().uuidString)").path
    let tokens = #"{"tokens": [{"name": "shop", "token": "shop-0123456789abcdef", "scopes": ["synthesize"]}]}"#
    try Data(tokens.utf8).write(to: URL(fileURLWithPath: file))
    let service = try await ServiceProcess(
      broker: broker.url, settings: ["SPEECHBUS_QUEUE": "named-tokens", "SPEECHBUS_TOKENS_FILE": file])
    let path = "api/v1/tts/synthesize"
    #expect(try await service.post(path, ["text": "Refused."]).status == 401)
    #expect(try await service.post(path, ["text": "Named."], token: "shop-0123456789abcdef").status == 200)
    let export = try await CommandRun(
      ["audit", "export", "--database", service.directory.path + "/speechbus.sqlite"], in: service.directory)
    let rows = String(decoding: export.output, as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 1 && rows[0].contains(#""token":"shop""#))
  }

  /// The change needs a moment to arrive.
  private func digest(ofSpeechBy voice: String, on replica: ServiceProcess) async throws -> String {
    for _ in 0..<1_200 {
      let answer = try await replica.post("api/v1/tts/synthesize", ["text": "Hello.", "speaker_id": voice])
      if answer.status == 200 { return try JSONDecoder().decode(SynthesisReply.self, from: answer.body).sha256 }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("the voice did not reach a replica")
    return UUID().uuidString
  }
}
