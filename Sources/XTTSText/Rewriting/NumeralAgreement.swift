import SpeechCore

/// Number words in the gender of the noun that follows: `una hora`, `doscientas casas`, `две минуты`, `két alma`.
///
/// The gender comes from the noun's ending and from short lists of common nouns; without a sign of the gender the
/// words stay as they are.
struct NumeralAgreement: Sendable {
  let language: Language

  private enum Gender { case masculine, feminine, neuter }

  /// Whether the language has numerals that change at all.
  static let languages: Set<Language> = [
    .spanish, .portuguese, .italian, .french, .german, .polish, .russian, .czech, .hungarian,
    .arabic,
  ]

  /// - Parameters:
  ///   - words: the cardinal that `value` ends with.
  ///   - noun: the word after it.
  func agree(_ words: String, _ value: DecimalInteger, with noun: String) -> String {
    let rest = value.last(2)
    let unit = rest > 10 && rest < 20 && language != .hungarian ? 0 : rest % 10
    let noun = noun.lowercased()
    guard noun.count > 1, !Self.particles.contains(noun) else { return words }
    switch language {
    case .arabic:
      guard rest > 2, isArabicFeminine(noun, isPlural: rest < 11) else { return words }
      let (masculine, feminine) = ArabicNumbers.both(rest)
      return words.replacingEnding(of: [masculine: feminine])
    case .hungarian: return unit == 2 ? words.replacingEnding(of: ["kettő": "két"]) : words
    case .spanish:
      guard let gender = romance(noun) else { return words }
      let hundreds =
        gender == .feminine
        ? words.replacing("cientos", with: "cientas").replacing("quinientos", with: "quinientas") : words
      return hundreds.replacingEnding(
        of: gender == .feminine ? ["uno": "una"] : ["veintiuno": "veintiún", "uno": "un"])
    case .portuguese:
      guard romance(noun) == .feminine else { return words }
      return words.replacing("entos", with: "entas").replacingEnding(of: ["dois": "duas", "um": "uma"])
    case .italian:
      guard value.digits == [1], let gender = romance(noun) else { return words }
      return gender == .feminine ? "una" : "un"
    case .french: return unit == 1 && isFrenchFeminine(noun) ? words.replacingEnding(of: ["un": "une"]) : words
    case .german:
      guard value.digits == [1] else { return words }
      return Self.germanFeminine.contains(where: noun.hasSuffix) ? "eine" : "ein"
    case .russian:
      let gender = slavic(noun)
      if unit == 2 {
        if noun.hasPrefix("мужчин") || noun.hasPrefix("дн") { return words }
        return noun.hasSuffix("ы") || noun.hasSuffix("и") ? words.replacingEnding(of: ["два": "две"]) : words
      }
      guard unit == 1 else { return words }
      return words.replacingEnding(of: ["один": gender == .feminine ? "одна" : gender == .neuter ? "одно" : "один"])
    case .polish:
      if value.digits == [1] {
        let gender = slavic(noun)
        if noun.hasSuffix("ę") { return "jedną" }
        return gender == .feminine ? "jedna" : gender == .neuter ? "jedno" : words
      }
      if noun == "dzieci", let collective = Self.collectives[value.last(4)] { return collective }
      let isFew = (2...4).contains(unit)
      if value.digitCount < 4, Self.polishPersons.contains(where: noun.hasSuffix) || isFew && noun.hasSuffix("ów") {
        return NumberCase.genitive.inflect(words, .polish)
      }
      return unit == 2 && isFeminineStem(noun) ? words.replacingEnding(of: ["dwa": "dwie"]) : words
    case .czech:
      if value.digits == [1] {
        let gender = slavic(noun)
        if noun.hasSuffix("u") { return "jednu" }
        return gender == .feminine ? "jedna" : gender == .neuter ? "jedno" : "jeden"
      }
      let isDual = unit == 2 && (isFeminineStem(noun) || noun.hasSuffix("a"))
      return isDual ? words.replacingEnding(of: ["dva": "dvě"]) : words
    default: return words
    }
  }

  /// Whether the noun, in the singular, has a feminine ending.
  func isFeminine(_ noun: String) -> Bool {
    let noun = noun.lowercased()
    guard noun.count > 1, !Self.particles.contains(noun) else { return false }
    return switch language {
    case .spanish, .portuguese, .italian: romance(noun) == .feminine
    case .french: isFrenchFeminine(noun)
    case .russian: slavic(noun) == .feminine || noun.hasSuffix("ы") && noun.count > 3
    case .polish, .czech: slavic(noun) == .feminine || isFeminineStem(noun)
    default: false
    }
  }

  /// The form of an ordinal before the noun or its adjective.
  func ordinalForm(_ noun: String) -> OrdinalForm {
    let noun = noun.lowercased()
    switch language {
    case .polish where noun.hasSuffix("y") || noun.hasSuffix("ie"): return .feminine
    case .polish where noun.hasSuffix("go"): return .genitive
    case .russian where noun.hasSuffix("й") && noun.hasSuffix("ой") || noun.hasSuffix("и"): return .feminine
    case .russian where noun.hasSuffix("ле"): return .locative
    case .polish, .russian, .czech:
      let gender = slavic(noun)
      return gender == .feminine ? .nominativeFeminine : gender == .neuter ? .neuter : .nominative
    default: return isFeminine(noun) ? .nominativeFeminine : language == .spanish ? .neuter : .nominative
    }
  }

  private func romance(_ noun: String) -> Gender? {
    if Self.masculineInA.contains(where: noun.hasPrefix) { return .masculine }
    let stem = noun.hasSuffix("s") && language != .italian ? String(noun.dropLast()) : noun
    let feminine = [
      "a", "ã", "ción", "zione", "sione", "gione", "sión", "dad", "dade", "ção", "são", "gem", "ciones", "siones",
      "dades", "ções",
    ]
    if feminine.contains(where: stem.hasSuffix) || feminine.contains(where: noun.hasSuffix) { return .feminine }
    if Self.feminineOtherwise.contains(where: noun.hasPrefix) { return .feminine }
    guard noun.last?.isLetter == true, language == .italian || noun.hasSuffix("s") || "oelnr".contains(noun.last ?? " ")
    else { return nil }
    return .masculine
  }

  /// Three to ten take the plural, eleven and more the singular. Plurals in `ات` of verbal nouns and foreign units are
  /// masculine in the singular, and so are plurals in `ة`.
  private func isArabicFeminine(_ noun: String, isPlural: Bool) -> Bool {
    guard isPlural else { return noun.hasSuffix("ة") || Self.arabicFeminine.contains(noun) }
    if Self.arabicFemininePlurals.contains(noun) { return true }
    return noun.hasSuffix("ات") && !["ت", "ا", "إ"].contains(where: noun.hasPrefix)
      && !Self.arabicMasculinePlurals.contains(where: noun.hasSuffix)
  }

  private static let arabicFeminine: Set<String> = ["بنتا", "بنت", "أختا", "عينا", "يدا", "نفسا", "أرضا"]
  private static let arabicFemininePlurals: Set<String> = [
    "سنين", "دقائق", "ثوان", "ثواني", "ليال", "ليالي", "غرف", "مدن", "قصص", "نساء", "شقق", "صور", "قطع", "دول", "جزر",
    "نسخ", "علب", "جمل", "أسر", "قرى", "صفحات", "ملاعق",
  ]
  private static let arabicMasculinePlurals = [
    "مترات", "رامات", "ولترات", "دولارات", "ريالات", "جنيهات", "يوروهات", "يوروات", "مليارات", "قرارات", "طلبات",
    "مطارات", "خيارات", "حيوانات", "منتجات", "ملفات", "مشروعات", "حسابات", "قطارات", "باصات", "وات", "فولتات", "بايتات",
  ]

  private func isFrenchFeminine(_ noun: String) -> Bool {
    let stem = noun.hasSuffix("s") ? String(noun.dropLast()) : noun
    return ["tion", "sion", "té", "ette", "ure", "ance", "ence", "ée", "esse", "ine", "euse", "trice"]
      .contains(where: stem.hasSuffix)
      || [
        "heure", "minute", "seconde", "personne", "femme", "foi", "page", "semaine", "maison", "place", "fille",
        "tonne", "ligne",
        "chambre", "voix", "étoile", "livre", "rupie", "lire", "couronne", "boîte", "tasse", "table", "porte", "carte",
        "ville", "nuit", "pièce", "part", "bouteille", "cuillère",
      ].contains(stem)
  }

  private func slavic(_ noun: String) -> Gender {
    guard let last = noun.last, noun != "евро" else { return .masculine }
    if "ая".contains(last) || last == "a" || language == .czech && last == "á" || Self.slavicFeminine.contains(noun) {
      return .feminine
    }
    return "oеоё".contains(last) || (language == .polish || language == .czech) && "eéí".contains(last)
      ? .neuter : .masculine
  }

  /// Nouns in the plural that follow `dwie` and `dvě`.
  private func isFeminineStem(_ noun: String) -> Bool { Self.slavicFeminineStems.contains(where: noun.hasPrefix) }

  private static let collectives = [
    2: "dwoje", 3: "troje", 4: "czworo", 5: "pięcioro", 6: "sześcioro", 7: "siedmioro", 8: "ośmioro", 9: "dziewięcioro",
    10: "dziesięcioro",
  ]
  /// Persons, which take the genitive of every number.
  private static let polishPersons = [
    "mężczyzn", "studentów", "klientów", "pacjentów", "agentów", "pracowników", "uczestników", "użytkowników",
    "zawodników", "urzędników", "uczniów", "nauczycieli", "żołnierzy", "lekarzy", "piłkarzy", "mieszkańców", "chłopców",
    "kolegów", "panów", "gości", "synów", "braci", "ludzi", "kierowców", "widzów", "graczy", "posłów", "obywateli",
  ]

  private static let particles: Set<String> = [
    "de", "da", "das", "do", "dos", "na", "nas", "la", "las", "a", "as", "para", "por", "y", "e", "en", "em", "es",
    "el", "que", "o", "os", "con", "com", "del", "al", "se", "no", "si", "su", "sua", "desta", "esta", "está", "era",
    "fue", "foi", "hasta", "ha", "di", "il", "lo", "le", "un", "una", "uma", "cada", "per", "alla", "dalla", "della",
    "nella", "sulla", "fra", "tra", "zona", "и", "в", "на", "по", "до", "или", "для", "раза", "i", "w", "do", "za",
    "und", "von", "bis", "mit", "ist", "war", "zum", "im", "am", "bei", "km", "kg", "mil", "mille", "tarde", "manhã",
    "noche", "mañana", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre", "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre",
    "ottobre", "novembre", "dicembre", "percent", "milioni", "millones", "milhões",
  ]
  private static let masculineInA = [
    "grama", "quilograma", "miligrama", "día", "dia", "problema", "sistema", "programa", "tema", "mapa", "clima",
    "idioma", "kilo", "poema",
  ]
  private static let feminineOtherwise = [
    "mujer", "vez", "vece", "mulher", "pessoa", "noche", "noite", "tarde", "parte", "calle", "clase", "flor", "mano",
    "imagen", "imágen", "luz", "luces", "voz", "voces", "classe", "chave", "notte", "volt",
  ]
  static let germanFeminine = [
    "ung", "heit", "keit", "ion", "stunde", "minute", "sekunde", "woche", "person", "tonne", "frau", "seite", "flasche",
    "tasse", "dose", "packung", "karte", "stelle", "straße", "schule", "nacht", "million", "milliarde", "stufe",
    "etage",
    "lira", "krone", "rupie", "reihe", "runde", "nummer", "stadt", "hand", "prise",
  ]
  private static let slavicFeminine: Set<String> = [
    "ночь", "часть", "площадь", "noc", "část", "věc", "rzecz", "tysięczna", "тысяча",
  ]
  private static let slavicFeminineStems = [
    "godzin", "minut", "sekund", "osob", "kobiet", "książk", "stron", "koron", "sztuk", "ton", "butelk", "noc", "ulic",
    "łyż", "szklan", "hodin", "korun", "žen", "knih", "stránk", "ulic", "tun", "lžíc", "lahv", "libr", "rupi", "lir",
    "firm", "dziewczyn", "córk", "siostr", "dcer", "sestr", "holk", "kočk", "hvězd", "gwiazd", "miliard", "třetin",
    "čtvrtin",
    "míst", "patr",
  ]
}

extension String {
  /// The first ending that the text has, replaced.
  fileprivate func replacingEnding(of endings: [String: String]) -> String {
    for (old, new) in endings.sorted(by: { $0.key.count > $1.key.count }) where hasSuffix(old) {
      return String(dropLast(old.count)) + new
    }
    return self
  }
}
