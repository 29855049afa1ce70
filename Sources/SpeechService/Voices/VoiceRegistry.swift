import Foundation
import SpeechCore

/// All voices a request may name, and the latents behind them.
///
/// Latents of a registered voice are computed once, kept in the database and in memory; those of audio sent along are
/// kept in memory only. When several requests need the same latents at once, they are computed once.
public actor VoiceRegistry {
  /// `default` under this id when `XTTS_DEFAULT_VOICE` names a file.
  public static let defaultID = "default"

  let store: any VoiceStore
  let intake: VoiceIntake
  let synthesizer: (any SpeechSynthesizer)?
  let clips: (any ClipStore)?
  let defaultLanguage: Language
  let onResolve: @Sendable (ConditioningSource) -> Void
  let onChange: @Sendable () -> Void
  let builtIn: [String: BuiltInVoice]
  /// The sizes of the model's voices; nil accepts all.
  let shape: VoiceShape?
  var cache: ConditioningCache
  var defaultRecord: VoiceRecord?

  /// - Parameters:
  ///   - synthesizer: nil for commands that work on the database alone: latents are then computed at first use.
  ///   - shape: the sizes of voices for commands without a synthesizer.
  ///   - clips: where clips in deleted voices are removed.
  ///   - cacheCapacity: voices whose latents stay in memory.
  ///   - onResolve: called for every resolved voice; for metrics.
  ///   - onChange: called for every local change; for the replicator.
  public init(
    store: any VoiceStore, intake: VoiceIntake, synthesizer: (any SpeechSynthesizer)?, shape: VoiceShape? = nil,
    clips: (any ClipStore)? = nil, defaultLanguage: Language = .english, cacheCapacity: Int = 256,
    onResolve: @escaping @Sendable (ConditioningSource) -> Void = { _ in },
    onChange: @escaping @Sendable () -> Void = {}
  ) {
    self.store = store
    self.intake = intake
    self.synthesizer = synthesizer
    self.shape = shape ?? synthesizer?.voiceShape
    self.clips = clips
    self.defaultLanguage = defaultLanguage
    self.onResolve = onResolve
    self.onChange = onChange
    cache = ConditioningCache(capacity: cacheCapacity)
    let builtIn = (synthesizer?.builtInVoices ?? []).map { ($0.name.lowercased(), $0) }
    self.builtIn = Dictionary(builtIn, uniquingKeysWith: { first, _ in first })
  }

  /// Takes the file of `XTTS_DEFAULT_VOICE` as the voice `default`; an unchanged file costs no conditioning.
  /// - Throws: `invalid_audio` and its kin, naming the path, or `internal`.
  public func useDefaultVoice(path: String) async throws(SpeechError) {
    guard let audio = FileManager.default.contents(atPath: path) else {
      throw SpeechError(.invalidAudio, "XTTS_DEFAULT_VOICE \(path) can't be read; name an audio file or unset it")
    }
    let samples = try await intake.samples([.inline(audio)]).samples
    let digest = VoiceIntake.digest(of: samples)
    let existing = try await store.voice(id: Self.defaultID)
    if let existing, existing.sampleDigest == digest, existing.deletedAt == nil {
      defaultRecord = existing
      return
    }
    let record = VoiceRecord(
      voiceID: Self.defaultID, version: (existing?.version ?? 0) + 1, displayName: "Default",
      language: defaultLanguage, sampleDigest: digest, createdAt: Date())
    // Not announced: each replica has its own setting.
    try await store.insert(record, samples: samples, conditioning: nil, isLocal: false)
    defaultRecord = record
  }
}

extension VoiceRegistry: VoiceCatalog {
  public func resolve(_ reference: VoiceReference) async throws(SpeechError) -> ResolvedVoice {
    switch reference {
    case .named(let text):
      let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
      let folded = name.lowercased()
      if folded.isEmpty || folded == Self.defaultID { return try await resolveDefault() }
      if let record = try await store.voice(id: folded), record.deletedAt == nil { return try await resolved(record) }
      if let voice = builtIn[folded] { return resolved(voice) }
      if let record = try await registered(named: name) { return try await resolved(record) }
      if let mixed = try await mix(name) { return mixed }
      throw SpeechError(
        .unknownSpeaker,
        "there is no voice \(name.prefix(64)); GET /v1/audio/voices and tts.voices.list list the voices",
        field: "speaker_id")
    case .inline(let audio):
      return try await resolved(VoiceIntake.Recording(audio: audio, field: "speaker_wav_base64"))
    case .url:
      return try await resolved(try await intake.recording(reference))
    }
  }

  /// The only registered voice of a display name, in any case; nil for none.
  private func registered(named name: String) async throws(SpeechError) -> VoiceRecord? {
    let found = try await store.voices().filter {
      $0.voiceID != Self.defaultID && $0.displayName.lowercased() == name.lowercased()
    }
    guard found.count <= 1 else {
      let ids = found.prefix(8).map(\.voiceID).joined(separator: ", ")
      throw SpeechError(
        .ambiguousSpeaker, "\(found.count) voices have the name \(name.prefix(64)); give one of their ids: \(ids)",
        field: "speaker_id")
    }
    return found.first
  }

  public func list() async throws(SpeechError) -> [VoiceSummary] {
    let registered = try await store.voices().filter { $0.voiceID != Self.defaultID }.map(\.summary)
    let language = defaultRecord?.language ?? defaultLanguage
    let byDefault = VoiceSummary(voiceID: Self.defaultID, displayName: "Default", language: language)
    let speakers = (synthesizer?.builtInVoices ?? []).map {
      VoiceSummary(voiceID: $0.name, displayName: $0.name, language: defaultLanguage)
    }
    return [byDefault] + registered + speakers
  }

  public func register(
    _ request: VoiceRegistration, id wanted: String? = nil,
    ending: (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)? = nil
  ) async throws(SpeechError) -> VoiceSummary {
    if let id = request.changedVoiceID { return try await change(id, request, ending) }
    if let file = request.latents { return try await importVoice(file, request, id: wanted, ending) }
    let (samples, clips, inspections, memory) = try await intake.samples(
      request.samples, cleans: request.cleansReference, settings: request.settings)
    defer { memory.release() }
    let conditioning = try await conditioning(of: clips, settings: request.settings)
    let record = try await record(request, id: wanted, digest: VoiceIntake.digest(of: samples))
    // Replies are kept for their repeats, so they don't have the statement.
    var summary = record.summary
    summary.consent = nil
    let notes = request.warnings + inspections.flatMap(\.warnings)
    summary.quality = inspections.map(\.quality).min { $0.score < $1.score }
    summary.warnings = notes.isEmpty ? nil : notes
    try await store.insert(
      record, samples: samples, conditioning: conditioning, isLocal: true, entry: try ending?(summary))
    if let conditioning { cache.insert(conditioning.conditioning, Self.key(record)) }
    onChange()
    return summary
  }

  /// The record of a new voice.
  /// - Parameter wanted: its id, unless a voice has or had it; nil for a random one.
  func record(
    _ request: VoiceRegistration, id wanted: String?, digest: String
  ) async throws(SpeechError) -> VoiceRecord {
    var id = wanted ?? RequestContext.makeRequestID()
    if wanted != nil, try await store.voice(id: id) != nil { id = RequestContext.makeRequestID() }
    let name = request.displayName.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    var record = VoiceRecord(
      voiceID: id, displayName: name.isEmpty ? "Voice \(id.prefix(8))" : name,
      language: request.language ?? defaultLanguage, sampleDigest: digest,
      sourceNote: request.sourceNote, createdBy: request.userID, createdAt: Date())
    record.consent = request.consent
    record.settings = request.settings.isEmpty ? nil : request.settings
    return record
  }

  public func delete(
    id: String, removesAudio: Bool = false, entry: JournalEntry? = nil
  ) async throws(SpeechError) {
    guard id != Self.defaultID, builtIn[id.lowercased()] == nil else {
      throw SpeechError(.invalidRequest, "the default voice and built-in speakers can't be deleted", field: "voice_id")
    }
    let voice = try await store.voice(id: id)
    let removal = try await store.softDelete(
      voiceID: id, at: Date(), removesAudio: removesAudio, isLocal: true, entry: entry)
    guard let voice, let removal else {
      throw SpeechError(.unknownSpeaker, "there is no registered voice of that id", field: "voice_id")
    }
    cache.remove(voiceID: voice.voiceID)
    onChange()
    for id in removal.clipRequestIDs { try await clips?.remove(requestID: id) }
  }
}
