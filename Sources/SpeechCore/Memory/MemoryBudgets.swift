/// The bytes that the service may hold for its requests, on all transports together.
///
/// A request waits for them in this order only: body, reply, decoded audio. A request that holds a later one never
/// waits for an earlier one, so requests can't wait for each other.
public struct MemoryBudgets: Sendable {
  /// The first bytes of a body are free: connections and prefetch bound them, and a request of a few words gets
  /// through while others send recordings.
  public static let freeBodyBytes = 64 << 10
  /// Samples of a reply, judged by its text: 24 kHz float32 at 15 characters per second.
  private static let replyBytesPerCharacter = 24_000 * 4 / 15

  /// Request bodies and downloaded recordings.
  public let bodies: ByteBudget
  /// Recordings while they are decoded and made into voices.
  public let audio: ByteBudget
  /// Replies from the start of their synthesis until they are delivered.
  public let replies: ByteBudget
  private let maximumText: Int

  /// - Parameter maximumText: characters of the longest text that is accepted.
  public init(
    bodies: Int = 128 << 20, audio: Int = 128 << 20, replies: Int = 512 << 20, maximumText: Int = 5_000
  ) {
    self.bodies = ByteBudget(limit: bodies, of: "request bodies")
    self.audio = ByteBudget(limit: audio, of: "decoded audio", tooLarge: .audioTooLarge)
    self.replies = ByteBudget(limit: replies, of: "replies", tooLarge: .replyTooLarge)
    self.maximumText = maximumText
  }

  /// The counted bytes of a body of so many bytes.
  public static func countedBytes(ofBody count: Int) -> Int { max(0, count - freeBodyBytes) }

  /// The counted bytes of the reply to a request. Never more than the budget, so that a long text runs alone rather than not
  /// at all; a text over the limit is refused before it is spoken, and must not wait for room it will never use.
  public func replyBytes(for request: SynthesisRequest) -> Int {
    let characters = min(request.text.unicodeScalars.count, maximumText)
    // The pauses between sentences count as one for each 40 characters.
    let between = max(request.pauseSentence ?? 0, request.pauseParagraph ?? 0) * Double(characters) / 40
    let silence = ((try? request.script().pauseSeconds) ?? 0) + between
    let silenceBytes = Int(min(silence, SpeechScript.longestSilence) * 24_000) * 4
    let encoding = request.encoding
    let scale = max(24_000, encoding.sampleRate * encoding.channels)
    return min((characters * Self.replyBytesPerCharacter + silenceBytes) * scale / 24_000, replies.limit)
  }

  /// Takes the counted bytes of a request's reply, for a transport that does not wait.
  /// - Throws: `overloaded` when there is no room for the reply, or none for the recording it brings.
  public func admit(_ request: SynthesisRequest) throws(SpeechError) -> ByteReservation {
    try admit([request.voice])
    let reply = replies.reservation()
    try reply.take(replyBytes(for: request))
    return reply
  }

  /// - Throws: `overloaded` when there is no room for the recordings.
  public func admit(_ request: VoiceRegistration) throws(SpeechError) {
    try admit(request.samples)
  }

  private func admit(_ voices: [VoiceReference]) throws(SpeechError) {
    for case .inline in voices where audio.isExhausted { throw audio.exhausted(field: "speaker_wav_base64") }
    for case .url in voices where audio.isExhausted { throw audio.exhausted(field: "speaker_wav_url") }
  }
}

extension SynthesisReply {
  /// The bytes of a finished reply: its audio, and the same as base64.
  public var heldBytes: Int { (audio?.count ?? 0) * 7 / 3 }
}
