import Foundation
import RabbitMQ
import SpeechCore
import Synchronization

/// The record of all requests: the offered requests and their replies.
final class Ledger: Sendable {
  enum Outcome: Sendable, Equatable {
    case good
    case refused(SpeechError.Code)
    /// An error that is not allowed for this request.
    case unexpected(SpeechError.Code)
    case wrong(String)
  }

  struct Entry: Sendable {
    var offer: Offer
    var phase: Int
    var offeredAt: ContinuousClock.Instant
    var isConfirmed = false
    var outcome: Outcome?
    var latency: Duration?
    /// The number of whole answers after the first.
    var repeats = 0
    /// The number of answers or pieces that differ from the first one with the same id.
    var differing = 0
    var answeredAt: ContinuousClock.Instant?
    fileprivate var stream = StreamCheck()
    fileprivate var firstDigest: String?
  }

  private let entries = Mutex<[String: Entry]>([:])

  var all: [Entry] { entries.withLock { Array($0.values) } }
  /// The number of requests that wait for an answer.
  var openCount: Int { entries.withLock { $0.values.count { $0.outcome == nil && $0.offer.deadLetter == nil } } }
  var answeredCount: Int { entries.withLock { $0.values.count { $0.outcome != nil } } }
  var goodCount: Int { entries.withLock { $0.values.count { $0.outcome == .good } } }

  func open(_ offer: Offer, phase: Int) {
    entries.withLock { $0[offer.id] = Entry(offer: offer, phase: phase, offeredAt: .now) }
  }

  func confirm(_ id: String) { entries.withLock { $0[id]?.isConfirmed = true } }

  /// Records one message of a reply.
  func take(_ message: Message) {
    guard let id = message.properties.correlationID?.text else { return }
    let sequence = message.properties.headers["x-tts-sequence"]?.integerValue.map(Int.init(clamping:))
    let isFinal = sequence == nil || message.properties.headers["x-tts-final"]?.boolValue == true
    entries.withLock { entries in
      guard var entry = entries.removeValue(forKey: id) else { return }
      if let sequence, !isFinal {
        let chunk = try? JSONDecoder().decode(Chunk.self, from: message.body)
        if !entry.stream.take(chunk?.audio ?? Data(), sequence: sequence) { entry.differing += 1 }
      } else {
        Self.close(&entry, with: message.body)
      }
      entries[id] = entry
    }
  }

  private static func close(_ entry: inout Entry, with body: Data) {
    let (outcome, digest) = judge(entry, body)
    if let first = entry.firstDigest {
      entry.repeats += 1
      // For a redelivered request, an error may arrive before or after an answer; two answers must be equal.
      if let digest, !first.isEmpty, digest != first { entry.differing += 1 }
      if case .good = outcome, entry.outcome != .good { entry.outcome = outcome }
      return
    }
    entry.firstDigest = digest ?? ""
    entry.outcome = outcome
    entry.latency = .now - entry.offeredAt
    entry.answeredAt = .now
  }

  private static func judge(_ entry: Entry, _ body: Data) -> (Outcome, digest: String?) {
    let offer = entry.offer
    if let refusal = try? JSONDecoder().decode(ErrorReply.self, from: body), refusal.status == "error" {
      let code = refusal.error.code
      let seconds = (ContinuousClock.now - entry.offeredAt) / .seconds(1)
      return (offer.allows(code, after: seconds) ? .refused(code) : .unexpected(code), nil)
    }
    guard let reply = try? JSONDecoder().decode(SynthesisReply.self, from: body) else {
      return (.wrong("unreadable: \(String(decoding: body.prefix(120), as: UTF8.self))"), nil)
    }
    guard let expected = offer.sha256 else { return (.wrong("an answer to a malformed request"), reply.sha256) }
    let audioDigest = offer.kind == .streamed ? entry.stream.digest : reply.audio.map { SHA256.hash(data: $0).hex }
    guard reply.sha256 == expected else { return (.wrong("other audio than alone"), reply.sha256) }
    guard audioDigest == expected else { return (.wrong("audio unlike its digest"), reply.sha256) }
    return (.good, reply.sha256)
  }

  private struct Chunk: Decodable {
    var audio: Data
    private enum CodingKeys: String, CodingKey { case audio = "audio_base64" }
  }
}

/// Assembles the pieces of a stream. A redelivered request streams again from the start, with the same pieces.
private struct StreamCheck: Sendable {
  private var pieces: [Int: SHA256.Digest] = [:]
  private var next = 0
  private var whole = SHA256()

  var digest: String { whole.finalize().hex }

  /// Returns whether the piece is allowed at this position of the stream.
  mutating func take(_ audio: Data, sequence: Int) -> Bool {
    let digest = SHA256.hash(data: audio)
    if let known = pieces[sequence] { return known == digest }
    pieces[sequence] = digest
    guard sequence == next else { return false }
    next += 1
    whole.update(data: audio)
    return true
  }
}

extension SHA256.Digest {
  var hex: String { map { String(format: "%02x", $0) }.joined() }
}
