/// Builds a script from the elements of an SSML document. Pure.
struct SSMLBuilder {
  fileprivate struct Frame {
    var name: String
    var style: SpeechScript.Style
    var reading: SpeechScript.Reading = .written
    /// Whether its content is not spoken.
    var isSkipped = false
    /// Whether text and elements inside are one piece.
    var isAtom = false
    var text = ""

    mutating func read(_ reading: SpeechScript.Reading) {
      self.reading = reading
      isAtom = true
    }
  }

  private var frames: [Frame] = []
  private var spans: [SpeechScript.Span] = []
  /// The last piece of text, which more text may follow.
  private var open: (text: String, style: SpeechScript.Style)?
  private var voices: Set<String> = []
  private var warnings: [String] = []
  private var markCount = 0

  static let maximumMarks = 1_000
  static let maximumVoices = 16
  private static let supported =
    "break, lang, mark, p, phoneme, prosody, s, say-as, speak, sub, voice; text alone cannot do more with this model"

  /// The script; after the end of the document.
  var script: SpeechScript { SpeechScript(spans: spans, warnings: warnings) }

  mutating func start(_ name: String, _ attributes: [String: String]) throws(SSMLProblem) {
    guard frames.count < SSMLReader.maximumDepth else {
      throw SSMLProblem(.invalidSSML, "elements are nested more than \(SSMLReader.maximumDepth) deep")
    }
    guard !frames.isEmpty || name == "speak" else {
      throw SSMLProblem(.invalidSSML, "the root element must be speak, not \(name.prefix(32))")
    }
    var frame = Frame(name: name, style: frames.last?.style ?? .init())
    frame.isSkipped = frames.last?.isSkipped ?? false
    if frame.isSkipped { return frames.append(frame) }
    if let outer = frames.last, outer.isAtom {
      throw SSMLProblem(.invalidSSML, "\(outer.name) may hold only text, not \(name.prefix(32))")
    }
    if let tag = attributes["xml:lang"], !tag.isEmpty { frame.style.language = try Self.language(tag) }
    switch name {
    case "speak":
      guard frames.isEmpty else { throw SSMLProblem(.invalidSSML, "speak may only be the root element") }
    case "p", "s": end(isParagraph: name == "p")
    case "break": if let seconds = try Self.pause(attributes) { add(.pause(seconds)) }
    case "mark": try mark(Self.required("name", of: name, attributes))
    case "sub": frame.read(.alias(try Self.required("alias", of: name, attributes)))
    case "say-as": sayAs(try Self.required("interpret-as", of: name, attributes), attributes["format"], &frame)
    case "phoneme": frame.read(.lexicon)
    case "lang": frame.style.language = try Self.language(Self.required("xml:lang", of: name, attributes))
    case "voice": try voice(attributes, &frame)
    case "prosody": frame.style.rate *= try Self.rate(attributes)
    case "emphasis": warn("emphasis is not spoken: this model has none")
    case "w", "token": break
    case "desc", "meta", "metadata": frame.isSkipped = true
    default:
      throw SSMLProblem(
        .unsupportedSSML, "the element \(name.prefix(32)) is not supported; supported are \(Self.supported)")
    }
    frames.append(frame)
  }

  mutating func append(_ text: String) {
    guard let frame = frames.last, !frame.isSkipped else { return }
    if frame.isAtom {
      frames[frames.count - 1].text += text
    } else {
      add(text, .written, frame.style)
    }
  }

  mutating func close() {
    guard let frame = frames.popLast(), !frame.isSkipped else { return }
    if frames.isEmpty { flush() }
    if frame.isAtom {
      guard frame.text.contains(where: { !$0.isWhitespace }) else { return }
      add(frame.text, frame.reading, frame.style)
    } else if frame.name == "p" || frame.name == "s" {
      end(isParagraph: frame.name == "p")
    }
  }

  /// White space is one blank, as in XML: line breaks of a document end no sentence.
  private mutating func add(_ text: String, _ reading: SpeechScript.Reading, _ style: SpeechScript.Style) {
    if reading != .written || open.map({ $0.style != style }) ?? false { flush() }
    var words = open?.text ?? ""
    // Only one owner, so that appending does not copy.
    open = nil
    for character in text {
      if !character.isWhitespace {
        words.append(character)
      } else if words.isEmpty ? !startsFresh : words.last != " " {
        words.append(" ")
      }
    }
    open = words.isEmpty ? nil : (words, style)
    guard reading != .written, let piece = open else { return }
    spans.append(.text(piece.text, reading, style))
    open = nil
  }

  /// Whether a blank before the next word would be the first of its sentence or follow another.
  private var startsFresh: Bool {
    switch spans.last {
    case .text(let last, _, _)?: last.last?.isWhitespace == true
    case nil, .end?, .pause?: true
    case .mark?: false
    }
  }

  private mutating func flush() {
    if let piece = open { spans.append(.text(piece.text, .written, piece.style)) }
    open = nil
  }

  private mutating func add(_ span: SpeechScript.Span) {
    flush()
    spans.append(span)
  }

  private mutating func end(isParagraph: Bool) {
    flush()
    switch spans.last {
    case nil: break
    case .end(let wasParagraph)?: spans[spans.count - 1] = .end(isParagraph: isParagraph || wasParagraph)
    default: spans.append(.end(isParagraph: isParagraph))
    }
  }

  private mutating func mark(_ name: String) throws(SSMLProblem) {
    markCount += 1
    guard markCount <= Self.maximumMarks, name.utf8.count <= 128 else {
      throw SSMLProblem(
        .invalidSSML, "at most \(Self.maximumMarks) mark elements with names of at most 128 bytes are allowed")
    }
    add(.mark(name))
  }

  private mutating func voice(_ attributes: [String: String], _ frame: inout Frame) throws(SSMLProblem) {
    guard let name = attributes["name"]?.split(separator: " ").joined(separator: " "), !name.isEmpty else {
      throw SSMLProblem(.unsupportedSSML, "the element voice needs name: voices are not chosen by other attributes")
    }
    frame.style.voice = name
    voices.insert(name)
    guard voices.count <= Self.maximumVoices else {
      throw SSMLProblem(.invalidSSML, "the document names more than \(Self.maximumVoices) voices")
    }
  }

  private mutating func sayAs(_ kind: String, _ format: String?, _ frame: inout Frame) {
    let name = kind == "spell-out" || kind == "verbatim" ? "characters" : kind == "number" ? "cardinal" : kind
    let known = SpeechScript.SayAs(rawValue: name)
    if known == nil { warn("say-as \(kind.prefix(32)) is not known; its text is read as it is written") }
    frame.read(known.map { .sayAs($0, format: format) } ?? .written)
  }

  private mutating func warn(_ warning: String) {
    if warnings.count < 8, !warnings.contains(warning) { warnings.append(warning) }
  }
}

extension SSMLBuilder {
  private static func required(
    _ attribute: String, of name: String, _ attributes: [String: String]
  ) throws(SSMLProblem) -> String {
    guard let value = attributes[attribute], !value.isEmpty else {
      throw SSMLProblem(.invalidSSML, "the element \(name) needs the attribute \(attribute)")
    }
    return value
  }

  private static func language(_ tag: String) throws(SSMLProblem) -> Language {
    guard let language = Language(tag: tag) else {
      throw SSMLProblem(.unsupportedLanguage, "xml:lang \(tag.prefix(32)) is not a language of XTTS")
    }
    return language
  }

  /// The silence of a `break`; nil for none.
  private static func pause(_ attributes: [String: String]) throws(SSMLProblem) -> Double? {
    if let time = attributes["time"] {
      guard let seconds = TimeDesignation(time)?.seconds, seconds <= SpeechScript.longestPause else {
        throw SSMLProblem(
          .invalidSSML,
          "time of break is \(time.prefix(16)), but must be 0s to \(Int(SpeechScript.longestPause))s, such as 500ms")
      }
      return seconds
    }
    let strengths = ["none": 0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 0.8, "x-strong": 1.2]
    let strength = attributes["strength"] ?? "medium"
    guard let seconds = strengths[strength] else {
      throw SSMLProblem(
        .invalidSSML,
        "strength of break is \(strength.prefix(16)), but must be none, x-weak, weak, medium, strong or x-strong")
    }
    return seconds == 0 ? nil : seconds
  }

  /// The rate of a `prosody`: a word, a factor, a percentage or a change in percent.
  private static func rate(_ attributes: [String: String]) throws(SSMLProblem) -> Float {
    if let other = ["contour", "duration", "pitch", "range", "volume"].first(where: { attributes[$0] != nil }) {
      throw SSMLProblem(.unsupportedSSML, "the element prosody supports rate, not \(other): the model cannot set it")
    }
    guard let text = attributes["rate"] else { return 1 }
    let words: [String: Double] = ["x-slow": 0.5, "slow": 0.75, "medium": 1, "default": 1, "fast": 1.25, "x-fast": 1.5]
    var rate = words[text] ?? UnsignedDecimal(text)?.value
    if text.hasSuffix("%"), let first = text.first {
      let sign = first == "+" ? 1.0 : first == "-" ? -1 : 0
      let number = UnsignedDecimal(text.dropLast().dropFirst(sign == 0 ? 0 : 1))?.value
      rate = number.map { sign == 0 ? $0 / 100 : 1 + sign * $0 / 100 }
    }
    guard let rate, (0.25...4).contains(rate) else {
      throw SSMLProblem(
        .invalidSSML,
        "rate of prosody is \(text.prefix(16)), but must be 0.25 to 4, 25% to 400%, a change such as +10%, or x-slow, slow, "
          + "medium, fast, x-fast")
    }
    return Float(rate)
  }
}
