import Foundation

/// HTML to the text it stands for: tags removed, entities decoded.
enum Markup {
  private static let longestTag = 200
  private static let longestEntity = 10
  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "hellip": "…", "mdash": "—",
    "ndash": "–", "laquo": "«", "raquo": "»", "ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’", "euro": "€",
    "pound": "£", "yen": "¥", "deg": "°", "times": "×", "copy": "©", "shy": "\u{AD}", "thinsp": " ",
  ]

  static func strip(_ text: Scalars) -> Scalars {
    guard text.contains(where: { $0 == "&" || $0 == "<" }) else { return text }
    var result = Scalars()
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      if text[position] == "&", let entity = entity(text, position) {
        result.append(entity.scalar)
        position = entity.end
      } else if text[position] == "<", let end = tagEnd(text, position) {
        let inside = text[(position + 1)..<(end - 1)]
        // `<https://example.org>`, `<ann@example.org>`: an address, not a tag.
        if !inside.contains(" "), inside.contains("@") || inside.contains(":") { result += inside }
        if breaks(text, position) { result.append("\n") }
        position = end
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }

  private static func entity(_ text: Scalars, _ start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
    let limit = min(text.count, start + longestEntity)
    guard let end = text[(start + 1)..<max(limit, start + 1)].firstIndex(of: ";") else { return nil }
    let name = String(text[(start + 1)..<end])
    guard name.hasPrefix("#") else { return (entities[name] ?? letter(name)).map { ($0, end + 1) } }
    let isHex = name.hasPrefix("#x") || name.hasPrefix("#X")
    let value = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
    return value.flatMap(Unicode.Scalar.init).map { ($0, end + 1) }
  }

  /// `&eacute;`: a letter and its mark.
  private static func letter(_ name: String) -> Unicode.Scalar? {
    if let whole = [
      "szlig": "ß", "aelig": "æ", "AElig": "Æ", "oslash": "ø", "Oslash": "Ø", "oelig": "œ", "iexcl": "¡",
      "iquest": "¿", "ordm": "º", "ordf": "ª", "frac12": "½", "sup2": "²", "plusmn": "±", "cent": "¢", "sect": "§",
      "reg": "®", "trade": "™", "bull": "•", "middot": "·", "ensp": " ", "emsp": " ",
    ][name] {
      return whole.unicodeScalars.first
    }
    guard let base = name.unicodeScalars.first, let mark = marks[String(name.dropFirst())] else { return nil }
    return String([base, mark]).precomposedStringWithCanonicalMapping.unicodeScalars.first
  }

  private static let marks: [String: Unicode.Scalar] = [
    "acute": "\u{301}", "grave": "\u{300}", "circ": "\u{302}", "uml": "\u{308}", "tilde": "\u{303}",
    "cedil": "\u{327}", "ring": "\u{30A}", "caron": "\u{30C}",
  ]

  private static func tagEnd(_ text: Scalars, _ start: Int) -> Int? {
    let name = text.at(start + 1) == "/" ? start + 2 : start + 1
    guard let first = text.at(name), first.isASCII, first.isWord, !first.isASCIIDigit else { return nil }
    let limit = min(text.count, start + longestTag)
    guard let end = text[name..<limit].firstIndex(where: { $0 == ">" || $0 == "<" }), text[end] == ">" else {
      return nil
    }
    return end + 1
  }

  private static func breaks(_ text: Scalars, _ start: Int) -> Bool {
    let name = text.at(start + 1) == "/" ? start + 2 : start + 1
    let word = String(Scalars(text[name..<text.wordEnd(from: name)]).lowercased())
    return ["br", "p", "div", "li", "h1", "h2", "h3", "tr"].contains(word)
  }
}
