import SpeechCore

/// The words for signs and for the joints of values in one language.
struct SpokenSigns: Sendable {
  enum Sign: Int, Sendable {
    case minus, plus, equals, times, divided, number, at, and, point, joint, ratio, range, half, power
  }

  private let words: [String]

  init(_ language: Language) {
    words = (Self.table[language] ?? "").split(separator: " ", omittingEmptySubsequences: false)
      .map { String($0.replacing("_", with: " ")) }
  }

  subscript(sign: Sign) -> String { sign.rawValue < words.count ? words[sign.rawValue] : "" }

  /// In the order of ``Sign``; an underscore stands for a space. `joint` joins money and its hundredths.
  private static let table: [Language: String] = [
    .english: "minus plus equals times divided_by number at and point and to to half to_the_power_of",
    .spanish: "menos más igual_a por entre número arroba y punto con a a medio elevado_a",
    .french: "moins plus égale fois divisé_par numéro arobase et point  à à demi puissance",
    .german: "minus plus gleich mal geteilt_durch Nummer ät und Punkt und zu bis halb hoch",
    .italian: "meno più uguale_a per diviso numero chiocciola e punto e a a mezzo elevato_a",
    .portuguese: "menos mais igual_a vezes dividido_por número arroba e ponto e a a meio elevado_a",
    .polish: "minus plus równa_się razy podzielić_przez numer małpa i kropka i   pół do_potęgi",
    .turkish: "eksi artı eşittir çarpı bölü numara et ve nokta   ile yarım üzeri",
    .russian: "минус плюс равно умножить_на разделить_на номер собака и точка и   половину в_степени",
    .dutch: "min plus is_gelijk_aan keer gedeeld_door nummer at en punt en  tot een_halve tot_de_macht",
    .czech: "minus plus rovná_se krát děleno číslo zavináč a tečka a  až půl na",
    .arabic: "ناقص زائد يساوي ضرب على رقم آت و نقطة و  إلى نصف أس",
    .chinese: "减 加 等于 乘 除以 第 at 和 点 点 比 到 二分之一 的_次方",
    .japanese: "引く 足す は かける 割る ナンバー アットマーク アンド 点 と 対 から 二分の一 の_乗",
    .korean: "빼기 더하기 는 곱하기 나누기 번호 골뱅이 앤드 점  대 에서 이_분의_일 의_승",
    .hungarian: "mínusz meg egyenlő szorozva osztva szám kukac és pont és   fél a_hatványon",
    .hindi: "माइनस प्लस बराबर गुणा भाग नंबर एट और डॉट   से आधा की_घात",
  ]

  /// `-5`: the word where it is not the operator's.
  static let negative: [Language: String] = [.arabic: "سالب", .chinese: "负", .japanese: "マイナス", .korean: "영하"]
  static let positive: [Language: String] = [.hungarian: "plusz", .chinese: "正", .japanese: "プラス", .korean: "영상"]
}
