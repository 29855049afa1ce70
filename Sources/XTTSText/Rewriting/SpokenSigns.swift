import SpeechCore

/// The words for signs and for the joints of values in one language.
struct SpokenSigns: Sendable {
  enum Sign: Int, Sendable {
    case minus, plus, equals, times, divided, number, at, and, point, joint, ratio, range, half, power, by, less,
      greater, atMost, atLeast, about, plusMinus, root, squared, cubed, slash, differs
  }

  private let words: [String]

  init(_ language: Language) {
    words = (Self.table[language] ?? "").split(separator: " ", omittingEmptySubsequences: false)
      .map { String($0.replacing("_", with: " ")) }
  }

  subscript(sign: Sign) -> String { sign.rawValue < words.count ? words[sign.rawValue] : "" }

  /// In the order of ``Sign``; an underscore stands for a space. `joint` joins money and its hundredths.
  private static let table: [Language: String] = [
    .english: "minus plus equals times divided_by number at and point and to to half to_the_power_of "
      + "by less_than greater_than at_most at_least about plus_or_minus root squared cubed slash is_not_equal_to",
    .spanish: "menos más igual_a por entre número arroba y punto con a a medio elevado_a "
      + "por menor_que mayor_que menor_o_igual_que mayor_o_igual_que aproximadamente más_menos raíz_de al_cuadrado al_cubo barra distinto_de",
    .french: "moins plus égale fois divisé_par numéro arobase et point  à à demi puissance "
      + "sur inférieur_à supérieur_à inférieur_ou_égal_à supérieur_ou_égal_à environ plus_ou_moins racine_de au_carré au_cube sur différent_de",
    .german: "minus plus gleich mal geteilt_durch Nummer ät und Punkt und zu bis halb hoch "
      + "mal kleiner_als größer_als kleiner_gleich größer_gleich ungefähr plus_minus Wurzel_aus hoch_zwei hoch_drei Schrägstrich ungleich",
    .italian: "meno più uguale_a per diviso numero chiocciola e punto e a  mezzo elevato_a "
      + "per minore_di maggiore_di minore_o_uguale_a maggiore_o_uguale_a circa più_o_meno radice_di al_quadrato al_cubo barra diverso_da",
    .portuguese: "menos mais igual_a vezes dividido_por número arroba e ponto e a a meio elevado_a "
      + "por menor_que maior_que menor_ou_igual_a maior_ou_igual_a aproximadamente mais_ou_menos raiz_de ao_quadrado ao_cubo barra diferente_de",
    .polish: "minus plus równa_się razy podzielić_przez numer małpa i kropka i   pół do_potęgi "
      + "na mniejsze_niż większe_niż co_najwyżej co_najmniej około plus_minus pierwiastek_z do_kwadratu do_sześcianu łamane_przez nie_równa_się",
    .turkish: "eksi artı eşittir çarpı bölü numara et ve nokta   ile yarım üzeri "
      + "çarpı küçüktür büyüktür küçük_eşittir büyük_eşittir yaklaşık artı_eksi karekök kare küp bölü eşit_değildir",
    .russian: "минус плюс равно умножить_на разделить_на номер собака и точка и   половину в_степени "
      + "на меньше больше меньше_или_равно больше_или_равно приблизительно плюс-минус корень_из в_квадрате в_кубе дробь не_равно",
    .dutch: "min plus is_gelijk_aan keer gedeeld_door nummer at en punt en  tot een_halve tot_de_macht "
      + "bij kleiner_dan groter_dan hoogstens minstens ongeveer plus_of_min wortel_van kwadraat tot_de_derde schuine_streep is_ongelijk_aan",
    .czech: "minus plus rovná_se krát děleno číslo zavináč a tečka a  až půl na "
      + "krát menší_než větší_než nejvýše nejméně přibližně plus_minus odmocnina_z na_druhou na_třetí lomeno nerovná_se",
    .arabic: "ناقص زائد يساوي ضرب على رقم آت و نقطة و  إلى نصف أس "
      + "في أصغر_من أكبر_من أصغر_من_أو_يساوي أكبر_من_أو_يساوي تقريبا زائد_أو_ناقص جذر تربيع تكعيب على لا_يساوي",
    .chinese: "减 加 等于 乘 除以 第 at 和 点 点 比 到 二分之一 的_次方 "
      + "乘 小于 大于 小于等于 大于等于 约等于 正负 根号 平方 立方 斜杠 不等于",
    .japanese: "引く 足す は かける 割る ナンバー アットマーク アンド 点 と 対 から 二分の一 の_乗 "
      + "かける 小なり 大なり 以下 以上 約 プラスマイナス ルート の二乗 の三乗 スラッシュ ノットイコール",
    .korean: "빼기 더하기 는 곱하기 나누기 번호 골뱅이 앤드 점  대 에서 이_분의_일 의_승 "
      + "곱하기 작다 크다 작거나_같다 크거나_같다 약 플러스_마이너스 루트 제곱 세제곱 슬래시 같지_않다",
    .hungarian: "mínusz meg egyenlő szorozva osztva szám kukac és pont és   fél a_hatványon "
      + "szorozva kisebb_mint nagyobb_mint legfeljebb legalább körülbelül plusz-mínusz gyök négyzet köb per nem_egyenlő",
    .hindi: "माइनस प्लस बराबर गुणा भाग नंबर एट और डॉट   से आधा की_घात "
      + "गुणा छोटा बड़ा अधिकतम न्यूनतम लगभग प्लस_माइनस वर्गमूल वर्ग घन बटा बराबर_नहीं",
  ]

  /// `-5`: the word where it is not the operator's.
  static let negative: [Language: String] = [.arabic: "سالب", .chinese: "负", .japanese: "マイナス", .korean: "마이너스"]
  static let positive: [Language: String] = [.hungarian: "plusz", .chinese: "正", .japanese: "プラス", .korean: "플러스"]
  /// In the languages without a form of ICU's that is said.
  static let percent: [Language: String] = [
    .english: "percent", .spanish: "por ciento", .french: "pour cent", .german: "Prozent", .italian: "per cento",
    .portuguese: "por cento", .dutch: "procent", .hungarian: "százalék",
  ]
}
