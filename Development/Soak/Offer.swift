import Foundation
import RabbitMQ
import SpeechCore

/// One request of the load, with its allowed answers.
struct Offer: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case plain, patient, hurried, streamed, keyed, repeated, cancelled, malformed, stored
  }

  /// The text of the correlation id.
  var id: String
  var kind: Kind
  var body: Data
  /// The SHA-256 of the only correct audio; nil for a malformed request.
  var sha256: String?
  /// The error that a malformed request must get.
  var refusal: SpeechError.Code?
  var messageID: String?
  /// The deadline, in seconds after publishing.
  var deadlineSeconds: Double?
  /// The correlation id when it is not the UTF-8 of `id`.
  var correlationID: ShortString?
  var headers: FieldTable = [:]
  /// The reply queue; nil for none.
  var replyTo: String? = Offer.replyQueue
  /// The error code with which the request must end in `tts.dead`, unanswered.
  var deadLetter: SpeechError.Code?
  /// The fault that the request belongs to; nil for the load.
  var fault: SoakPlan.Fault?

  /// The queue of the client's replies.
  static let replyQueue = "soak.replies"

  /// Whether an error is a correct answer to this request. A retryable error, after all attempts, always is. A
  /// malformed request must get the error of its kind, unless its deadline had passed, because then it need not be
  /// read.
  /// - Parameter seconds: the time from the offer to the answer.
  func allows(_ code: SpeechError.Code, after seconds: Double) -> Bool {
    if let refusal {
      // The deadline is transmitted in whole milliseconds.
      let isPast = deadlineSeconds.map { seconds >= $0 - 0.001 } ?? false
      return code == refusal || (isPast && code == .deadlineExceeded)
    }
    var allowed: Set<SpeechError.Code> = [.internal, .modelUnavailable]
    if deadlineSeconds != nil { allowed.formUnion([.deadlineExceeded, .overloaded]) }
    if kind == .cancelled { allowed.insert(.cancelled) }
    return allowed.contains(code)
  }

  func properties(now: Date) -> MessageProperties {
    var properties = MessageProperties(
      contentType: "application/json", headers: headers, isPersistent: true, replyTo: replyTo, messageID: messageID)
    properties.correlationID = correlationID ?? ShortString(id)
    if let deadlineSeconds {
      let milliseconds = (now.timeIntervalSince1970 + deadlineSeconds) * 1000
      properties.headers["x-deadline"] = .integer(Int64(milliseconds))
    }
    return properties
  }
}

/// Generates the load. The same seed gives the same requests in the same order.
struct OfferSource {
  private let corpus: Corpus
  /// The SHA-256 of the audio of each item, synthesised without other requests.
  private let digests: [String]
  private var random: SplitMix64
  private var count = 0
  /// Requests that were sent before and will be sent again with the same message id.
  private var keyed: [Offer] = []

  init(corpus: Corpus, digests: [String], seed: UInt64) {
    self.corpus = corpus
    self.digests = digests
    random = SplitMix64(seed: seed)
  }

  /// The shares of the load, in percent.
  private static let mix: [(Offer.Kind, Int)] = [
    (.plain, 40), (.patient, 15), (.hurried, 5), (.streamed, 15), (.keyed, 6), (.repeated, 5), (.cancelled, 5),
    (.malformed, 5), (.stored, 4),
  ]

  mutating func next(everyoneHasDeadlines: Bool = false) throws -> Offer {
    count += 1
    var ticket = Int.random(in: 0..<100, using: &random)
    var kind = Offer.Kind.plain
    for (candidate, share) in Self.mix {
      kind = candidate
      ticket -= share
      if ticket < 0 { break }
    }
    var offer = try make(kind)
    if everyoneHasDeadlines, offer.deadlineSeconds == nil { offer.deadlineSeconds = 6 }
    return offer
  }

  private mutating func make(_ kind: Offer.Kind) throws -> Offer {
    let id = "soak-\(count)"
    if kind == .malformed {
      let (body, code) = Corpus.malformed[Int.random(in: 0..<Corpus.malformed.count, using: &random)]
      return Offer(id: id, kind: kind, body: Data(body.utf8), refusal: code)
    }
    if kind == .repeated, let first = keyed.first {
      keyed.removeFirst()
      var again = first
      again.id = id
      again.kind = .repeated
      return again
    }
    // Items with even numbers are whole replies, those with odd numbers are streams.
    let pair = Int.random(in: 0..<corpus.items.count / 2, using: &random)
    let index = 2 * pair + (kind == .streamed ? 1 : 0)
    var request = corpus.items[index]
    request.userID = "user-\(Int.random(in: 0..<12, using: &random))"
    request.storeGeneratedAudio = kind == .stored
    let encoder = JSONEncoder()
    // Without sorting, the order of keys would differ between processes.
    encoder.outputFormatting = .sortedKeys
    var offer = Offer(id: id, kind: kind, body: try encoder.encode(request), sha256: digests[index])
    switch kind {
    case .plain: offer.deadlineSeconds = 6
    case .hurried: offer.deadlineSeconds = 0.7
    case .keyed:
      offer.messageID = "key-\(count)"
      if keyed.count < 100 { keyed.append(offer) }
    default: break
    }
    return offer
  }
}
