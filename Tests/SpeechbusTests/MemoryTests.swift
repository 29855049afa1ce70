import Checkpoint
import Foundation
import RabbitMQ
import SQLiteStorage
import SpeechAudio
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// The records and metrics of the running service, and voices across restarts and replicas.
@Suite struct MemoryTests {
  private func clip() throws -> String {
    let samples = ReferenceClip(seed: 3, seconds: 4, sampleRate: 22_050).samples.map { Float($0) / 32_768 }
    return try AudioEncoder.encode(samples, format: .flac, sampleRate: 22_050).base64EncodedString()
  }

  /// The number of voices resolved from each source.
  private func sources(_ service: ServiceProcess) async throws -> [String: Double] {
    try await service.metrics().reduce(into: [:]) { sources, entry in
      guard let name = entry.key.wholeMatch(of: /speechbus_conditioning_total\{source="(\w+)"\}/)?.1 else { return }
      sources[String(name)] = entry.value
    }
  }

  private func speak(_ voice: String, _ service: ServiceProcess) async throws {
    let answer = try await service.post("api/v1/tts/synthesize", ["text": "Again.", "speaker_id": voice])
    #expect(answer.status == 200)
  }

  @Test func aKnownVoiceCostsNoConditioningNotEvenAfterARestartOrOnAReplica() async throws {
    let broker = try await PrivateBroker.start(name: "conditioning")
    let keys = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-\(UUID().uuidString).key").path
    let settings = ["SPEECHBUS_KEY_FILE": keys]
    var service = try await ServiceProcess(broker: broker.url, settings: settings)
    let registered = try await service.post("api/v1/tts/voices", ["speaker_wav_base64": try clip()])
    let voice = try JSONDecoder().decode(VoiceSummary.self, from: registered.body).voiceID
    #expect(try await sources(service) == ["computed": 1])
    for _ in 0..<2 { try await speak(voice, service) }
    #expect(try await sources(service) == ["computed": 1, "memory": 2])

    let replica = try await ServiceProcess(broker: broker.url, settings: settings)
    for _ in 0..<1_200 where try await !replica.knows(voice) { try await Task.sleep(for: .milliseconds(50)) }
    for _ in 0..<2 { try await speak(voice, replica) }
    #expect(try await sources(replica) == ["database": 1, "memory": 1])

    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
    service = try await ServiceProcess(broker: broker.url, directory: service.directory, settings: settings)
    for _ in 0..<2 { try await speak(voice, service) }
    #expect(try await sources(service) == ["database": 1, "memory": 1])
    try await broker.stop()
  }

  @Test func everyMetricIsThereAndMoves() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "metered"])
    let before = try await service.metrics()
    let unlabelled = [
      "speechbus_queue_wait_seconds_count", "speechbus_first_audio_seconds_count", "speechbus_request_seconds_count",
      "speechbus_real_time_factor_count", "speechbus_audio_seconds_total", "speechbus_codes_total",
      "speechbus_slots_in_use", "speechbus_slots", "speechbus_sequences_waiting", "speechbus_decode_step_seconds_count",
      "speechbus_redeliveries_total", "speechbus_worker_lost_total", "speechbus_retries_total",
      "speechbus_dead_letters_total",
      "speechbus_amqp_reconnects_total", "speechbus_amqp_unconfirmed", "process_cpu_seconds_total",
      "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds",
    ]
    for name in unlabelled { #expect(before[name] != nil, "\(name)") }
    #expect((before["speechbus_slots"] ?? 0) > 0)

    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "metered"), replyMode: .direct)
    _ = try await client.synthesize(SynthesisRequest(text: "Counted."))
    _ = try await client.send(Data("{".utf8), to: "metered")
    _ = try await client.send(
      Data(#"{"text":"late"}"#.utf8), to: "metered",
      options: RequestOptions(deadline: Date(timeIntervalSince1970: 1_600_000_000)))
    _ = try await service.post("api/v1/tts/synthesize", ["text": "Counted too.", "user_id": "ada"])
    await client.close()

    let after = try await service.metrics()
    func rise(_ name: String) -> Double { (after[name] ?? 0) - (before[name] ?? 0) }
    #expect(rise(#"speechbus_requests_total{transport="amqp",outcome="ok"}"#) == 1)
    #expect(rise(#"speechbus_requests_total{transport="http",outcome="ok"}"#) == 1)
    #expect(rise(#"speechbus_requests_total{transport="amqp",outcome="invalid_json"}"#) == 1)
    #expect(rise(#"speechbus_requests_total{transport="amqp",outcome="deadline_exceeded"}"#) == 1)
    #expect(rise(#"speechbus_skipped_total{reason="deadline"}"#) == 1)
    #expect(rise("speechbus_request_seconds_count") == 4)
    #expect(rise("speechbus_real_time_factor_count") == 2)
    for name in unlabelled.filter({ $0.contains("wait_s") || $0.contains("first") || $0.contains("codes") }) {
      #expect(rise(name) >= 2, "\(name)")
    }
    #expect(rise("speechbus_audio_seconds_total") > 0 && rise("speechbus_decode_step_seconds_count") > 0)

    let usage = String(decoding: try await service.get("api/v1/tts/usage").body, as: UTF8.self)
    #expect(usage.contains(#""user_id":"ada""#) && usage.contains(#""characters":12"#))
  }

  @Test func everyRequestHasOneRowWhateverItsEnd() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "recorded"])
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "recorded"), replyMode: .direct)
    let late = RequestOptions(deadline: Date(timeIntervalSince1970: 1_600_000_000))
    for (body, options) in [
      (#"{"text":"Fine."}"#, RequestOptions(messageID: "m1")), (#"{"text":"Fine."}"#, RequestOptions(messageID: "m1")),
      ("{", RequestOptions()), (#"{"text":"late"}"#, late), (#"{"text":"x","speaker_id":"unknown"}"#, RequestOptions()),
    ] {
      _ = try await client.send(Data(body.utf8), to: "recorded", options: options)
    }
    await client.close()
    for body: [String: Any] in [["text": "Fine."], ["text": 7], ["text": "x", "speaker_wav_base64": "AAAA"]] {
      _ = try await service.post("api/v1/tts/synthesize", body)
    }
    _ = try await service.post("api/v1/tts/voices", [:])
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)

    let database = try SpeechDatabase(path: service.directory.appending(path: "speechbus.sqlite").path)
    let rows = RowCollector()
    try await SQLiteAuditLog(database).export { rows.add($0) }
    try database.close()
    let ends = rows.records.map { "\($0.transport) \($0.errorCode ?? $0.outcome)" }
    #expect(
      ends == [
        "amqp ok", "amqp replayed", "amqp invalid_json", "amqp deadline_exceeded", "amqp unknown_speaker", "http ok",
        "http invalid_request", "http invalid_audio", "http invalid_request",
      ])
    #expect(rows.records.last?.action == "register_voice")
  }

  @Test func theCommandLineLeavesRecordsToo() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "speechbus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try #require(Data(base64Encoded: clip())).write(to: directory.appending(path: "me.flac"))
    func run(_ arguments: String...) async throws -> CommandRun { try await CommandRun(arguments, in: directory) }
    // Who only reads makes no file.
    for arguments in [["audit", "verify"], ["audit", "export"], ["voices", "list"]] {
      let missing = try await CommandRun(arguments, in: directory)
      #expect(missing.status == 1 && missing.errors.contains("there is no database at speechbus.sqlite"))
    }
    #expect(!FileManager.default.fileExists(atPath: directory.appending(path: "speechbus.sqlite").path))
    let voice = try JSONDecoder().decode(VoiceSummary.self, from: await run("voices", "add", "me.flac").output)
    #expect(try await run("voices", "remove", voice.voiceID).status == 0)
    #expect(try await run("voices", "remove", voice.voiceID).status == 1)
    #expect(try await run("audit", "verify").status == 0)
    let rows = RowCollector()
    for line in String(decoding: try await run("audit", "export").output, as: UTF8.self).split(separator: "\n") {
      rows.add(String(line))
    }
    #expect(
      rows.records.map { "\($0.transport) \($0.action) \($0.outcome)" } == [
        "cli register_voice ok", "cli delete_voice ok", "cli delete_voice error",
      ])
    #expect(rows.records.allSatisfy { $0.voiceID == voice.voiceID })
  }

  @Test func oldRowsGoWithTheStartAndTheChainStaysWhole() async throws {
    let broker = try await PrivateBroker.shared()
    let directory = FileManager.default.temporaryDirectory.appending(path: "speechbus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let path = directory.appending(path: "speechbus.sqlite").path
    let earlier = try SpeechDatabase(path: path)
    for age in [100.0, 90, 80, 1, 0] {
      let record = AuditRecord(
        action: .synthesize, requestID: "aged \(age)", transport: "http",
        receivedAt: Date(timeIntervalSinceNow: -age * 86_400))
      try await SQLiteRequestJournal(earlier).commit(JournalEntry(record: record))
    }
    try earlier.close()

    let settings = ["SPEECHBUS_QUEUE": "aged", "SPEECHBUS_AUDIT_DAYS": "30"]
    let service = try await ServiceProcess(broker: broker.url, directory: directory, settings: settings)
    let database = try SpeechDatabase(path: path)
    let audit = SQLiteAuditLog(database)
    for _ in 0..<200 where try await audit.verify().prunedCount == 0 { try await Task.sleep(for: .milliseconds(20)) }
    let verification = try await audit.verify()
    #expect(verification.prunedCount == 3 && verification.rowCount == 3)
    try database.close()
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
  }
}

extension ServiceProcess {
  fileprivate func knows(_ voice: String) async throws -> Bool {
    String(decoding: try await get("api/v1/tts/voices").body, as: UTF8.self).contains(voice)
  }
}
