import Foundation
import RabbitMQ
import SpeechCore

/// Good requests with headers or correlation ids that few clients send. Each is answered, except the one whose headers
/// fill a frame and which has no reply queue: there is no room for a reason, so it is dead-lettered without its headers.
struct OddHeaders: Sendable {
  /// The JSON of a request with a whole reply, and the SHA-256 of its audio.
  let body: Data
  let sha256: String

  /// The headers that are sent in turn.
  static let tables: [FieldTable] = [
    ["list": .array(Array(repeating: .integer(1, .int8), count: 20_000))],
    ["list": .array(Array(repeating: .integer(-1, .int32), count: 20_000))],
    ["tables": nested(in: 40) { .table(["t": $0]) }, "arrays": nested(in: 40) { .array([$0]) }],
    everyType,
    // The service's own headers with types that have no meaning there.
    ["x-deadline": .table(everyType), "x-attempts": .array([]), "x-postponed": "many", "traceparent": .double(-0.5)],
    ["": .void, String(repeating: "n", count: 255): "a name of the largest size", "\u{1b}[2J\n": true],
  ]

  /// Numbers are finite: the broker closes the connection for others.
  static let everyType: FieldTable = [
    "void": .void, "bool": true, "int8": .integer(-128, .int8), "uint8": .integer(255, .uint8),
    "int16": .integer(-32_768, .int16), "uint16": .integer(65_535, .uint16), "int32": .integer(-1, .int32),
    "uint32": .integer(4_294_967_295, .uint32), "int64": .integer(.min), "uint64": .integer(.max, .uint64),
    "float": .float(-.greatestFiniteMagnitude), "double": .double(.leastNonzeroMagnitude),
    "decimal": .decimal(places: 255, .max), "string": "text",
    "bytes": .bytes(Data([0, 0xff])), "timestamp": .timestamp(.max), "table": .table([:]), "array": .array([]),
  ]

  private static func nested(in depth: Int, _ wrap: (FieldValue) -> FieldValue) -> FieldValue {
    (0..<depth).reduce("innermost") { value, _ in wrap(value) }
  }

  /// The requests of a wave.
  func offers(wave: Int) -> [Offer] {
    var offers = Self.tables.enumerated().map { number, headers in
      offer(ShortString("odd-\(wave)-\(number)"), headers)
    }
    offers.append(offer(ShortString(bytes: Data([0xff, 0xfe, 0x80, 0x00, 0x41, UInt8(clamping: wave)]))))
    offers.append(offer(ShortString(bytes: Data(repeating: 0x80 + UInt8(clamping: wave), count: 255))))
    var filled = offer(ShortString("odd-\(wave)-filled"), ["filler": .string(String(repeating: "a", count: 130_900))])
    filled.replyTo = nil
    filled.deadLetter = .invalidRequest
    offers.append(filled)
    return offers
  }

  private func offer(_ correlationID: ShortString, _ headers: FieldTable = [:]) -> Offer {
    var offer = Offer(id: correlationID.text, kind: .patient, body: body, sha256: sha256)
    offer.correlationID = correlationID
    offer.headers = headers
    offer.fault = .oddHeaders
    return offer
  }
}
