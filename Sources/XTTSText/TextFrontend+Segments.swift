import SpeechCore

extension TextFrontend {
  /// Most tokens of one piece, language tag included. Upstream refuses 402, the rows of the published model's text
  /// position embedding less two for start and stop.
  public static let tokenLimit = 401

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
    let scalars = Scalars(text)
    var segments: [TextSegment] = []
    if splitting {
      let splitter = TextSplitter(language: language)
      // A stack, not recursion: hostile text could otherwise nest as deep as it is long.
      var open = Array(splitter.split(scalars).reversed())
      while let range = open.popLast() {
        let segment = try segment(scalars[range], language: language, mode: mode)
        if segment.tokens.count > Self.tokenLimit, let halves = splitter.halves(scalars, range) {
          open += halves.reversed()
        } else {
          segments.append(segment)
        }
      }
    } else {
      let segment = try segment(scalars.stripped()[...], language: language, mode: mode)
      guard segment.tokens.count <= Self.tokenLimit else {
        throw SpeechError(
          .textTooLong,
          "text is \(segment.tokens.count) tokens long; without splitting at most \(Self.tokenLimit) are allowed",
          field: "text")
      }
      segments = [segment]
    }
    guard segments.contains(where: \.isReadable) else {
      let unreadable = UnreadableCharacters(segments.lazy.flatMap(\.unreadable))
      guard unreadable.isEmpty else {
        throw SpeechError(.textUnreadable, "the model can't read any of the text: \(unreadable)", field: "text")
      }
      throw SpeechError(.textEmpty, "text has no letter or digit to speak", field: "text")
    }
    return segments
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
