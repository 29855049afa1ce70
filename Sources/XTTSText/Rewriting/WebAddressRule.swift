/// `https://www.example.org/a-b`, `www.example.org`, `ana@example.org`: read part by part, the signs by name.
struct WebAddressRule: RewriteRule {
  /// The words for ``signs``.
  let words: [String]

  private static let signs: Scalars = [".", "/", "-", "_", "@", ":", "?", "=", "&", "#", "~", "+", "%"]
  private static let longest = 300

  func mayMatch(in text: Scalars) -> Bool {
    let www = Scalars("www.")
    return text.indices.contains(where: { index in
      text[index] == "@" || text[index] == "/" && text.at(index - 1) == ":"
        || text[index] == "." && isDomainEnd(text, index)
        || (text[index].value | 0x20 == 0x77 && Scalars(text[index...].prefix(4)).lowercased() == www)
    })
  }

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard text[position].isASCII, text[position].isWord else { return nil }
    let limit = min(position + Self.longest, text.count)
    var end = position
    while end < limit, Self.isPart(text[end]) { end += 1 }
    // Marks at the end belong to the sentence.
    while end > position, !text[end - 1].isWord, text[end - 1] != "/" { end -= 1 }
    let address = Scalars(text[position..<end])
    guard let body = Self.body(of: address) else { return nil }
    return RewriteMatch(end: end, words: spoken(body))
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.isWord || signs.contains(scalar))
  }

  /// The part of an address that is read; nil if the text is not an address.
  private static func body(of address: Scalars) -> Scalars? {
    for scheme in ["https://", "http://", "ftp://"].map({ Scalars($0) })
    where Scalars(address.prefix(scheme.count)).lowercased() == scheme {
      let rest = Scalars(address.dropFirst(scheme.count))
      let body = Scalars(rest.prefix(4)).lowercased() == Scalars("www.") ? Scalars(rest.dropFirst(4)) : rest
      return body.isEmpty ? nil : body.last == "/" ? Scalars(body.dropLast()) : body
    }
    if Scalars(address.prefix(4)).lowercased() == Scalars("www."), address.count > 6 {
      return Scalars(address.dropFirst(4))
    }
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    if parts.count == 1 { return isDomain(address[...]) ? address : nil }
    guard parts.count == 2, !parts[0].isEmpty, let domain = parts.last, let dot = domain.lastIndex(of: "."),
      dot > domain.startIndex, domain.endIndex - dot > 2, domain[(dot + 1)...].allSatisfy({ !$0.isASCIIDigit }),
      domain.allSatisfy({ $0.isWord || $0 == "." || $0 == "-" })
    else { return nil }
    return address
  }

  /// Endings of addresses that are written without `www`; other words with a full stop inside are left alone.
  private static let endings: Set<String> = [
    "com", "org", "net", "edu", "gov", "info", "io", "dev", "app", "eu", "de", "fr", "es", "it", "pt", "br", "pl", "tr",
    "ru", "nl", "cz", "hu", "cn", "jp", "kr", "in", "uk", "us", "ch", "at", "be", "ca", "au",
  ]

  private static func isDomain(_ address: ArraySlice<Unicode.Scalar>) -> Bool {
    let parts = address.split(separator: "/", maxSplits: 1)[0].split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let last = parts.last, endings.contains(String(last)) else { return false }
    return parts.allSatisfy { part in
      part.count > 1 && part.allSatisfy { $0.isASCIIDigit || $0 == "-" || $0.value &- 0x61 < 26 }
    }
  }

  private func isDomainEnd(_ text: Scalars, _ dot: Int) -> Bool {
    let end = text.end(from: dot + 1) { $0.value &- 0x61 < 26 }
    return end > dot + 2 && Self.endings.contains(String(text[(dot + 1)..<end]))
  }

  private func spoken(_ body: Scalars) -> String {
    body.map { scalar -> String in
      guard let sign = Self.signs.firstIndex(of: scalar), sign < words.count else {
        return String(Character(scalar))
      }
      return " \(words[sign]) "
    }.joined()
  }
}
