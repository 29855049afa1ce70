import Foundation
import SpeechAudio
import SpeechCore

/// Checks a request, finds its voice, speaks it, and makes the reply.
public struct SynthesisService: Sendable {
  /// The limits of a request and of its reply.
  public struct Limits: Sendable, Equatable {
    /// Characters of text.
    public var maximumText: Int
    /// Bytes of encoded audio in a reply after base64; larger audio is stored and linked.
    public var maximumReplyBytes: Int

    public init(maximumText: Int = 5_000, maximumReplyBytes: Int = 8 << 20) {
      self.maximumText = maximumText
      self.maximumReplyBytes = maximumReplyBytes
    }

    /// - Throws: `text_too_long`.
    public func check(_ text: String) throws(SpeechError) {
      guard text.unicodeScalars.count <= maximumText else {
        throw SpeechError(.textTooLong, "text may have at most \(maximumText) characters", field: "text")
      }
    }
  }

  private let synthesizer: (any SpeechSynthesizer)?
  let voiceCatalog: any VoiceCatalog
  /// Nil where there are none.
  let lexicons: (any LexiconStore)?
  private let clipStore: (any ClipStore)?
  private let limits: Limits
  private let planner: SpeechPlanner
  private let modelDirectory: String
  private let encoder: EncoderProcess?
  private let executor: (any TaskExecutor)?

  /// - Parameters:
  ///   - synthesizer: nil in commands that only register and delete voices.
  ///   - encoder: encodes AAC; nil refuses it.
  ///   - executor: where requests are worked on; nil is Swift's own pool.
  public init(
    synthesizer: (any SpeechSynthesizer)?, voiceCatalog: any VoiceCatalog, clipStore: (any ClipStore)? = nil,
    limits: Limits = Limits(), defaults: SpeechPlanner.Defaults = .init(),
    lexicons: (any LexiconStore)? = nil, modelDirectory: String, encoder: EncoderProcess? = nil,
    executor: (any TaskExecutor)? = nil
  ) {
    self.synthesizer = synthesizer
    self.voiceCatalog = voiceCatalog
    self.clipStore = clipStore
    self.limits = limits
    self.lexicons = lexicons
    planner = SpeechPlanner(limits, defaults, lexicons: lexicons)
    self.modelDirectory = modelDirectory
    self.encoder = encoder
    self.executor = executor
  }

  /// Speaks without a record.
  public func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    var unused = AuditRecord(.synthesize, context)
    return try await synthesize(request, context: context, record: &unused, onAudio: onAudio)
  }

  /// - Parameter record: gains what becomes known on the way, also when the work fails.
  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, record: inout AuditRecord,
    onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    do {
      let (reply, storedPath) = try await withTaskExecutorPreference(executor) {
        try await speak(request, context: context, onAudio: onAudio, record: &record)
      }
      record.storedPath = storedPath
      return reply
    } catch {
      throw SpeechError(describing: error)
    }
  }

  private func speak(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?,
    record: inout AuditRecord
  ) async throws -> (SynthesisReply, storedPath: String?) {
    let synthesizer = try loaded()
    if let deadline = context.deadline, deadline <= .now {
      throw SpeechError(.deadlineExceeded, "the deadline passed before synthesis began")
    }
    let plan = try await planner.plan(request, languages: synthesizer.languages, refusal: synthesizer.refusal)
    let voice = try await voiceCatalog.resolve(request.voice)
    record.setVoice(voice)
    var named: [String: ResolvedVoice] = [:]
    for name in plan.script.voices { named[name] = try await self.voice(ofText: name) }
    let model = synthesizer.model
    let job = SynthesisJob(
      request, context, plan: plan, voice: voice, named: named, modelDigest: model.sha256,
      sampling: synthesizer.defaultSampling)
    record.setJob(job, model: model)
    record.setPlan(plan, voices: named)

    var run = SynthesisRun(
      context, sink: try AudioSink(request, process: encoder, send: onAudio),
      warnings: request.warnings + plan.warnings)
    do {
      for try await event in synthesizer.synthesize(job) { try await run.take(event) }
    } catch {
      if !run.hasStarted { run.recordWait() }
      throw error
    }
    try Task.checkCancellation()
    var reply = try await run.finish(job, request.encoding, speakerID: voice.id, model: model)
    reply.lexiconVersion = plan.lexiconVersion
    return try await store(reply, asked: request.storeGeneratedAudio)
  }

  /// A voice that the text names; its errors are about the text.
  private func voice(ofText name: String) async throws(SpeechError) -> ResolvedVoice {
    do throws(SpeechError) {
      return try await voiceCatalog.resolve(.named(name.lowercased() == "default" ? "default" : name))
    } catch {
      var error = error
      if error.field != nil { error.field = "text" }
      throw error
    }
  }

  private func loaded() throws(SpeechError) -> any SpeechSynthesizer {
    guard let synthesizer else { throw SpeechError(.modelUnavailable, "no model is loaded") }
    return synthesizer
  }

  /// Stores the audio when asked to or when it is too large for a reply.
  private func store(
    _ reply: SynthesisReply, asked: Bool
  ) async throws(SpeechError) -> (SynthesisReply, storedPath: String?) {
    guard let audio = reply.audio else { return (reply, nil) }
    let isTooLarge = (audio.count + 2) / 3 * 4 > limits.maximumReplyBytes
    guard asked || isTooLarge else { return (reply, nil) }
    guard let clipStore else {
      guard isTooLarge else { return (reply, nil) }
      throw SpeechError(.replyTooLarge, "the audio is over \(limits.maximumReplyBytes) bytes and storing is off")
    }
    let clip = try await clipStore.store(audio, requestID: reply.requestID, format: reply.format)
    var reply = reply
    reply.audioURL = clipStore.url(requestID: reply.requestID)
    if isTooLarge { reply.audio = nil }
    return (reply, clip.path)
  }

  // MARK: Voices

  /// - Parameters:
  ///   - id: the voice's id, unless it is taken; nil for a random one.
  ///   - ending: makes the entry to commit together with the voice.
  func registerVoice(
    _ request: VoiceRegistration, id: String?,
    ending: @escaping @Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> VoiceSummary {
    try await withTaskExecutorPreference(executor) { () async throws(SpeechError) in
      try await voiceCatalog.register(request, id: id, ending: ending)
    }
  }

  /// - Parameter name: as `speaker_id` of a request.
  public func exportVoice(_ name: String, format: LatentsFormat) async throws(SpeechError) -> ExportedVoice {
    let synthesizer = try loaded()
    let voice = try await voiceCatalog.resolve(VoiceReference(name: name))
    let displayName = voice.parts.isEmpty ? voice.id : "Mix"
    var summary = VoiceSummary(voiceID: voice.id, displayName: displayName, language: .english)
    if let listed = try await voiceCatalog.list().first(where: { $0.voiceID == voice.id }) {
      (summary.displayName, summary.language) = (listed.displayName, listed.language)
    }
    let width = synthesizer.voiceShape?.hiddenSize ?? voice.conditioning.gptLatents.count
    let file = VoiceFile(voice.conditioning, hiddenSize: max(1, width), summary)
    return ExportedVoice(voice: summary, format: format, file: try file.written(as: format))
  }

  func configuration() async throws(SpeechError) -> ServiceConfiguration {
    let synthesizer = try loaded()
    return ServiceConfiguration(
      modelRepo: synthesizer.model.repo, modelDirectory: modelDirectory, languages: synthesizer.languages,
      voices: try await voiceCatalog.list())
  }
}

extension SpeechError {
  /// The error that a client gets. If the error is unexpected, the message names only its type.
  init(describing error: any Error) {
    switch error {
    case let error as SpeechError: self = error
    case is CancellationError: self.init(.cancelled, "the request was cancelled")
    default: self.init(.internal, "unexpected failure (\(type(of: error)))")
    }
  }
}
