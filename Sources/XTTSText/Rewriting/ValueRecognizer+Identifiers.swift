import SpeechCore

/// Phone numbers, versions, and letters next to digits.
extension ValueRecognizer {
  /// `020-1234567`, `090-1234-5678`, `+7 999 123-45-67`, `(11) 91234-5678`, `0532 123 45 67`.
  func phone(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let isInternational = text[position] == "+"
    let isBracketed = text[position] == "("
    var groups: [Scalars] = []
    var index = isInternational || isBracketed ? position + 1 : position
    var end = index
    var hasDash = false
    while groups.count < 8 {
      let groupEnd = text.end(from: index, while: \.isASCIIDigit)
      guard groupEnd > index, groupEnd - index <= 12 else { break }
      groups.append(Scalars(text[index..<groupEnd]))
      end = groupEnd
      index = groupEnd
      if text.at(index) == ")", isBracketed, groups.count == 1 { index += 1 }
      guard let mark = text.at(index),
        mark == " " || mark == "-" || index > groupEnd || isAreaCode(text, groups, mark, index)
      else { break }
      if mark == "-" { hasDash = true }
      if mark == " " || mark == "-" || mark == "/" { index += 1 }
      if text.at(index) == "(" { index += 1 }
    }
    let count = groups.reduce(0) { $0 + $1.count }
    let lengths = groups.map(\.count)
    // `IBAN DE89 3704 0044 0532`, a card's number.
    if !hasDash, groups.count >= 3, !isRow(text, position, end), lengths.dropLast().allSatisfy({ $0 == 4 }),
      lengths[lengths.count - 1] <= 4
    {
      return WrittenValue(kind: .digits(groups, isInternational: false), range: position..<end)
    }
    // `02-139`: a postal code.
    if hasDash, groups.count == 2, groups[0][0] == "0", lengths[0] > 1, text.at(end)?.joinsDigits != true {
      return WrittenValue(kind: .digits(groups, isInternational: false), range: position..<end)
    }
    guard groups.count > 1 || isInternational, (7...15).contains(count), text.at(end)?.joinsDigits != true,
      isInternational || isBracketed || groups[0][0] == "0" && groups[0].count > 1
        || groups[0] == ["8"] && count == 11 && language == .russian || hasDash && groups.count >= 4
        || hasDash && groups.map(\.count) == [3, 3, 4]
        || hasDash && lengths == [3, 4] || lengths == [5, 5] || lengths.count == 2 && lengths[1] >= 6
        || groups.count >= 4 && lengths.allSatisfy({ (2...4).contains($0) }) && !isRow(text, position, end)
        || lengths == [3, 3, 3] && !isRow(text, position, end) && isCall(text, position, end)
    else { return nil }
    return WrittenValue(kind: .digits(groups, isInternational: isInternational), range: position..<end)
  }

  /// `123.456.789-09`, `12.345.678/0001-95`, `01.23.45.67.89`, `850101/1234`, `2024-0012`, `#12-345`: every digit.
  func registration(_ text: Scalars, _ position: Int) -> WrittenValue? {
    var groups: [Scalars] = []
    var marks: [Unicode.Scalar] = []
    var end = position
    while groups.count < 8 {
      let groupEnd = text.end(from: end, limit: 9, while: \.isASCIIDigit)
      guard groupEnd > end else { return nil }
      groups.append(Scalars(text[end..<groupEnd]))
      end = groupEnd
      guard let mark = text.at(end), mark == "." || mark == "-" || mark == "/", text.at(end + 1)?.isASCIIDigit == true
      else { break }
      marks.append(mark)
      end += 1
    }
    guard let first = marks.first, text.at(end)?.joinsDigits != true else { return nil }
    let lengths = groups.map(\.count)
    let isNumbered = text.at(position - 1) == "#" || text.at(position - 1) == "№"
    let isCode: Bool =
      switch (first, groups.count) {
      case ("-", 2):
        isNumbered || lengths[0] == 4 && lengths[1] >= 3 && groups[1][0] == "0"
      case ("-", 3...): isNumbered
      case ("/", 2): lengths[0] == 6 && (3...4).contains(lengths[1])
      case (".", 3...):
        lengths.reduce(0, +) >= 9 && (marks.contains("-") || marks.contains("/"))
          || lengths.count == 5 && lengths.allSatisfy { $0 == 2 } && groups[0][0] == "0"
      default: false
      }
    return isCode ? WrittenValue(kind: .digits(groups, isInternational: false), range: position..<end) : nil
  }

  /// A row of digits that is too long for a number, or that follows capital letters: `PESEL 44051401359`, `IČO 12345678`.
  func identifier(_ text: Scalars, _ position: Int, _ number: WrittenNumber, _ end: Int) -> WrittenValue? {
    guard number.fraction.isEmpty, end - position == number.whole.count, text.at(end)?.joinsDigits != true,
      number.whole.count >= 7
    else { return nil }
    let last = text.lastNonSpace(before: position)
    let wordEnd = last >= 0 && (text[last] == ":" || text[last] == ".") ? last + 1 : last + 1
    var start = text.at(wordEnd - 1) == ":" || text.at(wordEnd - 1) == "." ? wordEnd - 1 : wordEnd
    let letters = start
    while letters - start < 8, let letter = text.at(start - 1), letter.properties.isUppercase { start -= 1 }
    let isNamed = letters - start >= 2 && text.at(start - 1)?.isWord != true
    guard isNamed || number.whole.count >= 10 && !number.whole.suffix(6).allSatisfy({ $0 == "0" }) else { return nil }
    return WrittenValue(kind: .digits([number.whole], isInternational: false), range: position..<end)
  }

  /// More numbers on either side.
  private func isRow(_ text: Scalars, _ position: Int, _ end: Int) -> Bool {
    text.at(position - 1) == " " && text.at(position - 2)?.isASCIIDigit == true
      || text.at(end) == " " && text.at(end + 1)?.isASCIIDigit == true
  }

  /// `0171/1234567`
  private func isAreaCode(_ text: Scalars, _ groups: [Scalars], _ mark: Unicode.Scalar, _ index: Int) -> Bool {
    guard mark == "/", groups.count == 1, groups[0][0] == "0", groups[0].count >= 3 else { return false }
    return text.end(from: index + 1, while: \.isASCIIDigit) - index > 5
  }

  /// `912 345 678` is a phone number after a word for calling, or where no noun follows that it could count.
  private func isCall(_ text: Scalars, _ position: Int, _ end: Int) -> Bool {
    let last = text.lastNonSpace(before: position)
    let before = text.lowerWord(endingAt: last + 1)
    let word = String(Scalars(text[min(end + 1, text.count)..<text.wordEnd(from: min(end + 1, text.count))]))
    if text.at(end) != " " || word.isEmpty { return true }
    let earlier = text.lowerWord(endingAt: text.lastNonSpace(before: last + 1 - before.unicodeScalars.count) + 1)
    return Self.callWords.contains(before) || Self.callWords.contains(earlier) || before.isEmpty
  }

  private static let callWords: Set<String> = [
    "tel", "tél", "telefon", "teléfono", "telefone", "telefono", "téléphone", "телефон", "тел", "llama", "llame",
    "llámame", "móvil", "call", "dial", "ring", "phone", "zadzwoń", "dzwoń", "volejte", "volej", "zavolejte", "chiama",
    "chiami", "ligue", "liga", "bel", "ruf", "appelez", "appelle", "звони", "звоните", "позвоните", "hívd", "hívja",
    "telefonszám", "numer", "número", "numero", "numéro", "nummer", "номер", "telefoon", "arayın", "ara", "mobil",
  ]

  /// Digits after a word that names a code: `PIN 110001`, `dial 911`, `打110`.
  func code(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let end = text.end(from: position, while: \.isASCIIDigit)
    let last = text.lastNonSpace(before: position)
    guard end - position >= 3, text.endsToken(at: end), last >= 0 else { return nil }
    let isMark = ":：.".unicodeScalars.contains(text[last])
    let before = text.lowerWord(endingAt: isMark ? last : last + 1)
    let isIdeographic = text[last].properties.isIdeographic
    // `llame al 112`, `zadzwoń pod 112`
    let earlier =
      Self.callParticles.contains(before) && language != .hungarian
      ? text.word(before: last + 1 - before.unicodeScalars.count) : before
    let follows =
      Self.codeWords.contains(before)
      || end - position == 3 && Self.emergencyWords.contains(earlier)
      || isIdeographic
        && (Self.codeWords.contains { $0.count > 1 && before.hasSuffix($0) }
          || (before.hasSuffix("打") || before.hasSuffix("拨")) && end - position <= 5)
    guard follows else { return nil }
    return WrittenValue(
      kind: .digits([Scalars(text[position..<end])], isInternational: false), range: position..<end)
  }

  private static let codeWords: Set<String> = [
    "pin", "code", "código", "kod", "kód", "код", "codice", "zip", "plz", "cap", "cep", "psč", "postleitzahl",
    "passwort",
    "password", "passcode", "otp", "пароль", "индекс", "пин", "contraseña", "kodunuz", "şifre", "şifreniz",
    "irányítószám",
    "पिन", "कोड", "الرمز", "رمز", "邮编", "密码", "验证码", "郵便番号", "暗証番号", "비밀번호", "우편번호", "코드", "postcode",
    "wachtwoord", "hasło", "heslo", "jelszó", "senha", "agent",
  ]
  private static let callParticles: Set<String> = [
    "al", "il", "lo", "le", "o", "a", "ao", "para", "pod", "numer", "na", "den", "die", "het", "по", "номер", "nummer",
  ]
  private static let emergencyWords: Set<String> = [
    "dial", "call", "ring", "wähle", "ruf", "wählen", "llama", "llame", "marque", "marca", "appelez", "appelle",
    "chiama",
    "chiami", "ligue", "zadzwoń", "volejte", "звоните", "позвоните", "bel", "hívja", "hívd", "डायल",
  ]

  /// `5'11"`.
  func feet(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let feet = text.number(at: position), feet.value < 10, let mark = text.at(feet.end),
      mark == "'" || mark == "′" || mark == "’", let inches = text.number(at: feet.end + 1), inches.value < 12,
      let close = text.at(inches.end), "\"″”".unicodeScalars.contains(close)
    else { return nil }
    return WrittenValue(kind: .feet(feet.value, inches.value), range: position..<(inches.end + 1))
  }

  /// `1.2.3`, `192.168.1.1`.
  func version(_ text: Scalars, _ position: Int) -> WrittenValue? { version(text, position, fewestParts: 3) }

  func version(_ text: Scalars, _ position: Int, fewestParts: Int) -> WrittenValue? {
    var parts: [Scalars] = []
    var end = position
    while parts.count < 5 {
      let next = text.end(from: end, while: \.isASCIIDigit)
      guard next > end, next - end <= 3 else { return nil }
      parts.append(Scalars(text[end..<next]))
      end = next
      guard text.at(end) == ".", text.at(end + 1)?.isASCIIDigit == true else { break }
      end += 1
    }
    guard parts.count >= fewestParts, text.endsToken(at: end), !parts.dropFirst().allSatisfy({ $0.count == 3 }) else {
      return nil
    }
    return WrittenValue(kind: .version(parts), range: position..<end)
  }

  /// `3:2`. A time has two digits after its colon.
  func score(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let first = text.number(at: position), first.end - position <= 3, text.at(first.end) == ":",
      text.at(position - 1) != ":", let second = text.number(at: first.end + 1), second.end - first.end <= 5,
      text.endsToken(at: second.end)
    else { return nil }
    return WrittenValue(
      kind: .score(
        WrittenNumber(whole: Scalars(text[position..<first.end])),
        WrittenNumber(whole: Scalars(text[(first.end + 1)..<second.end]))), range: position..<second.end)
  }

  /// `MP3`, `CO2`, `A4`, `H1N1`, `DE89`: capitals and digits in turn.
  func letters(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let lettersEnd = text.end(from: position, while: Self.isCapital)
    guard lettersEnd > position, lettersEnd - position <= 5 else { return nil }
    var end = text.end(from: lettersEnd) { $0.isASCIIDigit || Self.isCapital($0) }
    // `DE89 3704 0044`
    if lettersEnd - position == 2, end - lettersEnd == 2, text[lettersEnd].isASCIIDigit, text[end - 1].isASCIIDigit {
      var groups = 0
      while groups < 8, text.at(end) == " " {
        let next = text.end(from: end + 1) { $0.isASCIIDigit || Self.isCapital($0) }
        guard (1...4).contains(next - end - 1), next - end == 5 || groups > 1, text.at(next)?.joinsDigits != true else {
          break
        }
        (end, groups) = (next, groups + 1)
      }
      if groups > 1 { return WrittenValue(kind: .letters(Scalars(text[position..<end])), range: position..<end) }
    }
    // `PM2.5`
    if text.at(end) == ".", text[end - 1].isASCIIDigit, text.at(end + 1)?.isASCIIDigit == true {
      end = text.end(from: end + 1, limit: 4, while: \.isASCIIDigit)
    }
    guard end > lettersEnd, end - position <= 12, text.at(end)?.joinsDigits != true,
      text.at(position - 1)?.joinsDigits != true
    else { return nil }
    return WrittenValue(kind: .letters(Scalars(text[position..<end])), range: position..<end)
  }

  /// `5G`, `3D`, `12a`, `12345678Z`.
  func digitsBeforeLetters(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let digits = text.end(from: position, while: \.isASCIIDigit)
    var end = text.end(from: digits, while: Self.isCapital)
    if end == digits, let letter = text.at(digits), letter.value &- 0x61 < 26, !Self.endings.contains(letter) {
      end = digits + 1
    }
    guard (1...2).contains(end - digits), text.at(end)?.joinsDigits != true, text.at(end) != "'" else { return nil }
    return WrittenValue(kind: .letters(Scalars(text[position..<end])), range: position..<end)
  }

  /// Letters that end an ordinal or stand for a unit in some language.
  private static let endings: Set<Unicode.Scalar> = ["e", "o", "i", "s", "h", "x", "m", "g", "l", "t"]

  private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value &- 0x41 < 26 || (0x410...0x42F).contains(scalar.value)
  }
}
