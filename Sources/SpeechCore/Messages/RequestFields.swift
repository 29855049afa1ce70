import Foundation

/// The fields that several request messages have.
extension StrictFields<SpeechError> {
  /// Reads a message body.
  /// - Throws: `invalid_json` or `invalid_request`.
  init(body: Data) throws(SpeechError) {
    do {
      guard String(validating: body, as: UTF8.self) != nil else { throw CocoaError(.fileReadCorruptFile) }
      try self.init(json: body) { field, problem, _ in
        SpeechError(.invalidRequest, "\(field) \(problem)", field: field)
      }
    } catch DecodingError.typeMismatch {
      throw SpeechError(.invalidRequest, "the message must be a JSON object")
    } catch {
      throw SpeechError(.invalidJSON, "the message is not valid UTF-8 JSON")
    }
  }

  /// A text to speak, which must not be empty.
  func spokenText(_ name: String) throws(SpeechError) -> String {
    let text = try required(name, text(name))
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw SpeechError(.textEmpty, "\(name) is empty", field: name)
    }
    return text
  }

  func language() throws(SpeechError) -> Language? {
    guard let tag = try text("language") else { return nil }
    guard let language = Language(tag: tag) else {
      let allowed = Language.allCases.map(\.rawValue).joined(separator: " ")
      throw SpeechError(.unsupportedLanguage, "language must be one of \(allowed)", field: "language")
    }
    return language
  }

  func seed() throws(SpeechError) -> UInt64? { try value("seed", "an unsigned 64-bit integer") }

  func speed() throws(SpeechError) -> Float { try number("speed", in: 0.5...2) ?? 1 }

  func userID() throws(SpeechError) -> String? { try text("user_id", atMost: 128) }

  /// Reads `speaker_wav_base64`, `speaker_wav_url` or `speaker_id`, in that order; nil when none is given. Forms send
  /// fields they have nothing for as empty strings, so those count as absent.
  func voice() throws(SpeechError) -> VoiceReference? {
    func text(_ name: String, _ expected: String) throws(SpeechError) -> String? {
      try value(name, expected, as: String.self).flatMap { $0.isEmpty ? nil : $0 }
    }
    let base64 = try text("speaker_wav_base64", "a base64 string")
    let url = try text("speaker_wav_url", "a URL string")
    let name = try text("speaker_id", "a string")
    guard let base64 else { return url.map { .url($0) } ?? name.map { .named($0) } }
    // Data URLs are what browsers hand over; the media type before the comma is not trusted anyway.
    let payload = base64.hasPrefix("data:") ? base64.drop { $0 != "," }.dropFirst() : base64[...]
    guard let audio = Data(base64Encoded: String(payload)), !audio.isEmpty else {
      throw SpeechError(.invalidAudio, "speaker_wav_base64 is not valid base64", field: "speaker_wav_base64")
    }
    return .inline(audio)
  }

  /// Warnings for at most eight fields that are not in `known`, and for parts of the reply that can't be sent.
  func warnings(known: Set<String>, include: Set<ReplyPart> = []) -> [String] {
    unknownNames(known).prefix(8).map { "unknown field ignored: \($0.prefix(64))" }
      + (include.contains(.words) ? [ReplyPart.wordsWarning] : [])
  }
}
