import Foundation
import SpeechCore

/// The key of a request's stored reply.
struct ReplyKey: Sendable {
  /// Unique for each transport and action.
  let name: String
  /// Identifies the request that the key belongs to.
  let fingerprint: String
  /// Whether a stored reply answers the request, or is replaced by a new one.
  private let isAnsweredByStoredReply: Bool
  /// The sender's name of the key.
  private let field: String

  /// - Returns: nil for a request without a key.
  /// - Throws: `invalid_request` for a key that is too long.
  init?(
    _ draft: AuditRecord, _ context: RequestContext, _ fingerprint: () throws(SpeechError) -> String
  ) throws(SpeechError) {
    field = context.transport == .amqp ? "message_id" : "idempotency_key"
    let prefix = "\(context.transport.rawValue)/\(draft.action.keyName)"
    guard let key = context.idempotencyKey, !key.isEmpty else {
      guard let delivery = context.deliveryKey else { return nil }
      self.fingerprint = Self.digest(delivery.parts)
      name = "\(prefix)-delivery/\(self.fingerprint)"
      isAnsweredByStoredReply = delivery.isRedelivered
      return
    }
    guard key.utf8.count <= 255 else {
      throw SpeechError(.invalidRequest, "\(field) may have at most 255 bytes", field: field)
    }
    // A key belongs to its token and user. The lengths make sure that no two owners of keys have one name.
    let token = context.tokenName.map { "#\($0.utf8.count):\($0)" } ?? ""
    let user = draft.userID.map { "@\($0.utf8.count):\($0)" } ?? ""
    name = "\(prefix)\(token)\(user)/\(key)"
    self.fingerprint = try fingerprint()
    isAnsweredByStoredReply = true
  }

  /// - Throws: `invalid_request` if the reply answers another request.
  func storedReply(in journal: any RequestJournal) async throws(SpeechError) -> StoredReply? {
    guard isAnsweredByStoredReply, let stored = try await journal.reply(key: name) else { return nil }
    guard stored.fingerprint == fingerprint else {
      throw SpeechError(.invalidRequest, "\(field) was used for another request", field: field)
    }
    return stored
  }

  /// The id of the voice that the request registers. If its reply is lost with a worker, another worker registers the
  /// same voice.
  var voiceID: String { String(Self.digest([Data(name.utf8), Data(fingerprint.utf8)]).prefix(32)) }

  // MARK: Replies

  func holding(reply: Data, audio: Data? = nil, chunkByteCounts: [Int] = []) -> KeyedReply {
    KeyedReply(
      key: name,
      reply: StoredReply(fingerprint: fingerprint, reply: reply, audio: audio, chunkByteCounts: chunkByteCounts))
  }

  func holding(_ answer: some Encodable) throws(SpeechError) -> KeyedReply { holding(reply: try Self.encoded(answer)) }

  /// - Parameter recorder: has the audio of a streamed reply.
  /// - Returns: nil for a streamed reply over the limit.
  func holding(_ reply: SynthesisReply, _ recorder: StreamRecorder?) async throws(SpeechError) -> KeyedReply? {
    // The audio is stored separately.
    var bare = reply
    bare.audio = nil
    guard let recorder else { return holding(reply: try Self.encoded(bare), audio: reply.audio) }
    guard let (audio, byteCounts) = await recorder.recording else { return nil }
    return holding(reply: try Self.encoded(bare), audio: audio, chunkByteCounts: byteCounts)
  }

  private static func encoded(_ value: some Encodable) throws(SpeechError) -> Data {
    do { return try JSONEncoder().encode(value) } catch { throw SpeechError(describing: error) }
  }

  // MARK: Fingerprints

  static func fingerprint(_ request: some Encodable) throws(SpeechError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do { return digest([try encoder.encode(request)]) } catch { throw SpeechError(describing: error) }
  }

  static func fingerprint(_ request: VoiceRegistration) -> String {
    let samples = request.samples.map { sample in
      switch sample {
      case .named(let name): Data("name \(name)".utf8)
      case .inline(let audio): audio
      case .url(let url): Data("url \(url)".utf8)
      }
    }
    var fields = [request.displayName, request.language?.rawValue, request.userID, request.sourceNote]
    // Without them, fingerprints are those of versions before the fields.
    if let consent = request.consent { fields.append(consent) }
    if request.cleansReference { fields.append("clean_reference") }
    fields += request.settings.parts
    if let id = request.changedVoiceID { fields.append("voice_id=\(id)") }
    return digest(fields.map { Data(($0 ?? "\0").utf8) } + samples + [request.latents].compactMap { $0 })
  }

  static func digest(_ parts: [Data]) -> String { SHA256.hash(parts: parts).hexadecimal }
}

extension StoredReply {
  func decoded<Value: Decodable>(_ type: Value.Type) throws(SpeechError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: reply)
    } catch {
      throw SpeechError(.internal, "a stored reply can't be read")
    }
  }

  /// The reply with its audio. A streamed reply sends it in the pieces of the first time.
  func replay(to onAudio: (@Sendable (Data) async throws -> Void)?) async throws(SpeechError) -> SynthesisReply {
    var reply = try decoded(SynthesisReply.self)
    guard let onAudio else {
      reply.audio = audio
      return reply
    }
    var rest = (audio ?? Data())[...]
    do {
      for count in chunkByteCounts {
        try await onAudio(Data(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      if !rest.isEmpty { try await onAudio(Data(rest)) }
    } catch {
      throw SpeechError(describing: error)
    }
    return reply
  }
}

extension AuditRecord.Action {
  /// Part of the keys under which replies are kept, so it never changes.
  fileprivate var keyName: String {
    switch self {
    case .synthesize: "synthesize"
    case .registerVoice: "register"
    case .deleteVoice: "delete"
    case .exportVoice: "export"
    case .pruneAudit: "prune"
    case .putLexicon: "lexicon-put"
    case .deleteLexicon: "lexicon-delete"
    case .requeueDeadLetter: "dead-requeue"
    case .dropDeadLetter: "dead-drop"
    }
  }
}

/// Sends the pieces of a streamed reply, and keeps them for its repeats.
actor StreamRecorder {
  private let maximumBytes: Int
  private let send: @Sendable (Data) async throws -> Void
  /// Nil once the audio is over the limit.
  private(set) var recording: (audio: Data, byteCounts: [Int])? = (Data(), [])

  init(maximumBytes: Int, send: @escaping @Sendable (Data) async throws -> Void) {
    self.maximumBytes = maximumBytes
    self.send = send
  }

  nonisolated var onAudio: @Sendable (Data) async throws -> Void {
    { [self] chunk in
      try await send(chunk)
      await append(chunk)
    }
  }

  private func append(_ chunk: Data) {
    guard let current = recording, current.audio.count + chunk.count <= maximumBytes else {
      recording = nil
      return
    }
    recording?.audio.append(chunk)
    recording?.byteCounts.append(chunk.count)
  }
}
