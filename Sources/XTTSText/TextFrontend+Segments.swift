import SpeechCore

extension TextFrontend {
  /// Cuts a text into pieces the model can read, each at most the language's character limit and ``tokenLimit`` tokens
  /// long. A text that fits is one piece. A piece with nothing to say (``TextSegment/isSilent``) is kept, so that the
  /// pieces give the text back; it should not be synthesized.
  ///
  /// - Parameter splitting: false to get one piece or an error.
  /// - Throws: `text_empty` where no letter or digit is left to say, `text_unreadable` where the model can read none of
  ///   them, `text_too_long` where splitting is off and the text does not fit, `unsupported_language` as ``normalize(_:language:mode:)`` does.
  public func segments(
    _ text: String, language: Language, splitting: Bool = true, mode: NormalizationMode = .extended
  ) throws(SpeechError) -> [TextSegment] {
    let segments = try segments(
      of: SpeechRun([(text, .written)]), RunOptions(language: language, mode: mode, splitting: splitting))
    try Self.checkReadable(segments)
    return segments
  }

  /// - Throws: `text_empty` or `text_unreadable` for segments of which the model can read nothing.
  public static func checkReadable(_ segments: [TextSegment]) throws(SpeechError) {
    guard !segments.contains(where: \.isReadable) else { return }
    let unreadable = UnreadableCharacters(segments.lazy.flatMap(\.unreadable))
    guard unreadable.isEmpty else {
      throw SpeechError(.textUnreadable, "the model can't read any of the text: \(unreadable)", field: "text")
    }
    throw SpeechError(.textEmpty, "text has no letter or digit to speak", field: "text")
  }

  func segment(
    _ piece: ArraySlice<Unicode.Scalar>, language: Language, mode: NormalizationMode
  ) throws(SpeechError) -> TextSegment {
    let (normalized, missing) = try normalize(Scalars(piece), language: language, mode: mode)
    return TextSegment(
      text: String(piece), normalized: String(normalized), tokens: encode(normalized, language: language),
      unreadable: missing.scalars)
  }
}
