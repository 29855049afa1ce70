import SpeechCore

/// Finds the language of a text among a model's languages: first by script, then by letters and frequent words.
struct LanguageDetector {
  let languages: [Language]

  /// Nil where the text has no sign of one language, or of two alike.
  func language(of text: String) -> Language? {
    let sample = text.prefix(2_000).lowercased()
    if let script = dominantScript(of: sample), script != .latin {
      let candidates = languages.filter { Self.scripts[$0.rawValue] == script }
      if candidates.count <= 1 { return candidates.first }
      return best(of: candidates, sample, needed: 1)
    }
    return best(of: languages.filter { Self.scripts[$0.rawValue, default: .latin] == .latin }, sample, needed: 2)
  }

  enum Script { case latin, cyrillic, arabic, devanagari, han, kana, hangul, greek, thai, hebrew }

  /// The script of most letters. Kana decide over Chinese characters, which Japanese has too.
  private func dominantScript(of text: String) -> Script? {
    var counts: [Script: Int] = [:]
    for scalar in text.unicodeScalars { if let script = Self.script(of: scalar) { counts[script, default: 0] += 1 } }
    if let kana = counts[.kana], kana * 10 >= counts[.han] ?? 0 { counts[.kana] = kana + (counts[.han] ?? 0) }
    // A Chinese character or a syllable of Hangul is about two letters.
    for script in [Script.han, .hangul, .kana] { counts[script] = counts[script].map { $0 * 2 } }
    return counts.max { ($0.value, "\($0.key)") < ($1.value, "\($1.key)") }?.key
  }

  private static func script(of scalar: Unicode.Scalar) -> Script? {
    switch scalar.value {
    case 0x61...0x7A, 0xDF...0xF6, 0xF8...0x24F, 0x1E00...0x1EFF: .latin
    case 0x370...0x3FF: .greek
    case 0x400...0x52F: .cyrillic
    case 0x590...0x5FF: .hebrew
    case 0x600...0x6FF, 0x750...0x77F: .arabic
    case 0x900...0x97F: .devanagari
    case 0xE00...0xE7F: .thai
    case 0x3040...0x30FF: .kana
    case 0x1100...0x11FF, 0xAC00...0xD7A3: .hangul
    case 0x3400...0x4DBF, 0x4E00...0x9FFF: .han
    default: nil
    }
  }

  /// The language with the most signs, if there are enough and another one has fewer.
  private func best(of candidates: [Language], _ text: String, needed: Int) -> Language? {
    let words = text.split { !$0.isLetter && $0 != "'" }.map(String.init)
    let letters = Set(text)
    let scores = candidates.compactMap { language -> (language: Language, score: Int)? in
      guard let signs = Self.signs[language.rawValue] else { return nil }
      let own = letters.count { signs.letters.contains($0) }
      return (language, words.count { signs.words.contains($0) } * 2 + own * 3)
    }.sorted { $0.score > $1.score }
    guard let first = scores.first, first.score >= needed else { return nil }
    return scores.count > 1 && scores[1].score == first.score ? nil : first.language
  }

  private static let scripts: [String: Script] = [
    "ru": .cyrillic, "uk": .cyrillic, "bg": .cyrillic, "sr": .cyrillic, "ar": .arabic, "fa": .arabic, "ur": .arabic,
    "hi": .devanagari, "mr": .devanagari, "ne": .devanagari, "zh-cn": .han, "ja": .kana, "ko": .hangul, "el": .greek,
    "th": .thai, "he": .hebrew,
  ]

  /// Frequent short words, and letters that the others rarely have.
  private static let signs: [String: (words: Set<String>, letters: Set<Character>)] = [
    "en": sign(
      "the and of to is was it that you for with are this have not what i'm don't on at be from we they he she his her will would hello please",
      ""),
    "es": sign(
      "el la los las de que y en un una es por con para no se lo su como está pero más qué hola muy todo", "ñ¿¡"),
    "fr": sign(
      "le la les des et est un une du que qui dans pour pas vous nous je il elle sur avec ce cette au c'est bonjour sont",
      "œùçê"),
    "de": sign(
      "der die das und ist nicht ein eine ich wir sie mit auf für den dem zu von es war haben wird auch guten wie",
      "ßäöü"),
    "it": sign(
      "il lo gli di che è un una non per con sono della del questo ma come più anche ci si ciao nel alla", "ìò"),
    "pt": sign(
      "o os as de que e um uma não para com por é do da em no na você mas como mais muito está isso olá são", "ãõ"),
    "pl": sign("i w nie na się z że do to jest jak co tak ale od po za dla czy był dzień dobry", "łąęśćżźń"),
    "tr": sign("ve bir bu için de da ne çok var ama gibi daha ben sen değil olan kadar merhaba mi", "ğşı"),
    "nl": sign("de het een en van is niet dat ik je op te zijn voor met maar ook we wij deze naar dag aan hebben", ""),
    "cs": sign("a je se na v že to s z do o jsem si jak ale tak pro by co dobrý jsou", "ěřůčšž"),
    "hu": sign("a az és hogy nem egy is ez van de meg csak volt már mint ha jó napot én", "őű"),
    "vi": sign(
      "và là của có không một những được cho trong tôi này với", "đơưạảấầẩậắằẳặẹẻẽếềểễệịỉọỏốồổỗộớờởợụủứừửữựỳỵỷỹ"),
    "ar": sign("في من على أن إلى هذا التي مع", "ةىأإ"), "fa": sign("است که این را با برای از و", "پچژگکی"),
    "ru": sign("и в не на я что он с как это", "ыэъё"), "uk": sign("і в не на що з як це та є", "їєґі"),
  ]

  private static func sign(_ words: String, _ letters: String) -> (words: Set<String>, letters: Set<Character>) {
    (Set(words.split(separator: " ").map(String.init)), Set(letters))
  }
}
