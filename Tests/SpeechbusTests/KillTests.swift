import AMQPAdapter
import Checkpoint
import Foundation
import RabbitMQ
import SQLiteStorage
import SpeechAudio
import SpeechCore
import TestSupport
import Testing

/// SIGKILL in the middle of registrations and syntheses. `SPEECHBUS_LONG_TESTS=1` kills ten times during 200 and 500.
@Suite struct KillTests {
  private static let isLong = ProcessInfo.processInfo.environment["SPEECHBUS_LONG_TESTS"] == "1"
  private static let (registrations, syntheses, kills) = isLong ? (200, 500, 10) : (16, 40, 3)
  /// All requests are sent at once, so the last one waits for all others.
  private static let timeout = Duration.seconds(isLong ? 3600 : 300)

  @Test func whatWasAcknowledgedIsThereAndNothingIsHalfThere() async throws {
    // Voice queues have fixed names, so services of other tests must not share them.
    let broker = try await PrivateBroker.start(name: "killed")
    let settings = ["SPEECHBUS_QUEUE": "killed", "SPEECHBUS_MAX_ATTEMPTS": "100"]
    var service = try await ServiceProcess(broker: broker.url, settings: settings)
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "killed"), replyMode: .direct)
    let answers = Task { try await Self.askForEverything(client) }
    let monitor = try await Connection.openAny(ConnectionConfiguration(url: broker.url))
    for _ in 0..<Self.kills {
      // A request that runs alone at three kills would count as their cause.
      if Self.isLong { try await Self.waitForSuspects(monitor) }
      try await Task.sleep(for: .milliseconds(400))
      service.signal(SIGKILL)
      _ = await service.exitStatus()
      service = try await ServiceProcess(broker: broker.url, directory: service.directory, settings: settings)
    }
    await monitor.close()
    let (voices, requests) = try await answers.value
    #expect(voices.count == Self.registrations && requests.count == Self.syntheses)
    await client.close()
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)

    let database = try SpeechDatabase(path: service.directory.appending(path: "speechbus.sqlite").path)
    try await checkVoices(voices, database, folder: service.directory.appending(path: "voices"))
    try await checkRecords(voices, requests, database)
    try database.close()
    try await broker.stop()
  }

  private static func waitForSuspects(_ connection: Connection) async throws {
    let (channel, names) = (try await connection.openChannel(), QueueNames(synthesize: "killed"))
    try await eventually(within: .seconds(120)) {
      let isConsuming = try await channel.inspect(queue: names.synthesize).consumerCount > 0
      return try await channel.inspect(queue: names.suspects).messageCount == 0 && isConsuming
    }
    await channel.close()
  }

  /// - Returns: the ids of the answers by the keys of their requests.
  private static func askForEverything(
    _ client: AMQPRequester
  ) async throws -> (voices: [String: String], requests: [String: String]) {
    try await withThrowingTaskGroup(of: (isVoice: Bool, key: String, id: String).self) { group in
      for number in 0..<registrations {
        let clip = ReferenceClip(seed: UInt64(number), seconds: 1, sampleRate: 22_050).samples
        let audio = try AudioEncoder.encode(clip.map { Float($0) / 32_768 }, format: .flac, sampleRate: 22_050)
        let body = try JSONSerialization.data(withJSONObject: [
          "display_name": "Voice \(number)", "speaker_wav_base64": audio.base64EncodedString(),
        ])
        group.addTask {
          let voice = try await client.request(
            VoiceSummary.self, body, to: "tts.voices.register",
            options: RequestOptions(messageID: "v\(number)", timeout: timeout))
          return (true, "v\(number)", voice.voiceID)
        }
      }
      for number in 0..<syntheses {
        group.addTask {
          let reply = try await client.synthesize(
            SynthesisRequest(text: "Killed \(number)."),
            options: RequestOptions(messageID: "s\(number)", timeout: timeout))
          return (false, "s\(number)", reply.requestID)
        }
      }
      var (voices, requests): ([String: String], [String: String]) = ([:], [:])
      for try await answer in group {
        if answer.isVoice { voices[answer.key] = answer.id } else { requests[answer.key] = answer.id }
      }
      return (voices, requests)
    }
  }

  /// One voice per registration, each with its valid samples, and no other file.
  private func checkVoices(_ acknowledged: [String: String], _ database: SpeechDatabase, folder: URL) async throws {
    let store = SQLiteVoiceStore(database, voiceDirectory: folder.path)
    let voices = try await store.voices()
    #expect(Set(voices.map(\.voiceID)) == Set(acknowledged.values))
    #expect(voices.count == Self.registrations)
    var digests: Set<String> = []
    for voice in voices {
      let samples = try await store.samples(voiceID: voice.voiceID)
      #expect(samples.count == 1)
      digests.formUnion(samples.map(\.digest))
    }
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".") }
    #expect(Set(files.compactMap { $0.split(separator: "/").last }) == Set(digests.map { Substring("\($0).flac") }))
  }

  /// Every answer has the row of the request that did the work, and exactly one.
  private func checkRecords(
    _ voices: [String: String], _ requests: [String: String], _ database: SpeechDatabase
  ) async throws {
    let audit = SQLiteAuditLog(database)
    let verification = try await audit.verify()
    #expect(verification.rowCount >= voices.count + requests.count)
    let rows = RowCollector()
    try await audit.export { rows.add($0) }
    let done = rows.records.filter { $0.outcome == "ok" }
    let spoken = done.filter { $0.action == "synthesize" }
    #expect(spoken.count == requests.count)
    #expect(Dictionary(spoken.map { ($0.key, $0.requestID) }, uniquingKeysWith: { _, _ in "twice" }) == requests)
    let registered = done.filter { $0.action == "register_voice" }
    #expect(registered.count == voices.count)
    #expect(Dictionary(registered.map { ($0.key, $0.voiceID) }, uniquingKeysWith: { _, _ in "twice" }) == voices)
  }
}
