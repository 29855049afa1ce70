import Foundation

/// The fields that several request messages have.
extension StrictFields<SpeechError> {
  /// Reads a message body.
  /// - Throws: `invalid_json` or `invalid_request`.
  init(body: Data) throws(SpeechError) {
    guard String(validating: body, as: UTF8.self) != nil else {
      throw SpeechError(
        .invalidJSON, "the message is not UTF-8: byte \(InvalidJSON.firstInvalidByte(of: body)) is invalid")
    }
    let repaired = LoneSurrogates.removed(from: body)
    do {
      try self.init(
        json: repaired ?? body, isLenient: true,
        notes: repaired == nil ? [] : ["half of a surrogate pair was dropped from the text"]
      ) { field, problem, _ in
        SpeechError(.invalidRequest, "\(field) \(problem)", field: field)
      }
    } catch {
      throw InvalidJSON.error(error, body)
    }
  }

  /// A text to speak, which must not be empty.
  func spokenText(_ name: String) throws(SpeechError) -> String {
    let text = try required(name, isEmptyText(name) ? "" : text(name))
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw SpeechError(.textEmpty, "\(name) is empty", field: name)
    }
    return text
  }

  func language() throws(SpeechError) -> Language? {
    guard let tag = try text("language") else { return nil }
    guard let language = Language(tag: tag) else {
      let allowed = Language.allCases.map(\.rawValue).joined(separator: " ")
      throw SpeechError(
        .unsupportedLanguage, "language must be a language of the model, such as \(allowed), or auto", field: "language"
      )
    }
    return language
  }

  /// Whether the language is `auto`.
  func detectsLanguage() throws(SpeechError) -> Bool { try text("language")?.lowercased() == "auto" }

  /// An object from written to spoken words, an id, or an array of ids.
  func lexicon() throws(SpeechError) -> LexiconReference? {
    let expected = "an object of written and spoken words, an id or an array of at most 8 ids"
    guard let lexicon = try value("lexicon", expected, as: LexiconReference.self) else { return nil }
    try lexicon.check()
    return lexicon.isEmpty ? nil : lexicon
  }

  func seed() throws(SpeechError) -> UInt64? { try value("seed", "an unsigned 64-bit integer") }

  func speed() throws(SpeechError) -> Float { try number("speed", in: SynthesisRequest.speeds) ?? 1 }

  /// A user's id; a whole number is its digits.
  func userID(_ name: String = "user_id") throws(SpeechError) -> String? {
    do throws(SpeechError) {
      return try text(name, atMost: 128)
    } catch {
      guard let number = try? value(name, "a string", as: Int64.self) else { throw error }
      return String(number)
    }
  }

  /// Reads `speaker_wav_base64`, `speaker_wav_url` or `speaker_id`, in that order; nil when none is given.
  func voice() throws(SpeechError) -> VoiceReference? {
    let base64 = try value("speaker_wav_base64", "a base64 string", as: String.self)
    let url = try value("speaker_wav_url", "a URL string", as: String.self)
    let name = try text("speaker_id")
    if let base64 { return .inline(try Self.audio(base64)) }
    if let url { return .url(url.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return name.map { VoiceReference(name: $0) }
  }

  /// Audio as base64 or as a data URL, which browsers hand over. The media type of the URL is not trusted anyway.
  private static func audio(_ text: String) throws(SpeechError) -> Data {
    let field = "speaker_wav_base64"
    let start = text.prefix(1_024).drop { $0.isWhitespace }.lowercased()
    guard !start.hasPrefix("http://"), !start.hasPrefix("https://") else {
      throw SpeechError(.invalidAudio, "\(field) has a URL, which belongs in speaker_wav_url", field: field)
    }
    var base64 = text[...]
    if start.hasPrefix("data:") {
      let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) ?? text.endIndex
      guard text[..<comma].lowercased().hasSuffix(";base64") else {
        throw SpeechError(.invalidAudio, "\(field) is a data URL without ;base64", field: field)
      }
      base64 = text[comma...].dropFirst()
    }
    guard let audio = Data(lenientBase64: base64), !audio.isEmpty else {
      throw SpeechError(.invalidAudio, "\(field) is not valid base64", field: field)
    }
    return audio
  }

  /// Warnings for at most eight fields that are not in `known`, and for parts of the reply that can't be sent.
  func warnings(known: Set<String>, include: Set<ReplyPart> = []) -> [String] {
    notes + unknownNames(known).prefix(8).map { "unknown field ignored: \($0.prefix(64))" }
      + (include.contains(.words) ? [ReplyPart.wordsWarning] : [])
  }
}

extension VoiceReference {
  /// A voice by its name, with white space around it; `default` in any case.
  public init(name: String) {
    let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
    self = .named(name.isEmpty || name.lowercased() == "default" ? "default" : name)
  }
}
