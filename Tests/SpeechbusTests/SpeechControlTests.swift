import Foundation
import RabbitMQ
import SQLiteStorage
import SpeechCore
import Synchronization
import Testing

@testable import AMQPAdapter
@testable import TestSupport

/// Whole services whose requests say how they are spoken.
@Suite struct SpeechControlTests {
  private static let combined = #"""
    {"text":"<speak>Nguyen writes <say-as interpret-as='characters'>sql</say-as>.<break time='300ms'/>\#
    <voice name='demo tenor'><prosody rate='120%'>So <sub alias='it is'>is</sub> Nguyen.</prosody></voice><mark name='end'/>\#
    </speak>","lexicon":["names","places"],"speaker_id":"Demo Alto","pause_sentence_seconds":0.1,"format":"pcm",\#
    "user_id":"ada","include":["normalized"]}
    """#

  private func put(_ client: AMQPRequester, _ body: String) async throws {
    let stored = try await client.request(Lexicon.self, Data(body.utf8), to: QueueNames().putLexicon)
    #expect(body.contains(stored.id))
  }

  @Test func lexiconMarkupVoicesAndPausesGiveEqualBytesAloneUnderLoadAndStreamed() async throws {
    let broker = try await PrivateBroker.start(name: "control")
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_SLOTS": "8"])
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(), replyMode: .direct)
    for _ in 0..<2 {
      try await put(client, #"{"lexicon_id":"names","language":"en","entries":[{"written":"Nguyen","spoken":"Win"}]}"#)
    }
    try await put(client, #"{"lexicon_id":"places","scope":"ada","entries":[{"written":"Goa","spoken":"Go a"}]}"#)
    let request = try SynthesisRequest.decode(Data(Self.combined.utf8))
    let alone = try await client.synthesize(request)
    let audio = try #require(alone.audio)
    #expect(alone.lexiconVersion == "names@2,places@1" && alone.warnings.isEmpty)
    let spoken = alone.segments.compactMap(\.normalized)
    #expect(spoken.count == 2 && spoken[0].hasPrefix("win writes s q l") && spoken[1].hasPrefix("so it is win"))
    #expect(alone.marks?.map(\.name) == ["end"] && alone.marks?.first?.time ?? 0 > 0.3)
    // The pause is silent, and the samples around it are not.
    let samples = [Int16](unsafeUninitializedCapacity: audio.count / 2) { buffer, count in
      count = audio.copyBytes(to: buffer) / 2
    }
    let silences = samples.split { $0 != 0 }.map(\.count)
    #expect(silences.contains { (7_200..<9_600).contains($0) }, "\(silences.filter { $0 > 1_000 })")

    let text = String(repeating: "This sentence is part of a long text. ", count: 40)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<7 {
        group.addTask { _ = try? await client.synthesize(SynthesisRequest(text: "\(number) \(text)")) }
      }
      while try await service.metric("speechbus_slots_in_use") < 7 { try await Task.sleep(for: .milliseconds(5)) }
      let loaded = try await client.synthesize(request)
      #expect(loaded.audio == audio && loaded.requestID != alone.requestID && loaded.marks == alone.marks)
      var streamed = request
      streamed.stream = true
      let pieces = Mutex(Data())
      let reply = try await client.synthesize(streamed) { piece in pieces.withLock { $0 += piece } }
      #expect(pieces.withLock { $0 } == audio && reply.sha256 == alone.sha256 && reply.seed == alone.seed)
      #expect(reply.marks == alone.marks && reply.lexiconVersion == alone.lexiconVersion)
      group.cancelAll()
    }
    let body = try #require(JSONSerialization.jsonObject(with: Data(Self.combined.utf8)) as? [String: Any])
    let answer = try await service.post("api/v1/tts/synthesize", body)
    #expect(try JSONDecoder().decode(SynthesisReply.self, from: answer.body).audio == audio)
    // A change of a lexicon is another version, and its audio is another.
    try await put(client, #"{"lexicon_id":"names","entries":[{"written":"Nguyen","spoken":"Noo yen"}]}"#)
    let changed = try await client.synthesize(request)
    #expect(changed.lexiconVersion == "names@3,places@1" && changed.audio != audio && changed.seed != alone.seed)
    await client.close()
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)

    let database = try SpeechDatabase(path: service.directory.appending(path: "speechbus.sqlite").path)
    let rows = RowCollector()
    try await SQLiteAuditLog(database).export { rows.add($0) }
    try database.close()
    let versions = rows.records.compactMap { $0.settings?["lexicon_version"] }
    #expect(
      versions == ["names@1", "names@2", "places@1"] + Array(repeating: "names@2,places@1", count: 4) + [
        "names@3", "names@3,places@1",
      ])
    let voices = rows.records.compactMap { $0.settings?["voices"] }
    #expect(voices == Array(repeating: "Demo Tenor/1", count: 5))
    try await broker.stop()
  }

  @Test func anEighteenthLanguageIsSpokenOverTheService() async throws {
    let broker = try await PrivateBroker.shared()
    let model = try ScratchDirectory("vietnamese")
    try VietnameseCheckpoint.write(to: model.path)
    let service = try await ServiceProcess(
      broker: broker.url, settings: ["SPEECHBUS_QUEUE": "vietnamese", "XTTS_MODEL_DIR": model.path])
    let configuration = try JSONDecoder().decode(
      ServiceConfiguration.self, from: try await service.get("api/v1/tts/config").body)
    #expect(configuration.languages.count == 18 && configuration.languages.contains { $0.id.rawValue == "vi" })
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "vietnamese"), replyMode: .direct)
    let body = #"{"text":"Xin Chào.","language":"vi-VN","include":["normalized"]}"#
    let reply = try await client.synthesize(try SynthesisRequest.decode(Data(body.utf8)))
    #expect(reply.language.rawValue == "vi" && reply.durationSeconds > 0)
    #expect(reply.segments.map(\.normalized) == ["xin chào."])
    let whole = try await service.post("api/v1/tts/synthesize", ["text": "Xin Chào.", "language": "vi"])
    #expect(try JSONDecoder().decode(SynthesisReply.self, from: whole.body).sha256 == reply.sha256)
    let thai = try await client.send(Data(#"{"text":"a","language":"th"}"#.utf8), to: "vietnamese")
    #expect(try JSONDecoder().decode(ErrorReply.self, from: thai.body).error.code == .unsupportedLanguage)
    await client.close()
    withExtendedLifetime(service) {}
  }

  @Test func aLexiconOfOneReplicaIsUsedByTheOthers() async throws {
    let broker = try await PrivateBroker.start(name: "lexicons")
    let keys = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-\(UUID().uuidString).key").path
    let settings = ["SPEECHBUS_KEY_FILE": keys]
    let one = try await ServiceProcess(broker: broker.url, settings: settings)
    let two = try await ServiceProcess(broker: broker.url, settings: settings)
    // The command changes the database of a running service.
    let put = try await CommandRun(["lexicon", "put", "names", "Nguyen=Win"], in: one.directory, settings: settings)
    #expect(put.status == 0, "\(put.errors)")
    try await eventually(within: .seconds(60)) {
      try await two.get("api/v1/tts/lexicons/names").status == 200
    }
    let request = ["text": "Nguyen.", "lexicon": "names"]
    let replies = try await [one.post("api/v1/tts/synthesize", request), two.post("api/v1/tts/synthesize", request)]
      .map { try JSONDecoder().decode(SynthesisReply.self, from: $0.body) }
    #expect(replies.allSatisfy { $0.lexiconVersion == "names@1" && $0.sha256 == replies[0].sha256 })
    let remove = try await CommandRun(["lexicon", "remove", "names"], in: two.directory, settings: settings)
    #expect(remove.status == 0, "\(remove.errors)")
    try await eventually(within: .seconds(60)) {
      try await one.get("api/v1/tts/lexicons/names").status == 404
    }
    try await broker.stop()
  }

  @Test func theLexiconCommands() async throws {
    let folder = try ScratchDirectory("lexicon")
    func run(_ arguments: String..., input: String? = nil) async throws -> CommandRun {
      try await CommandRun(["lexicon"] + arguments, in: folder.url, input: input)
    }
    // A command that only reads makes no file.
    let none = try await run("list", "--json")
    #expect(
      none.status == 0 && none.output.isEmpty
        && !FileManager.default.fileExists(atPath: folder.path("speechbus.sqlite")))
    let put = try await run("put", "names", "Nguyen=Win", "a=b=c", "--language", "en", "--scope", "ada")
    let stored = try JSONDecoder().decode(Lexicon.self, from: put.output)
    #expect(stored.version == 1 && stored.language == .english && stored.scope == "ada")
    #expect(stored.entries.map(\.spoken) == ["Win", "b=c"])
    let file = #"{"entries":[{"written":"SQL","spoken":"sequel","case_sensitive":true}]}"#
    let replaced = try JSONDecoder().decode(
      Lexicon.self, from: try await run("put", "names", "--file", "-", input: file).output)
    #expect(replaced.version == 2 && replaced.entries.map(\.written) == ["SQL"] && replaced.entries[0].caseSensitive)
    #expect(try JSONDecoder().decode(Lexicon.self, from: try await run("show", "names").output) == replaced)
    let table = String(decoding: try await run("list").output, as: UTF8.self)
    #expect(table.contains("names") && table.contains("service") && table.contains("all"))
    #expect(try await run("remove", "names").status == 0)
    for arguments in [["remove", "names"], ["show", "names"]] {
      let missing = try await CommandRun(["lexicon"] + arguments, in: folder.url)
      #expect(missing.status == 1 && missing.errors.contains("there is no lexicon names"), "\(missing.errors)")
    }
    let long = String(repeating: "a", count: 201)
    for (arguments, status, words) in [
      (["put", "a/b", "x=y"], 64, ["lexicon_id", "1 to 64"]),
      (["put", "a", "x"], 64, ["entries[0].spoken", "missing"]),
      (["put", "a", "\(long)=y"], 64, ["written", "201", "200"]),
      (["put", "a", "x=y", "--language", "1!"], 64, ["--language", "1!"]),
      (["put", "a", "--file", "none.json"], 1, ["none.json"]),
    ] as [([String], Int32, [String])] {
      let refused = try await CommandRun(["lexicon"] + arguments, in: folder.url)
      #expect(refused.status == status && words.allSatisfy { refused.errors.contains($0) }, "\(refused.errors)")
    }
  }
}
