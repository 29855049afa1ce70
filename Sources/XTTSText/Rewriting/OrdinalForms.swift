import SpeechCore

/// The forms of ordinals in a sentence, and their endings.
enum OrdinalForm: String, Sendable {
  case nominative, genitive, dative, locative, genitivePlural, nominativePlural, feminine, nominativeFeminine, neuter

  /// The ordinal's words, from the masculine nominative.
  func inflect(_ words: String, _ language: Language) -> String {
    guard let endings = Self.endings[language]?[self] else { return words }
    var parts = words.split(separator: " ").map(String.init)
    // In Polish and Czech the tens are ordinals too.
    let first = language == .russian ? parts.count - 1 : max(0, parts.count - 2)
    for index in first..<parts.count {
      // By scalars: a vowel sign of Hindi is part of a character.
      let word = Scalars(parts[index])
      guard let (old, new) = endings.first(where: { word.reversed().starts(with: $0.0.unicodeScalars.reversed()) })
      else { continue }
      parts[index] = String(word.dropLast(old.unicodeScalars.count)) + new
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
      .feminine: [("третий", "третьей"), ("ый", "ой"), ("ой", "ой")],
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
      .genitivePlural: [("ý", "ých"), ("í", "ích")], .feminine: [("ý", "é")], .nominativeFeminine: [("ý", "á")],
      .neuter: [("ý", "é")],
    ],
    .hindi: [.feminine: [("वाँ", "वीं"), ("ा", "ी")]],
    .german: [.genitive: [("te", "ten")], .locative: [("te", "ten")], .dative: [("te", "ten")]],
    .spanish: [.nominativeFeminine: [("o", "a")], .neuter: [("primero", "primer"), ("tercero", "tercer")]],
    .portuguese: [.nominativeFeminine: [("o", "a")]], .italian: [.nominativeFeminine: [("o", "a")]],
    .french: [.nominativeFeminine: [("premier", "première")]],
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
        .merging(words("веке г", .locative)) { $1 }.merging(words("году", .locative)) { $1 }.merging(
          words("год век", .nominative)
        ) { $1 },
      suffixes: suffixes(
        "-го genitive|-м locative|-х genitivePlural|-я nominativeFeminine|-й nominative|-ого genitive|-му dative|-ому dative"
          + "|-ом locative|-ых genitivePlural|-ая nominativeFeminine|-ый nominative|-ой nominative|-е neuter|-ое neuter"
          + "|-ые nominativePlural")),
    .polish: OrdinalContext(
      after: words(
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia wieku",
        .genitive
      ).merging(words("roku r", .locative)) { $1 }.merging(words("klasy", .feminine)) { $1 },
      before: words("lat latach", .genitivePlural).merging(words("lata", .nominativePlural)) { $1 }.merging(
        words("na w o po", .locative)
      ) { $1 },
      suffixes: suffixes(
        "-tych genitivePlural|-ych genitivePlural|-te nominativePlural|-tego genitive|-ego genitive|-go genitive|-tym locative"
          + "|-ty nominative|-ta nominativeFeminine|-tej feminine|-sty nominative|-szy nominative")),
    .czech: OrdinalContext(
      after: words(
        "ledna února března dubna května června července srpna září října listopadu prosince", .genitive
      ).merging(words("let letech", .genitivePlural)) { $1 },
      before: words("v ve na o po", .locative), needsPoint: true),
    .hindi: OrdinalContext(
      suffixes: ["ला", "ली", "ले", "रा", "री", "रे", "था", "थी", "ठा", "ठी"].map {
        (Scalars($0), Scalars($0).last == "ी" ? .feminine : .nominative)
      }, isSuffixOnly: true),
    .spanish: OrdinalContext(
      suffixes: suffixes(
        ".er neuter|er neuter|.º nominative|.ª nominativeFeminine|ros nominative|ro nominative|ra nominativeFeminine"
          + "|do nominative|da nominativeFeminine|to nominative|ta nominativeFeminine|mo nominative"
          + "|ma nominativeFeminine|vo nominative|va nominativeFeminine|no nominative|na nominativeFeminine"
          + "|ª nominativeFeminine"), isSuffixOnly: true),
    .portuguese: OrdinalContext(
      suffixes: suffixes(".º nominative|.ª nominativeFeminine|ª nominativeFeminine"), isSuffixOnly: true),
    .italian: OrdinalContext(suffixes: suffixes("ª nominativeFeminine"), isSuffixOnly: true),
    .french: OrdinalContext(
      suffixes: suffixes(
        "ères nominativeFeminine|ère nominativeFeminine|res nominativeFeminine|re nominativeFeminine|èmes nominative"
          + "|ndes nominativeFeminine|nde nominativeFeminine|nds nominative|nd nominative"), isSuffixOnly: true),
    .hungarian: OrdinalContext(
      suffixes: ["-án", "-én", "-jén", "-ján", "-i", "-ától", "-étől", "-ára", "-ére", "-áig", "-éig"].map {
        (Scalars($0), .nominative)
      },
      isSuffixOnly: true),
    .arabic: OrdinalContext(before: words("القرن المركز الطابق الدور الفصل الباب الجزء الصف الدرس اليوم", .nominative)),
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

  /// `ending form|…`
  private static func suffixes(_ lines: String) -> [(Scalars, OrdinalForm)] {
    lines.split(separator: "|").compactMap { line in
      let parts = line.split(separator: " ")
      return OrdinalForm(rawValue: String(parts[1])).map { (Scalars(parts[0]), $0) }
    }
  }

  private static func words(_ words: String, _ form: OrdinalForm) -> [String: OrdinalForm] {
    Dictionary(uniqueKeysWithValues: words.split(separator: " ").map { (String($0), form) })
  }
}
