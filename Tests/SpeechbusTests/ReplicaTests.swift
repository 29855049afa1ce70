import AMQPAdapter
import Foundation
import RabbitMQ
import SQLiteStorage
import SpeechCore
import TestSupport
import Testing

/// Two services with their own databases and one key file.
@Suite struct ReplicaTests {
  private static let isLong = ProcessInfo.processInfo.environment["SPEECHBUS_LONG_TESTS"] == "1"
  private static let (keys, kills) = isLong ? (200, 6) : (30, 2)

  /// F11 of the adversary's list: each key is sent three times over both replicas, and workers are killed meanwhile.
  @Test func keysThatAreSentThreeTimesHaveOneReplyAlsoWhenWorkersAreKilled() async throws {
    let broker = try await PrivateBroker.start(name: "shared-keys")
    let keyFile = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString)").path
    let settings = [
      "SPEECHBUS_QUEUE": "replicas", "SPEECHBUS_MAX_ATTEMPTS": "100", "SPEECHBUS_KEY_FILE": keyFile,
    ]
    var services = [try await ServiceProcess(broker: broker.url, settings: settings)]
    services.append(try await ServiceProcess(broker: broker.url, settings: settings))
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "replicas"), replyMode: .direct)
    let answers = Task {
      try await withThrowingTaskGroup(of: (Int, SynthesisReply).self) { group in
        for number in 0..<3 * Self.keys {
          let key = number % Self.keys
          group.addTask {
            while true {
              do throws(AMQPAdapterError) {
                let reply = try await client.synthesize(
                  SynthesisRequest(text: "Key \(key)."), options: RequestOptions(messageID: "k\(key)"))
                return (key, reply)
              } catch {
                // The third worker that held it was killed; a client sends it again.
                guard error.message.hasPrefix(SpeechError.Code.workerLost.rawValue) else { throw error }
              }
            }
          }
        }
        return try await group.reduce(into: [:] as [Int: [SynthesisReply]]) { $0[$1.0, default: []].append($1.1) }
      }
    }
    for kill in 0..<Self.kills {
      try await Task.sleep(for: .milliseconds(700))
      let victim = services[kill % 2]
      victim.signal(SIGKILL)
      _ = await victim.exitStatus()
      services[kill % 2] = try await ServiceProcess(
        broker: broker.url, directory: victim.directory, settings: settings)
    }
    let replies = try await answers.value
    #expect(replies.count == Self.keys && replies.values.allSatisfy { $0.count == 3 })
    #expect(replies.values.allSatisfy { Set($0.map(\.requestID)).count == 1 && Set($0.map(\.sha256)).count == 1 })
    await client.close()
    var done: [String] = []
    for service in services {
      service.signal(SIGTERM)
      _ = await service.exitStatus()
      let database = try SpeechDatabase(
        path: service.directory.appending(path: "speechbus.sqlite").path, keyFile: keyFile)
      _ = try await SQLiteAuditLog(database).verify()
      let rows = RowCollector()
      try await SQLiteAuditLog(database).export { rows.add($0) }
      done += rows.records.filter { $0.outcome == "ok" && $0.action == "synthesize" }.compactMap(\.key)
      try database.close()
    }
    #expect(done.count == Self.keys && Set(done).count == Self.keys)
    try await broker.stop()
  }

  /// F5 and F7 of the adversary's list, on whole services.
  @Test func healthNamesAnotherKeyAndALostLogHeals() async throws {
    let broker = try await PrivateBroker.start(name: "keyed")
    let one = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "keyed"])
    try await eventually(within: .seconds(60)) { try await Self.health(one)["voice_log"] == "following" }
    let two = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "keyed"])
    for service in [one, two] {
      try await eventually(within: .seconds(60)) {
        try await Self.health(service)["key"]?.contains("but another replica has key") == true
      }
      #expect(service.logText.contains("which this replica does not have"))
    }
    #expect(try await one.get("health/ready").status == 200)
    two.signal(SIGTERM)
    _ = await two.exitStatus()
    let connection = try await Connection.openAny(ConnectionConfiguration(url: broker.url))
    try await connection.openChannel().delete(queue: QueueNames().voiceLog)
    await connection.close()
    try await eventually(within: .seconds(60)) {
      try await Self.health(one)["voice_log"]?.hasPrefix("following, lost and published again 1 times") == true
    }
    #expect(one.logText.contains("the voice log was lost or replaced"))
    one.signal(SIGTERM)
    #expect(await one.exitStatus() == 0)
    try await broker.stop()
  }

  private static func health(_ service: ServiceProcess) async throws -> [String: String] {
    try JSONDecoder().decode(HealthReport.self, from: try await service.get("health").body).components
  }
}
