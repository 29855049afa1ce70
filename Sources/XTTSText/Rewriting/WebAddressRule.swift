import SpeechCore

/// `https://www.example.org/a-b`, `www.example.org`, `ana@example.org`: read part by part, the signs by name.
struct WebAddressRule: RewriteRule {
  /// The words for ``signs``.
  private let words: [String]

  init(language: Language) {
    words = (Self.names[language] ?? "").split(separator: " ").map { String($0.replacing("_", with: " ")) }
  }

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

  /// In the order of ``signs``.
  private static let names: [Language: String] = [
    .english: "dot slash dash underscore at colon question_mark equals and hash tilde plus percent",
    .spanish:
      "punto barra guion guion_bajo arroba dos_puntos interrogación igual y almohadilla virgulilla más por_ciento",
    .french: "point slash tiret tiret_bas arobase deux_points point_d'interrogation égal et dièse tilde plus pour_cent",
    .german:
      "Punkt Schrägstrich Bindestrich Unterstrich ät Doppelpunkt Fragezeichen gleich und Raute Tilde plus Prozent",
    .italian:
      "punto barra trattino trattino_basso chiocciola due_punti punto_interrogativo uguale e cancelletto tilde più "
      + "per_cento",
    .portuguese: "ponto barra hífen sublinhado arroba dois_pontos interrogação igual e cardinal til mais por_cento",
    .polish: "kropka ukośnik myślnik podkreślnik małpa dwukropek znak_zapytania równa_się i krzyżyk tylda plus procent",
    .turkish: "nokta eğik_çizgi tire alt_çizgi et iki_nokta soru_işareti eşittir ve diyez tilde artı yüzde",
    .russian: "точка слэш дефис подчёркивание собака двоеточие вопросительный_знак равно и решётка тильда плюс процент",
    .dutch: "punt schuine_streep streepje liggend_streepje apenstaartje dubbele_punt vraagteken is en hekje tilde plus "
      + "procent",
    .czech: "tečka lomítko pomlčka podtržítko zavináč dvojtečka otazník rovná_se a křížek vlnovka plus procento",
    .hungarian: "pont perjel kötőjel aláhúzás kukac kettőspont kérdőjel egyenlő és kettőskereszt hullámvonal plusz "
      + "százalék",
    .arabic: "دوت سلاش شرطة شرطة_سفلية آت نقطتان علامة_استفهام يساوي و هاش تيلدا زائد بالمئة",
    .hindi: "डॉट स्लैश डैश अंडरस्कोर एट कोलन प्रश्नचिह्न बराबर और हैश टिल्ड प्लस प्रतिशत",
    .chinese: "点 斜杠 横杠 下划线 at 冒号 问号 等于 和 井号 波浪号 加 百分号",
    .japanese: "ドット スラッシュ ハイフン アンダーバー アットマーク コロン クエスチョン イコール アンド シャープ チルダ プラス パーセント",
    .korean: "닷 슬래시 하이픈 밑줄 골뱅이 콜론 물음표 이퀄 앤드 샵 물결 플러스 퍼센트",
  ]
}
