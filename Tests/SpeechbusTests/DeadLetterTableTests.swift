import Foundation
import RabbitMQ
import SpeechCore
import Testing

@testable import AMQPAdapter
@testable import speechbus

struct DeadLetterTableTests {
  private let now = Date(timeIntervalSince1970: 1_000_000)

  private func letter(_ id: String, code: String, age: Int64?, body: String) -> DeadLetter {
    var message = Message(properties: MessageProperties(messageID: id), body: Data(body.utf8))
    message.properties.headers = [
      "x-error-code": .string(code), "x-error-message": "it failed\u{1B}[31m", "x-original-queue": "tts.synthesize",
    ]
    if let age { message.properties.headers["x-dead-at"] = .integer((1_000_000 - age) * 1000) }
    return DeadLetter(message)
  }

  @Test func theColumnsAreAligned() {
    let letters = [
      letter("order-1", code: "internal", age: 59, body: #"{"text":"Hello\nthere."}"#),
      letter("2", code: "worker_lost", age: 7200, body: "not json"),
      letter("3", code: "internal", age: nil, body: "{}"),
    ]
    #expect(
      DeadLetterTable.lines(letters, now: now) == [
        "age   code         queue           id       text          error",
        "59 s  internal     tts.synthesize  order-1  Hello there.  it failed [31m",
        "2 h   worker_lost  tts.synthesize  2                      it failed [31m",
        "?     internal     tts.synthesize  3                      it failed [31m",
      ])
  }

  @Test func noMessagesAreNoLines() { #expect(DeadLetterTable.lines([], now: now).isEmpty) }
}
