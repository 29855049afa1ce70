import SpeechCore

/// Roman numerals where a word next to them says that they are numerals.
extension ValueRecognizer {
  /// `Jan III`, `Karel IV.`, `XX век`, `XIV. Louis`, `Chapter IV`, `siglo XIX`, `II Guerra Mundial`, `XIXe siècle`, `第IV章`.
  func roman(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let end = RomanNumeral.end(text, from: position)
    guard end > position, let context = Self.romanContext[language],
      let value = RomanNumeral.value(text[position..<end]),
      text.at(position - 1)?.joinsDigits != true
    else { return nil }
    let number = WrittenNumber(whole: Scalars(String(value)))
    func ordinal(_ form: OrdinalForm, end: Int) -> WrittenValue {
      WrittenValue(kind: .ordinal(number, form), range: position..<end)
    }
    if let suffix = romanSuffix(text, end, value) { return ordinal(.nominative, end: suffix) }
    guard text.at(end)?.joinsDigits != true else { return nil }
    let cardinal = WrittenValue(kind: .number(number), range: position..<end)
    let isLong = end - position > 1
    if [.chinese, .japanese, .korean].contains(language) {
      let isMarked = text.at(end).map { "世세章章部卷册届".unicodeScalars.contains($0) } == true
      let before = text.at(text.lastNonSpace(before: position))
      let follows = before.map { $0.value >= 0x1100 && $0.isWord } == true && value < 40 && isLong
      return isMarked || follows ? cardinal : nil
    }
    guard !Self.sizes.contains(Scalars(text[position..<end])) else { return nil }
    let before = text.word(before: text.at(position - 2) == "." ? position - 2 : position)
    let hasPoint = text.at(end) == "."
    let next = text.word(at: text.at(hasPoint ? end + 1 : end) == " " ? (hasPoint ? end + 2 : end + 1) : text.count)
    if context.counted.contains(before) || context.joints.contains(before) && isLong && followsNumeral(text, position) {
      return cardinal
    }
    if context.ordinalWords.contains(before) {
      return ordinal(.nominative, end: hasPoint && language == .german ? end + 1 : end)
    }
    if let form = centuryForm(context, text, position, end, before, next) { return ordinal(form, end: end) }
    if context.pointsFirst {
      return hasPoint && (isLong || text[position] == "I") && text.at(end + 1) == " "
        ? ordinal(.nominative, end: end + 1) : nil
    }
    let name = text.at(position - 1) == " " ? nameBefore(text, position) : nil
    if name == nil || language == .czech && hasPoint && next.first?.isLowercase == true && before.isEmpty,
      let event = event(text, position, end, next, number)
    {
      return event
    }
    guard context.followsNames, let name, value <= 40 || end - position > 3,
      followsRuler(text, position, end, value, before)
    else { return nil }
    // `Benedikt XVI. kam`
    let hasOrdinalPoint = language == .german && hasPoint && next.first?.isLowercase == true
    if !context.isRuler(before), !hasOrdinalPoint { return cardinal }
    guard value <= context.highestOrdinal else { return cardinal }
    let start = position - 1 - name.unicodeScalars.count
    let isDative =
      language == .german && ["von", "unter", "bei", "mit", "zu", "nach", "seit"].contains(text.word(before: start))
    return ordinal(
      isDative ? .dative : NameForm.form(name, language), end: hasPoint && takesPoint(text, end) ? end + 1 : end)
  }

  /// The point of a German or Czech ordinal is not the end of a sentence where a word follows.
  private func takesPoint(_ text: Scalars, _ end: Int) -> Bool {
    language == .german || language == .czech && text.at(end + 1) == " "
  }

  private func followsRuler(_ text: Scalars, _ position: Int, _ end: Int, _ value: Int, _ before: String) -> Bool {
    if end - position > 1 { return true }
    switch text[position] {
    case "I": return ![.english, .french, .german].contains(language)
    case "V", "X": return Self.rulers.contains(before) || language == .dutch && text[position] == "V"
    default: return false
    }
  }

  /// `XIXe`, `Ier` in French, `XXe eeuw` in Dutch; `Le` and `Ce` are words.
  private func romanSuffix(_ text: Scalars, _ end: Int, _ value: Int) -> Int? {
    guard language == .french || language == .dutch, value < 50 else { return nil }
    let wordEnd = text.wordEnd(from: end, limit: 4)
    let ending = String(text[end..<wordEnd])
    if language == .dutch { return ["e", "ste", "de"].contains(ending) ? wordEnd : nil }
    return (value == 1 ? ["er", "re"].contains(ending) : ["e", "ème"].contains(ending)) ? wordEnd : nil
  }

  /// The form of an ordinal before a word for a century; also the first of `XIX i XX w.`
  private func centuryForm(
    _ context: RomanContext, _ text: Scalars, _ position: Int, _ end: Int, _ before: String, _ next: String
  ) -> OrdinalForm? {
    var word = next
    if let mark = text.at(end), "-–".unicodeScalars.contains(mark) || ["i", "и", "a", "e", "and"].contains(next) {
      let start = "-–".unicodeScalars.contains(mark) ? end + 1 : end + next.unicodeScalars.count + 2
      let second = RomanNumeral.end(text, from: start)
      guard second > start, RomanNumeral.value(text[start..<second]) != nil else { return nil }
      word = text.word(at: second + 1)
    }
    guard let form = context.centuries[word] else { return nil }
    if before == "przełomie" { return .genitive }
    let isIn = ["w", "в", "na", "we", "v", "ve", "во"].contains(before)
    return isIn && (form == .genitive || word.count == 1 && form == .nominative) ? .locative : form
  }

  /// `II Guerra Mundial`, `III Congreso`, `II wojna światowa`: an ordinal in the gender of the noun.
  private func event(
    _ text: Scalars, _ position: Int, _ end: Int, _ next: String, _ number: WrittenNumber
  ) -> WrittenValue? {
    let hasPoint = text.at(end) == "."
    guard next.count > 2, hasPoint == (language == .czech || language == .german) else { return nil }
    let isCapital = next.first?.isUppercase == true
    let isLong = end - position > 1
    switch language {
    case .spanish, .portuguese, .italian:
      // `la XV edición`
      let hasArticle = isLong && Self.articles.contains(text.word(before: position))
      guard isLong || text[position] == "I" || text[position] == "V",
        isCapital || hasArticle || Self.events.contains(next)
      else {
        return nil
      }
    case .polish, .russian:
      guard isLong || text[position] == "I", isCapital && isLong || Self.events.contains(next) else { return nil }
    case .czech: guard !isCapital, isLong || text[position] == "I" || text[position] == "V" else { return nil }
    case .german: guard isCapital, isLong || text[position] == "I" else { return nil }
    default: return nil
    }
    if language == .german {
      return WrittenValue(kind: .ordinalAdjective(number, noun: next), range: position..<(end + 1))
    }
    let form = NumeralAgreement(language: language).ordinalForm(next)
    return WrittenValue(kind: .ordinal(number, form), range: position..<(hasPoint ? end + 1 : end))
  }

  private static let articles = words("el la il lo o a os as los las del da do nel al ao no na nella della")

  private static let events: Set<String> = [
    "guerra", "mondiale", "congresso", "edizione", "campionato", "wojna", "wojny", "wojnie", "wojną", "miejsce",
    "klasa",
    "liceum", "edycja", "etap", "mapa", "мировая", "мировой", "место", "тур", "этап", "класс", "степени", "группа",
    "квартал", "половина", "квартале",
  ]

  /// The word of a name before the numeral: a capital and small letters.
  private func nameBefore(_ text: Scalars, _ position: Int) -> String? {
    var start = position - 1
    while position - start < 32, let letter = text.at(start - 1), letter.isWord || letter.isMark { start -= 1 }
    let name = text[start..<(position - 1)]
    guard name.count >= 3 || language == .hindi && name.count > 1 else { return nil }
    if language == .hindi { return text[start].value >= 0x900 ? String(name) : nil }
    return text[start].properties.isUppercase && name.dropFirst().allSatisfy(\.properties.isLowercase)
      ? String(name) : nil
  }

  /// `XVIII y XIX`.
  private func followsNumeral(_ text: Scalars, _ position: Int) -> Bool {
    let joint = text.word(before: position).unicodeScalars.count
    var start = position - joint - 2
    let end = start
    while end - start < 16, let letter = text.at(start - 1), letter.isWord { start -= 1 }
    return end - start > 1 && start >= 0 && RomanNumeral.value(text[start..<end]) != nil
  }

  /// Sizes of clothes.
  private static let sizes: [Scalars] = [Scalars("XL"), Scalars("XXL"), Scalars("L"), Scalars("C"), Scalars("CC")]

  /// Names after which a numeral is an ordinal in English and German; after others it counts parts (`Rocky IV`).
  static let rulers: Set<String> = words(
    "louis henry charles george edward elizabeth james richard william john paul pius benedict francis frederick "
      + "catherine peter alexander nicholas philip napoleon leopold otto mary leo gregory innocent urban clement "
      + "alfonso ferdinand ivan ramses darius ludwig heinrich karl georg eduard elisabeth jakob wilhelm johannes franz "
      + "friedrich katharina maximilian rudolf konrad joseph nikolaus philipp margrethe gustav christian papst pope king "
      + "queen könig kaiser paulus johann albert victoria umberto carlos felipe fernando enrique jorge luis pedro juan "
      + "carlo filippo enrico giorgio luigi pio henri filips hendrik willem karel jan karol jindřich václav boleslav "
      + "luís joão afonso manuel duarte ludwik zygmunt władysław kazimierz august фридрих генрих карл людовик пётр иван "
      + "павел александр николай")

  fileprivate static func words(_ words: String) -> Set<String> {
    Set(words.split(separator: " ").map(String.init))
  }

  struct RomanContext: Sendable {
    /// Words before a numeral that make it a count, lower case.
    var counted: Set<String> = []
    /// Words before a numeral that make it an ordinal.
    var ordinalWords: Set<String> = []
    var joints: Set<String> = []
    /// By the word after it.
    var centuries: [String: OrdinalForm] = [:]
    /// Whether the numeral precedes its noun with a full stop, as in `XIV. Louis`.
    var pointsFirst = false
    var followsNames = true
    /// Rulers up to this number are said with an ordinal, above it with a cardinal.
    var highestOrdinal = 40
    /// Whether only names of rulers take an ordinal.
    var needsRuler = false

    func isRuler(_ word: String) -> Bool { !needsRuler || ValueRecognizer.rulers.contains(word) }
  }

  private static let slavicParts = words(
    "rozdział rozdziale rozdziału tom tomu tomie część części kapitola kapitole díl díle část kniha глава главе том тома часть "
      + "книга раздел księga akt")

  private static let romanContext: [Language: RomanContext] = [
    .english: RomanContext(
      counted: words(
        "chapter part act volume book section phase type class level article war title appendix figure table mark "
          + "chapters parts type bowl tier schedule annex"),
      joints: ["and"], centuries: ["century": .nominative, "Century": .nominative], needsRuler: true),
    .spanish: RomanContext(
      counted: words(
        "siglos s siglo ss capítulo parte acto volumen tomo libro sección fase tipo clase nivel artículo guerra título "
          + "tabla figura anexo"),
      joints: ["y", "a", "al"], highestOrdinal: 10),
    .french: RomanContext(
      counted: words(
        "chapitre partie acte volume tome livre section phase type classe niveau article guerre titre tableau figure "
          + "annexe"),
      joints: ["et"], highestOrdinal: 1),
    .german: RomanContext(
      counted: words(
        "kapitel teil akt band buch abschnitt phase typ klasse stufe artikel tabelle abbildung weltkrieg hartz"),
      ordinalWords: words("der die das"), joints: ["und"], needsRuler: true),
    .italian: RomanContext(
      counted: words("parte volume tomo libro fase tipo classe livello tabella figura"),
      ordinalWords: words("secolo sec capitolo atto articolo titolo"), joints: ["e"],
      centuries: ["secolo": .nominative, "sec": .nominative]),
    .portuguese: RomanContext(
      counted: words(
        "séc sécs século séculos capítulo parte ato acto volume tomo livro secção seção fase tipo classe nível artigo "
          + "guerra título tabela figura anexo"),
      joints: ["e", "a", "ao"], highestOrdinal: 10),
    .polish: RomanContext(
      counted: slavicParts,
      centuries: ["w": .nominative, "wiek": .nominative, "wieku": .genitive, "wieków": .genitivePlural]),
    .russian: RomanContext(
      counted: slavicParts,
      centuries: [
        "век": .nominative, "века": .genitive, "веке": .locative, "в": .nominative, "вв": .genitivePlural,
        "веков": .genitivePlural, "столетия": .genitive, "столетие": .neuter,
      ]),
    .czech: RomanContext(counted: slavicParts),
    .dutch: RomanContext(
      counted: words("hoofdstuk deel boek fase type klasse wereldoorlog wo titel"), centuries: ["eeuw": .nominative]),
    .turkish: RomanContext(counted: words("bölüm cilt kısım tip"), pointsFirst: true),
    .hungarian: RomanContext(counted: words("fejezet kötet rész típus"), pointsFirst: true),
    .hindi: RomanContext(counted: words("अध्याय भाग खंड")),
    .chinese: RomanContext(), .japanese: RomanContext(), .korean: RomanContext(),
  ]
}

/// The case in which the name of a ruler stands: `Ludwigs des Vierzehnten`, `Pawła II`, `Екатерины II`.
enum NameForm {
  static func form(_ name: String, _ language: Language) -> OrdinalForm {
    let lower = name.lowercased()
    switch language {
    case .polish, .russian, .czech:
      if let form = oblique[language]?[lower] { return form }
      if ["ety", "ěty", "ины", "еты", "iny"].contains(where: lower.hasSuffix) { return .feminine }
      let isFeminine = lower.hasSuffix("a") && !lower.hasSuffix("ola") || lower.hasSuffix("а")
      return isFeminine ? .nominativeFeminine : .nominative
    case .german where lower.hasSuffix("s") && ValueRecognizer.rulers.contains(String(lower.dropLast())):
      return .genitive
    case .german:
      return ["elisabeth", "katharina", "maria", "margrethe", "victoria", "königin"].contains(lower)
        ? .nominativeFeminine : .nominative
    case .spanish, .italian, .portuguese:
      return lower.hasSuffix("a") || ["isabel", "elizabeth"].contains(lower) ? .nominativeFeminine : .nominative
    default: return .nominative
    }
  }

  private static let oblique: [Language: [String: OrdinalForm]] = [
    .polish: genitives(
      "pawła jana karola zygmunta stanisława władysława kazimierza augusta fryderyka ludwika mikołaja "
        + "aleksandra henryka wilhelma piotra"),
    .russian: genitives("петра николая александра павла ивана людовика карла фридриха генриха вильгельма"),
    .czech: genitives("karla rudolfa ludvíka pavla jana františka václava jindřicha viléma petra"),
  ]

  private static func genitives(_ names: String) -> [String: OrdinalForm] {
    Dictionary(
      names.split(separator: " ").map { (String($0), OrdinalForm.genitive) }, uniquingKeysWith: { first, _ in first })
  }
}
