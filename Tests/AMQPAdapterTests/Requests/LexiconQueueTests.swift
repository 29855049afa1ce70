import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// The queues of stored lexicons.
@Suite(.timeLimit(.minutes(5)))
struct LexiconQueueTests {
  private struct Change: Decodable {
    var lexicon_id: String
    var version: Int
    var warnings: [String]?
  }
  private struct List: Decodable {
    var lexicons: [Lexicon]
  }

  private func decoded<Value: Decodable>(
    _ type: Value.Type, _ body: String, to queue: String, _ client: AMQPRequester
  ) async throws -> Value {
    let reply = try await client.send(Data(body.utf8), to: queue)
    do { return try JSONDecoder().decode(type, from: reply.body) } catch {
      throw Timeout(description: String(decoding: reply.body, as: UTF8.self))
    }
  }

  @Test func lexiconsAreStoredListedAndDeleted() async throws {
    let bus = try await BusFixture()
    let client = try await bus.requester()
    let names = bus.configuration.names
    let body = #"{"lexicon_id":"names","language":"en","entries":[{"written":"Ng","spoken":"Ing"}],"color":1}"#
    let first = try await decoded(Change.self, body, to: names.putLexicon, client)
    #expect(first.lexicon_id == "names" && first.version == 1)
    #expect(first.warnings == ["unknown field ignored: color"])
    #expect(try await decoded(Change.self, body, to: names.putLexicon, client).version == 2)
    let list = try await decoded(List.self, "", to: names.listLexicons, client).lexicons
    #expect(
      list == [
        Lexicon(id: "names", version: 2, language: .english, entries: [LexiconEntry(written: "Ng", spoken: "Ing")])
      ])
    _ = try await client.send(Data(#"{"lexicon_id":"names"}"#.utf8), to: names.deleteLexicon)
    #expect(try await decoded(List.self, "{}", to: names.listLexicons, client).lexicons.isEmpty)
    await client.close()
    await bus.stop()
  }

  @Test func badValuesAreAnsweredWithFieldAndLimitAndRecorded() async throws {
    let bus = try await BusFixture()
    let client = try await bus.requester()
    let names = bus.configuration.names
    let long = String(repeating: "a", count: 201)
    for (queue, body, code, field, limit) in [
      (names.putLexicon, "{", "invalid_json", nil, "JSON"),
      (names.putLexicon, #"{"entries":[]}"#, "invalid_request", "lexicon_id", "missing"),
      (names.putLexicon, #"{"lexicon_id":"a/b","entries":[]}"#, "invalid_request", "lexicon_id", "1 to 64"),
      (names.putLexicon, #"{"lexicon_id":"a"}"#, "invalid_request", "entries", "missing"),
      (
        names.putLexicon, #"{"lexicon_id":"a","entries":[{"written":"\#(long)","spoken":"b"}]}"#, "invalid_request",
        "entries[0]", "1 to 200"
      ),
      (names.deleteLexicon, #"{}"#, "invalid_request", "lexicon_id", "missing"),
      (names.deleteLexicon, #"{"lexicon_id":"none"}"#, "unknown_lexicon", "lexicon_id", "no lexicon"),
    ] as [(String, String, String, String?, String)] {
      let error = try await decoded(ErrorReply.self, body, to: queue, client).error
      #expect(error.code.rawValue == code && error.field == field, "\(error)")
      #expect(error.message.contains(limit), "\(error)")
    }
    await client.close()
    await bus.stop()
  }
}
