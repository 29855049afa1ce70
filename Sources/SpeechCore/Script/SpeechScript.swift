/// A request's text as it is spoken: pieces of text, each with its voice, language and rate, and the silence between
/// them. Plain text, pauses, markup and several voices have this one form.
public struct SpeechScript: Sendable, Equatable {
  /// The way of speaking a piece; nil takes the request's.
  public struct Style: Sendable, Hashable {
    /// The id or name of a voice.
    public var voice: String?
    /// The language of the piece.
    public var language: Language?
    /// Multiplies the request's speed.
    public var rate: Float = 1

    public init() {}
  }

  /// The words of a piece.
  public enum Reading: Sendable, Equatable {
    /// As it is written.
    case written
    /// Other words in its place.
    case alias(String)
    case sayAs(SayAs, format: String?)
    /// Only by the request's lexicon.
    case lexicon
  }

  /// The kinds of `say-as`.
  public enum SayAs: String, CaseIterable, Sendable {
    case characters, cardinal, ordinal, digits, date, time, telephone, currency
  }

  public enum Span: Sendable, Equatable {
    case text(String, Reading, Style)
    /// Silence in seconds.
    case pause(Double)
    /// A name whose time the reply has.
    case mark(String)
    /// The end of a sentence, or of a paragraph.
    case end(isParagraph: Bool)
  }

  /// In the order of the text.
  public var spans: [Span]
  /// Remarks about markup that was skipped.
  public var warnings: [String] = []

  /// The longest single pause in seconds.
  public static let longestPause = 10.0
  /// The longest silence of a request in seconds.
  public static let longestSilence = 600.0

  public init(spans: [Span], warnings: [String] = []) {
    self.spans = spans
    self.warnings = warnings
  }

  /// A text without markup and pauses.
  public init(text: String) { self.init(spans: [.text(text, .written, Style())]) }

  /// The text of a request, with its markup or its pauses read.
  /// - Throws: `invalid_request`, `invalid_ssml` or `unsupported_ssml`, naming field and limit.
  public init(_ text: String, isSSML: Bool) throws(SpeechError) {
    let start = text.drop(while: \.isWhitespace)
    let hasRoot = start.hasPrefix("<speak") && start.dropFirst(6).first.map { " \t\r\n/>".contains($0) } == true
    self =
      if isSSML || hasRoot || start.hasPrefix("<?xml") { try SSMLReader.read(text) } else { try PauseTags.read(text) }
    guard pauseSeconds <= Self.longestSilence else {
      throw SpeechError(
        .invalidRequest,
        "the pauses of text are \(Int(pauseSeconds)) s together; at most \(Int(Self.longestSilence)) s are allowed",
        field: "text")
    }
  }

  /// The text without markup and pauses.
  public var text: String {
    spans.reduce(into: "") { text, span in
      switch span {
      case .text(let piece, _, _): text += piece
      case .pause, .mark, .end: if !text.isEmpty, text.last?.isWhitespace == false { text += " " }
      }
    }
  }

  /// The pauses together, without those between sentences.
  public var pauseSeconds: Double {
    spans.reduce(0) { total, span in if case .pause(let seconds) = span { total + seconds } else { total } }
  }

  /// The languages that it names, and the names of its voices, each once.
  public var languages: Set<Language> { Set(styles.compactMap(\.language)) }
  public var voices: [String] { Set(styles.compactMap(\.voice)).sorted() }
  /// The slowest and the fastest rate.
  public var rates: ClosedRange<Float> {
    let rates = styles.map(\.rate)
    return (rates.min() ?? 1)...(rates.max() ?? 1)
  }

  private var styles: [Style] { spans.compactMap { if case .text(_, _, let style) = $0 { style } else { nil } } }

  /// The parts that the audio depends on, without the length of pauses. A plain script has its text only.
  public var seedParts: [String] {
    var parts: [String] = []
    var last: Style?
    for span in spans {
      switch span {
      case .text(let text, .written, let style) where style == last && !parts.isEmpty: parts[parts.count - 1] += text
      case .text(let text, .written, let style) where style == Style():
        parts.append(text)
        last = style
      case .text(let text, let reading, let style):
        parts.append(
          "\(text)\u{0}\(reading)\u{0}\(style.voice ?? "")\u{0}\(style.language?.rawValue ?? "")\u{0}\(style.rate)")
        last = reading == .written ? style : nil
      case .pause, .end:
        parts.append("\u{0}")
        last = nil
      case .mark: break
      }
    }
    return parts
  }
}
