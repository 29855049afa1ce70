/// Markdown to the text it stands for: emphasis, headings, lists, quotes, links, code.
enum Markdown {
  private static let longestAddress = 2000

  static func strip(_ text: Scalars) -> Scalars {
    guard text.contains(where: { "*_`#>~[-=|".unicodeScalars.contains($0) }) else { return text }
    var result = Scalars()
    result.reserveCapacity(text.count)
    var start = 0
    while start < text.count {
      let end = text.end(from: start) { !$0.isLineBreak }
      let next = text.end(from: end, while: \.isLineBreak)
      if let line = stripLine(Scalars(text[start..<end]), isOnlyLine: start == 0 && next == text.count) {
        result += line
        result += text[end..<next]
      }
      start = next
    }
    return result
  }

  /// nil for a line that is only a rule or a code fence.
  private static func stripLine(_ line: Scalars, isOnlyLine: Bool) -> Scalars? {
    let body = line.stripped()
    if !isOnlyLine, body.count >= 3, body.allSatisfy({ $0 == body[0] }), "-*_=`~".unicodeScalars.contains(body[0]) {
      return nil
    }
    return stripSpans(Scalars(line[prefixEnd(line)...]))
  }

  /// The end of `# `, `> `, `- `, `* ` at the start of a line.
  private static func prefixEnd(_ line: Scalars) -> Int {
    let start = line.end(from: 0, while: \.isPythonSpace)
    var end = start
    switch line.at(start) {
    case "#": end = line.end(from: start) { $0 == "#" }
    case ">": end = start + 1
    case "*", "-", "+": end = start + 1
    default: return 0
    }
    guard end - start <= 6, line.at(end) == " " else { return 0 }
    return end + 1
  }

  /// Marks that begin and end a span.
  private struct Marks: Hashable {
    var mark: Unicode.Scalar
    var width: Int
  }

  private static func stripSpans(_ line: Scalars) -> Scalars {
    var result = Scalars()
    var searched: [Marks: Int] = [:]
    var position = 0
    while position < line.count {
      let scalar = line[position]
      if scalar == "[" || scalar == "!", let link = link(line, position) {
        result += stripSpans(link.text)
        position = link.end
      } else if "*_`~".unicodeScalars.contains(scalar), let span = span(line, position, &searched) {
        result += scalar == "`" ? span.text : stripSpans(span.text)
        position = span.end
      } else {
        result.append(scalar)
        position += 1
      }
    }
    return result
  }

  /// `[text](address)`, with a `!` before it for an image.
  private static func link(_ line: Scalars, _ start: Int) -> (text: Scalars, end: Int)? {
    let open = line[start] == "!" ? start + 1 : start
    guard line.at(open) == "[" else { return nil }
    let close = line.end(from: open + 1) { $0 != "]" && $0 != "[" }
    guard line.at(close) == "]", line.at(close + 1) == "(" else { return nil }
    let end = line.end(from: close + 2, limit: longestAddress) { $0 != ")" && !$0.isPythonSpace }
    guard line.at(end) == ")" else { return nil }
    return (Scalars(line[(open + 1)..<close]), end + 1)
  }

  /// `*text*`, `**text**`, `_text_`, `` `text` ``, `~~text~~`: the same marks on both sides, no space inside them, and
  /// no letter outside them where the mark also stands in words.
  /// - Parameter searched: up to here there are no such marks that end a span, so each part is searched once.
  private static func span(
    _ line: Scalars, _ start: Int, _ searched: inout [Marks: Int]
  ) -> (text: Scalars, end: Int)? {
    let mark = line[start]
    let open = line.end(from: start, limit: 4) { $0 == mark }
    let width = open - start
    guard width <= 3, mark != "~" || width == 2, let first = line.at(open), !first.isPythonSpace else { return nil }
    if mark == "_", line.at(start - 1)?.isWord == true { return nil }
    let marks = Marks(mark: mark, width: width)
    let limit = min(line.count, open + 1000)
    var position = max(open + 1, searched[marks] ?? 0)
    while position < limit {
      guard line[position] == mark else {
        position += 1
        continue
      }
      let close = line.end(from: position) { $0 == mark }
      let isOutside = mark != "_" || line.at(close)?.isWord != true
      if close - position == width, !line[position - 1].isPythonSpace, isOutside {
        return (Scalars(line[open..<position]), close)
      }
      position = close
    }
    searched[marks] = max(position, searched[marks] ?? 0)
    return nil
  }
}
