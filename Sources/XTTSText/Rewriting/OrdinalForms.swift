import SpeechCore

/// The forms of ordinals in a sentence, and their endings.
enum OrdinalForm: Equatable, Sendable {
  case nominative, genitive, dative, locative, genitivePlural, nominativePlural, feminine, nominativeFeminine, neuter

  /// The ordinal's words, from the masculine nominative.
  func inflect(_ words: String, _ language: Language) -> String {
    guard let endings = Self.endings[language]?[self] else { return words }
    var parts = words.split(separator: " ").map(String.init)
    // In Polish and Czech the tens are ordinals too.
    let first = language == .russian ? parts.count - 1 : max(0, parts.count - 2)
    for index in first..<parts.count {
      guard let (old, new) = endings.first(where: { parts[index].hasSuffix($0.0) }) else { continue }
      parts[index] = String(parts[index].dropLast(old.count)) + new
    }
    return parts.joined(separator: " ")
  }

  private static let endings: [Language: [OrdinalForm: [(String, String)]]] = [
    .russian: [
      .genitive: [("третий", "третьего"), ("ый", "ого"), ("ой", "ого")],
      .locative: [("третий", "третьем"), ("ый", "ом"), ("ой", "ом")],
      .dative: [("третий", "третьему"), ("ый", "ому"), ("ой", "ому")],
      .nominativePlural: [("третий", "третьи"), ("ый", "ые"), ("ой", "ые")],
      .neuter: [("третий", "третье"), ("ый", "ое"), ("ой", "ое")],
      .nominativeFeminine: [("третий", "третья"), ("ый", "ая"), ("ой", "ая")],
      .genitivePlural: [("третий", "третьих"), ("ый", "ых"), ("ой", "ых")],
      .feminine: [("третий", "третья"), ("ый", "ая"), ("ой", "ая")],
    ],
    .polish: [
      .genitive: [("trzy", "trzy"), ("cztery", "cztery"), ("y", "ego"), ("ci", "ciego"), ("gi", "giego")],
      .locative: [("trzy", "trzy"), ("cztery", "cztery"), ("y", "ym"), ("ci", "cim"), ("gi", "gim")],
      .genitivePlural: [("trzy", "trzy"), ("cztery", "cztery"), ("y", "ych"), ("ci", "cich"), ("gi", "gich")],
      .neuter: [("trzy", "trzy"), ("cztery", "cztery"), ("y", "e"), ("ci", "cie"), ("gi", "gie")],
      .nominativePlural: [("trzy", "trzy"), ("cztery", "cztery"), ("y", "e"), ("ci", "cie"), ("gi", "gie")],
      .nominativeFeminine: [("trzy", "trzy"), ("cztery", "cztery"), ("y", "a"), ("ci", "cia"), ("gi", "ga")],
      .feminine: [("trzy", "trzy"), ("cztery", "cztery"), ("y", "ej"), ("ci", "ciej"), ("gi", "giej")],
    ],
    .czech: [
      .genitive: [("ý", "ého"), ("í", "ího")], .locative: [("ý", "ém"), ("í", "ím")],
      .genitivePlural: [("ý", "ých"), ("í", "ích")], .feminine: [("ý", "á")], .nominativeFeminine: [("ý", "á")],
      .neuter: [("ý", "é")],
    ],
    .hindi: [.feminine: [("वाँ", "वीं"), ("ा", "ी")]],
    .german: [
      .genitive: [("te", "ten")], .locative: [("te", "ten")],
    ],
  ]
}

/// The words around a number that make it an ordinal, in one language.
struct OrdinalContext: Sendable {
  /// By the word that follows.
  var after: [String: OrdinalForm] = [:]
  /// By the word before, where the one that follows does not decide.
  var before: [String: OrdinalForm] = [:]
  /// By the ending written after the digits.
  var suffixes: [(Scalars, OrdinalForm)] = []
  /// Whether only the endings after the digits decide.
  var isSuffixOnly = false
  /// Whether a full stop after the digits is needed; with it, the word before decides.
  var needsPoint = false

  static let table: [Language: OrdinalContext] = [
    .russian: OrdinalContext(
      after: words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря года", .genitive)
        .merging(words("году веке г", .locative)) { $1 }.merging(words("год век", .nominative)) { $1 },
      suffixes: [
        (Scalars("-го"), .genitive), (Scalars("-м"), .locative), (Scalars("-х"), .genitivePlural),
        (Scalars("-я"), .feminine), (Scalars("-й"), .nominative), (Scalars("-ого"), .genitive),
        (Scalars("-му"), .dative), (Scalars("-ому"), .dative), (Scalars("-ом"), .locative),
        (Scalars("-ых"), .genitivePlural),
        (Scalars("-ая"), .feminine), (Scalars("-ый"), .nominative), (Scalars("-ой"), .nominative),
        (Scalars("-е"), .neuter), (Scalars("-ое"), .neuter),
        (Scalars("-ые"), .nominativePlural),
      ]),
    .polish: OrdinalContext(
      after: words(
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia wieku",
        .genitive
      ).merging(words("roku r", .locative)) { $1 }.merging(words("klasy", .feminine)) { $1 },
      before: words("lat latach", .genitivePlural).merging(words("lata", .nominativePlural)) { $1 }.merging(
        words("na w o po", .locative)
      ) { $1 }),
    .czech: OrdinalContext(
      after: words(
        "ledna února března dubna května června července srpna září října listopadu prosince", .genitive
      ).merging(words("let letech", .genitivePlural)) { $1 },
      before: words("v ve na o po", .locative), needsPoint: true),
    .hindi: OrdinalContext(
      suffixes: ["ला", "ली", "ले", "रा", "री", "रे", "था", "थी", "ठा", "ठी"].map {
        (Scalars($0), $0.hasSuffix("ी") ? .feminine : .nominative)
      }, isSuffixOnly: true),
    .hungarian: OrdinalContext(
      suffixes: ["-án", "-én", "-jén", "-ján", "-i", "-ától", "-étől", "-ára", "-ére", "-áig", "-éig"].map {
        (Scalars($0), .nominative)
      },
      isSuffixOnly: true),
    .arabic: OrdinalContext(before: words("القرن", .nominative)),
    .german: OrdinalContext(
      after: words(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember", .locative),
      before: words("am im vom zum dem den des beim zur", .locative), needsPoint: true),
  ]

  /// `القرن التاسع عشر`: centuries with their article.
  static func arabicCentury(_ value: Int) -> String? {
    let ones = [
      "", "الحادي", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع", "العاشر",
    ]
    switch value {
    case 1: return "الأول"
    case 2...10: return ones[value]
    case 11...19: return ones[value - 10] + " عشر"
    case 20: return "العشرون"
    case 21...29: return ones[value - 20] + " والعشرون"
    default: return nil
    }
  }

  private static func words(_ words: String, _ form: OrdinalForm) -> [String: OrdinalForm] {
    Dictionary(uniqueKeysWithValues: words.split(separator: " ").map { (String($0), form) })
  }
}
