/// Pauses in plain text: `[pause:0.8s]`, `[pause:800ms]`.
enum PauseTags {
  static func read(_ text: String) throws(SpeechError) -> SpeechScript {
    guard text.contains("[") else { return SpeechScript(text: text) }
    var spans: [SpeechScript.Span] = []
    var rest = text[...]
    var plain = ""
    while let open = rest.firstIndex(of: "[") {
      let tag = rest[open...]
      plain += rest[..<open]
      guard tag.prefix(7).lowercased() == "[pause:", let close = tag.prefix(40).firstIndex(of: "]") else {
        plain += "["
        rest = tag.dropFirst()
        continue
      }
      let value = tag[..<close].dropFirst(7)
      rest = tag[close...].dropFirst()
      guard let first = value.first, first.isNumber || "+-. ".contains(first), value.contains(where: \.isNumber) else {
        plain += tag[...close]
        continue
      }
      guard let seconds = TimeDesignation(value)?.seconds, seconds <= SpeechScript.longestPause else {
        throw SpeechError(
          .invalidRequest,
          "text has [pause:\(value)], which must be 0 s to \(Int(SpeechScript.longestPause)) s, such as [pause:0.8s] or "
            + "[pause:800ms]", field: "text")
      }
      if !plain.isEmpty { spans.append(.text(plain, .written, .init())) }
      plain = ""
      spans.append(.pause(seconds))
    }
    plain += rest
    if !plain.isEmpty || spans.isEmpty { spans.append(.text(plain, .written, .init())) }
    return SpeechScript(spans: spans)
  }
}

/// A time as CSS and SSML write it: `0.8s`, `800ms`.
struct TimeDesignation {
  let seconds: Double

  init?(_ text: some StringProtocol) {
    let text = text.lowercased()
    let unit = text.hasSuffix("ms") ? "ms" : "s"
    let number = text.dropLast(unit.count)
    guard text.hasSuffix(unit), number.count <= 12, let value = UnsignedDecimal(number) else { return nil }
    seconds = unit == "ms" ? value.value / 1000 : value.value
  }
}

/// Digits with at most one point among them.
struct UnsignedDecimal {
  let value: Double

  init?(_ text: some StringProtocol) {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), let value = Double(text), value.isFinite else {
      return nil
    }
    self.value = value
  }
}
