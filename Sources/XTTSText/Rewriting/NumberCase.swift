import SpeechCore

/// The cases of Russian, Polish and Czech cardinals: `от пяти до десяти`, `do stu złotych`, `s pěti lidmi`.
enum NumberCase: Int, Sendable {
  case genitive, dative, instrumental, locative

  /// The case after a preposition or before a noun with the ending of a case; nil for the nominative and for other languages.
  init?(language: Language, before preposition: String, noun: String = "") {
    guard let prepositions = Self.prepositions[language], let endings = Self.endings[language] else { return nil }
    let noun = noun.lowercased()
    for (ending, form) in endings where noun.count > ending.count + 1 && noun.hasSuffix(ending) {
      self = form
      return
    }
    guard let form = prepositions[preposition] else { return nil }
    self = form
  }

  /// The case of the number at `range`.
  init?(language: Language, around range: Range<Int>, in text: Scalars, usesNoun: Bool = true) {
    guard Self.prepositions[language] != nil else { return nil }
    let last = text.lastNonSpace(before: range.lowerBound)
    // `ok. 5 km`
    let isShort = last > 0 && text[last] == "." && ["ok", "ок"].contains(text.lowerWord(endingAt: last))
    let before = text.lowerWord(endingAt: isShort ? last : last + 1)
    let noun = text.at(range.upperBound) == " " ? text.word(at: range.upperBound + 1) : ""
    // `с 9 до 17`
    if ["с", "со", "z"].contains(before), ["до", "по", "do"].contains(noun) {
      self = .genitive
      return
    }
    self.init(language: language, before: before, noun: usesNoun ? noun : "")
  }

  static func genitiveAfter(_ preposition: String, _ language: Language) -> NumberCase? {
    language == .russian || language == .czech ? NumberCase(language: language, before: preposition) : nil
  }

  /// The words of a cardinal in this case.
  func inflect(_ words: String, _ language: Language) -> String {
    words.split(separator: " ").map { form(String($0), language) ?? String($0) }.joined(separator: " ")
  }

  private func form(_ word: String, _ language: Language) -> String? {
    if let forms = Self.irregular[language]?[word] { return forms[min(rawValue, forms.count - 1)] }
    switch language {
    case .russian where word.hasSuffix("ь"):
      return String(word.dropLast()) + (self == .instrumental ? "ью" : "и")
    case .russian where word.hasSuffix("десят"):
      let stem = String(word.dropLast(6))
      return self == .instrumental ? stem + "ьюдесятью" : stem + "идесяти"
    case .russian where word.hasSuffix("сот"):
      let stem = String(word.dropLast(4))
      return self == .instrumental ? stem + "ьюстами" : stem + "и" + ["сот", "стам", "", "стах"][rawValue]
    case .polish where word.hasSuffix("naście"): return String(word.dropLast(4)) + "stu"
    case .polish where word.hasSuffix("dziesiąt"): return String(word.dropLast(8)) + "dziesięciu"
    case .polish where word.hasSuffix("ęć"): return String(word.dropLast(2)) + "ęciu"
    case .czech where word.hasSuffix("cet") || word.hasSuffix("náct"): return word + "i"
    default: return nil
    }
  }

  private static let prepositions: [Language: [String: NumberCase]] = [
    .russian: table(
      "от до из без около ок более менее свыше после для у против кроме среди больше меньше порядка течение",
      "к благодаря", "между перед над", "о об при"),
    .polish: table(
      "od do z ze bez dla około ok powyżej poniżej spośród u wśród obok", "ku dzięki", "między przed nad pod",
      "o po przy"),
    .czech: table("od do z ze bez kolem okolo u během kromě podle", "k ke kvůli", "mezi před nad pod s se", "o po při"),
  ]

  private static func table(_ cases: String...) -> [String: NumberCase] {
    var table: [String: NumberCase] = [:]
    for (index, words) in cases.enumerated() {
      for word in words.split(separator: " ") { table[String(word)] = NumberCase(rawValue: index) }
    }
    return table
  }

  private static let endings: [Language: [(String, NumberCase)]] = [
    .russian: [
      ("ами", .instrumental), ("ями", .instrumental), ("ьми", .instrumental), ("ах", .locative), ("ях", .locative),
      ("ам", .dative), ("ям", .dative),
    ],
    .polish: [("ami", .instrumental), ("ach", .locative), ("om", .dative)],
    .czech: [("ami", .instrumental), ("emi", .instrumental), ("ech", .locative), ("ách", .locative), ("ům", .dative)],
  ]

  /// Genitive, dative, instrumental, locative.
  private static let irregular: [Language: [String: [String]]] = [
    .russian: forms(
      "ноль нуля нулю нулём нуле|один одного одному одним одном|одна одной одной одной одной|два двух двум двумя двух"
        + "|две двух двум двумя двух|три трёх трём тремя трёх|четыре четырёх четырём четырьмя четырёх"
        + "|восемь восьми восьми восемью восьми|сорок сорока|девяносто девяноста|сто ста"
        + "|двести двухсот двумстам двумястами двухстах|триста трёхсот трёмстам тремястами трёхстах"
        + "|четыреста четырёхсот четырёмстам четырьмястами четырёхстах|восемьсот восьмисот восьмистам восемьюстами восьмистах"
        + "|восемьдесят восьмидесяти восьмидесяти восемьюдесятью восьмидесяти"
        + "|тысяча тысячи тысяче тысячей тысяче|тысячи тысяч тысячам тысячами тысячах"
        + "|тысяч тысяч тысячам тысячами тысячах|миллион миллиона миллиону миллионом миллионе"
        + "|миллиона миллионов миллионам миллионами миллионах|миллионов миллионов миллионам миллионами миллионах"),
    .polish: forms(
      "jeden jednego jednemu jednym jednym|jedna jednej jednej jedną jednej|dwa dwóch dwóm dwoma dwóch"
        + "|dwie dwóch dwóm dwiema dwóch|trzy trzech trzem trzema trzech|cztery czterech czterem czterema czterech"
        + "|sześć sześciu|siedem siedmiu|osiem ośmiu|jedenaście jedenastu|dwanaście dwunastu|dwadzieścia dwudziestu"
        + "|trzydzieści trzydziestu|czterdzieści czterdziestu|sto stu|dwieście dwustu|trzysta trzystu"
        + "|czterysta czterystu|pięćset pięciuset|sześćset sześciuset|siedemset siedmiuset|osiemset ośmiuset"
        + "|dziewięćset dziewięciuset|tysiąc tysiąca tysiącowi tysiącem tysiącu|tysiące tysięcy tysiącom tysiącami tysiącach"
        + "|tysięcy tysięcy tysiącom tysiącami tysiącach|milion miliona milionowi milionem milionie"
        + "|miliony milionów milionom milionami milionach|milionów milionów milionom milionami milionach"),
    .czech: forms(
      "jeden jednoho jednomu jedním jednom|jedna jedné jedné jednou jedné|dva dvou dvěma dvěma dvou"
        + "|dvě dvou dvěma dvěma dvou|tři tří třem třemi třech|čtyři čtyř čtyřem čtyřmi čtyřech|pět pěti|šest šesti"
        + "|sedm sedmi|osm osmi|devět devíti|deset deseti|padesát padesáti|šedesát šedesáti|sedmdesát sedmdesáti"
        + "|osmdesát osmdesáti|devadesát devadesáti|sto sta stu stem stu|stě set stům sty stech"
        + "|sta set stům sty stech|set set stům sty stech|tisíc tisíce tisíci tisícem tisíci"),
  ]

  private static func forms(_ lines: String) -> [String: [String]] {
    Dictionary(
      lines.split(separator: "|").map { line in
        let words = line.split(separator: " ").map(String.init)
        return (words[0], Array(words.dropFirst()))
      }, uniquingKeysWith: { first, _ in first })
  }
}
