import SpeechCore

extension TextFrontend {
  /// Cuts a run into pieces the model can read. Unlike ``segments(_:language:splitting:mode:)``, it accepts a run with
  /// nothing to say.
  /// - Throws: `unsupported_ssml` for a phoneme that the lexicon does not have, and the errors of a text that is too long.
  public func segments(of run: SpeechRun, _ options: RunOptions) throws(SpeechError) -> [TextSegment] {
    let text = try spokenText(run, options)
    var segments: [TextSegment] = []
    var start = 0
    for (end, boundary) in chunks(of: text.spoken, options) {
      segments += try pieces(of: text, start..<end, options)
      if let last = segments.indices.last { segments[last].boundary = boundary }
      start = end
    }
    return segments
  }

  private func spokenText(_ run: SpeechRun, _ options: RunOptions) throws(SpeechError) -> SpokenText {
    var text = SpokenText()
    let sayAs = SayAsWords(options.language)
    for (piece, reading) in run.pieces {
      let scalars = Scalars(piece)
      switch reading {
      case .written: append(scalars, to: &text, options.lexicon)
      case .alias(let words): text.append(scalars, spoken: Scalars(words))
      case .sayAs(let kind, let format):
        if let words = sayAs.words(kind, format: format, scalars) {
          text.append(scalars, spoken: Scalars(words))
        } else {
          append(scalars, to: &text, options.lexicon)
        }
      case .lexicon:
        guard let words = options.lexicon?.words(for: scalars) else {
          throw SpeechError(
            .unsupportedSSML,
            "text is SSML: the element phoneme is supported only around text that the lexicon of the request has",
            field: "text")
        }
        text.append(scalars, spoken: words)
      }
    }
    return text
  }

  private func append(_ scalars: Scalars, to text: inout SpokenText, _ lexicon: LexiconMatcher?) {
    guard let lexicon else { return text.append(scalars) }
    var (position, start) = (0, 0)
    while position < scalars.count {
      guard let (end, spoken) = lexicon.match(scalars, at: position) else {
        position += 1
        continue
      }
      text.append(scalars[start..<position])
      text.append(scalars[position..<end], spoken: spoken)
      (position, start) = (end, end)
    }
    text.append(scalars[start...])
  }

  /// The ends of the parts that are separate segments, with the boundary after each.
  private func chunks(of text: Scalars, _ options: RunOptions) -> [(end: Int, boundary: TextSegment.Boundary?)] {
    guard options.endsAtSentences || options.endsAtParagraphs else { return [(text.count, nil)] }
    let boundaries = SentenceBoundaries(language: options.language)
    var chunks: [(Int, TextSegment.Boundary?)] = []
    for position in boundaries.positions(in: text, 0..<text.count) {
      var blank = position
      while blank > 0, text[blank - 1].isPythonSpace { blank -= 1 }
      let breaks = (blank..<position).count { text[$0].isLineBreak && !(text[$0] == "\n" && text.at($0 - 1) == "\r") }
      if breaks >= 2 {
        chunks.append((position, .paragraph))
      } else if options.endsAtSentences, let last = text.at(blank - 1) {
        // A line that continues in lower case is wrapped text.
        let isWrapped = !last.endsSentence && !last.closesQuotation && text[position].properties.isLowercase
        if !isWrapped { chunks.append((position, .sentence)) }
      }
    }
    return chunks + [(text.count, nil)]
  }

  private func pieces(
    of text: SpokenText, _ range: Range<Int>, _ options: RunOptions
  ) throws(SpeechError) -> [TextSegment] {
    let scalars = Scalars(text.spoken[range])
    let make = { (piece: Range<Int>) throws(SpeechError) -> TextSegment in
      var segment = try self.segment(scalars[piece], language: options.language, mode: options.mode)
      let place = (piece.lowerBound + range.lowerBound)..<(piece.upperBound + range.lowerBound)
      segment.range = text.writtenRange(place)
      segment.text = String(text.written[segment.range])
      return segment
    }
    guard options.splitting else {
      let start = scalars.end(from: 0, while: \.isPythonSpace)
      let end = max(start, (scalars.lastIndex { !$0.isPythonSpace } ?? -1) + 1)
      let segment = try make(start..<end)
      guard segment.tokens.count <= tokenLimit else {
        throw SpeechError(
          .textTooLong,
          "text is \(segment.tokens.count) tokens long; without splitting at most \(tokenLimit) are allowed",
          field: "text")
      }
      return [segment]
    }
    var segments: [TextSegment] = []
    let splitter = TextSplitter(language: options.language)
    // A stack, not recursion: hostile text could otherwise nest as deep as it is long.
    var open = Array(splitter.split(scalars).reversed())
    while let range = open.popLast() {
      let segment = try make(range)
      if segment.tokens.count > tokenLimit, let halves = splitter.halves(scalars, range) {
        open += halves.reversed()
      } else {
        segments.append(segment)
      }
    }
    return segments
  }
}
