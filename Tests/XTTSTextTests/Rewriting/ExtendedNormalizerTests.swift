import SpeechCore
import Testing

@testable import XTTSText

/// The results of the extended rules for each kind of text. The tables are the specification of the rules.
@Suite struct ExtendedNormalizerTests {
  typealias Example = (text: String, spoken: String)

  private func check(_ language: Language, _ example: Example) throws {
    let frontend = try GoldenFiles.readingFrontend()
    #expect(try frontend.normalize(example.text, language: language, mode: .extended) == example.spoken)
  }

  @Test(
    arguments: [
      ("Meet me at 12:30 on 2024-05-03.", "meet me at twelve thirty on may third, twenty twenty-four."),
      (
        "It was 9:05 pm, then 12:00, then 23:15:10.",
        "it was nine oh five p m, then twelve o'clock, then twenty-three fifteen, ten seconds."
      ),
      (
        "On 3/14/2015 and 25/12/2020 we met.",
        "on march fourteenth, twenty fifteen and december twenty-fifth, twenty twenty we met."
      ),
      (
        "In 1999, and in 2005 he left; in 1500 houses; since 1848.",
        "in nineteen ninety-nine, and in two thousand and five he left; in one thousand, five hundred houses; "
          + "since eighteen forty-eight."
      ),
      (
        "Call +44 20 7946 0958 or (555) 123-4567 or 555-123-4567.",
        "call plus four four, two zero, seven nine four six, zero nine five eight or five five five, one two "
          + "three, four five six seven or five five five, one two three, four five six seven."
      ),
      (
        "Pages 10-20 and 1990–1999, not 20-10.",
        "pages ten to twenty and nineteen ninety to nineteen ninety-nine, not twenty-ten."
      ),
      (
        "Add 1/2 cup, 3/4 spoon, 2 1/2 eggs and ½ litre.",
        "add a half cup, three quarters spoon, two and a half eggs and a half litre."
      ),
      (
        "Run 5 km at 80 km/h in 25 °C with 1 kg and 3.5GB.",
        "run five kilometres at eighty kilometres per hour in twenty-five degrees celsius with one kilogram "
          + "and three point five gigabytes."
      ),
      (
        "It costs ¥500, 5 CHF, $5 million, €3bn and $20.",
        "it costs five hundred yen, five swiss francs, five million dollars, three billion euros and twenty dollars."
      ),
      (
        "See https://www.example.org/a-b_c?x=1 or mail ann.lee@example.co.uk.",
        "see example dot org slash a dash b underscore c question mark x equals one or mail ann dot lee at "
          + "example dot co dot uk."
      ),
      (
        "Louis XIV, Elizabeth II, Chapter IV and World War II. I am.",
        "louis the fourteenth, elizabeth the second, chapter four and world war two. i am."
      ),
      ("**Bold** and *soft* `code` [link](http://x.org) # no", "bold and soft code link hash no"),
      ("Smile 😀 now 👩‍👩‍👧 and [en] [SPACE] end", "smile now and en space end"),
      (
        "Between 1939-1945 he ran 10-20 km.",
        "between nineteen thirty-nine to nineteen forty-five he ran ten to twenty kilometres."
      ),
    ] as [Example])
  func english(example: Example) throws {
    try check(.english, example)
  }

  @Test(
    arguments: [
      (
        "A las 12:30 del 2024-05-01 y el 3/5/2024.",
        "a las doce y treinta del primero de mayo de dos mil veinticuatro y el tres de mayo de dos mil veinticuatro."
      ),
      (
        "La 2ª vez, el 1.º y la 3ra; Felipe VI, Luis XIV, siglo XIX.",
        "la segunda vez, el primero y la tercera; felipe sexto, luis catorce, siglo diecinueve."
      ),
      (
        "Cuesta 5 millones €, ¥500 y 10-20 km a 25 °C.",
        "cuesta cinco millones de euros, quinientos yenes y diez a veinte kilómetros a veinticinco grados celsius."
      ),
      ("Mitad 1/2, 3/4, 2 1/2 y ½.", "mitad medio, tres cuartos, dos y medio y medio."),
      (
        "Escribe a ana@ejemplo.es o www.ejemplo.es/pagina.",
        "escribe a ana arroba ejemplo punto es o ejemplo punto es barra pagina."
      ),
      ("Llama al +34 91 123 45 67.", "llama al más tres cuatro, nueve uno, uno dos tres, cuatro cinco, seis siete."),
    ] as [Example])
  func spanish(example: Example) throws {
    try check(.spanish, example)
  }

  @Test(
    arguments: [
      (
        "À 14h30 le 2024-05-01 et le 03/05/2024, à 13:00.",
        "à quatorze heures trente le premier mai deux mille vingt-quatre et le trois mai deux mille "
          + "vingt-quatre, à treize heures."
      ),
      (
        "La 1ère fois, la 2nde, Louis XIV, XIXe siècle, François Ier.",
        "la première fois, la deuxième, louis quatorze, dix-neuvième siècle, françois premier."
      ),
      (
        "Il court 10 km en 45 min à 25 °C pour 5 millions € ou ¥500.",
        "il court dix kilomètres en quarante-cinq minutes à vingt-cinq degrés celsius pour cinq millions "
          + "d'euros ou cinq cents yens."
      ),
      ("Un quart 1/4, 3/4, 2 1/2, ½.", "un quart un quart, trois quarts, deux et demi, un demi."),
      (
        "Écris à anne@exemple.fr ou www.exemple.fr/page.",
        "écris à anne arobase exemple point fr ou exemple point fr slash page."
      ),
      (
        "Appelle le 01 23 45 67 89 ou +33 1 23 45 67 89, pages 10-20.",
        "appelle le zéro un, deux trois, quatre cinq, six sept, huit neuf ou plus trois trois, un, deux "
          + "trois, quatre cinq, six sept, huit neuf, pages dix à vingt."
      ),
      (
        "Il est 1:00, 5 milliards € et 2 millions $.",
        "il est une heure, cinq milliards d'euros et deux millions de dollars."
      ),
    ] as [Example])
  func french(example: Example) throws {
    try check(.french, example)
  }

  @Test(
    arguments: [
      (
        "Um 12:30 Uhr am 03.05.2024 und am 2024-05-01 um 08:00.",
        "um zwölf uhr dreißig am dritten mai zweitausendvierundzwanzig und am ersten mai "
          + "zweitausendvierundzwanzig um acht uhr."
      ),
      (
        "Seit 1999 und im Jahr 1848; Ludwig XIV. kam. Kapitel IV.",
        "seit neunzehnhundertneunundneunzig und im jahr achtzehnhundertachtundvierzig; ludwig der vierzehnte "
          + "kam. kapitel vier."
      ),
      (
        "Er lief 5 km bei 25 °C für 3 Mio. € oder 5 CHF.",
        "er lief fünf kilometer bei fünfundzwanzig grad celsius für drei millionen euro oder fünf schweizer franken."
      ),
      ("Nimm 1/2, 3/4, 2 1/2 und ½.", "nimm ein halb, drei viertel, zweieinhalb und ein halb."),
      (
        "Schreib an anna@beispiel.de oder www.beispiel.de/seite.",
        "schreib an anna ät beispiel punkt de oder beispiel punkt de schrägstrich seite."
      ),
      (
        "Ruf 030 1234567 oder +49 30 1234567 an, Seiten 10-20.",
        "ruf null drei null, eins zwei drei vier fünf sechs sieben oder plus vier neun, drei null, eins zwei "
          + "drei vier fünf sechs sieben an, seiten zehn bis zwanzig."
      ),
      (
        "Der 01.02.2024, vom 3.4.2024; es waren 20.",
        "der erste februar zweitausendvierundzwanzig, vom dritten april zweitausendvierundzwanzig; es waren zwanzig."
      ),
    ] as [Example])
  func german(example: Example) throws {
    try check(.german, example)
  }

  @Test(
    arguments: [
      (
        "Alle 12:30 del 2024-05-01 e il 03/05/2024, alle 8:00.",
        "alle dodici e trenta del primo maggio duemilaventiquattro e il tre maggio duemilaventiquattro, alle "
          + "otto."
      ),
      (
        "La 2ª volta, Luigi XIV, secolo XIX, Parte II.",
        "la seconda volta, luigi quattordicesimo, secolo diciannovesimo, parte due."
      ),
      (
        "Corse 5 km a 25 °C per 5 milioni € o ¥500.",
        "corse cinque chilometri a venticinque gradi celsius per cinque milioni di euro o cinquecento yen."
      ),
      ("Metà 1/2, 3/4, 2 1/2 e ½, pagine 10-20.", "metà mezzo, tre quarti, due e mezzo e mezzo, pagine dieci venti."),
      (
        "Scrivi a anna@esempio.it o www.esempio.it/pagina, +39 06 1234567.",
        "scrivi a anna chiocciola esempio punto it o esempio punto it barra pagina, più tre nove, zero sei, "
          + "uno due tre quattro cinque sei sette."
      ),
    ] as [Example])
  func italian(example: Example) throws {
    try check(.italian, example)
  }

  @Test(
    arguments: [
      (
        "Às 12:30 de 2024-05-01 e em 03/05/2024, às 8:00.",
        "às doze e trinta de primeiro de maio de dois mil e vinte e quatro e em três de maio de dois mil e "
          + "vinte e quatro, às oito horas."
      ),
      (
        "A 2ª vez, o 1.º, D. João VI, Luís XIV, século XIX.",
        "a segunda vez, o primeiro, dom joão sexto, luís catorze, século dezanove."
      ),
      (
        "Custa 25€, R$ 20, 5 milhões € e corre 5 km a 25 °C.",
        "custa vinte e cinco euros, vinte reais, cinco milhões de euros e corre cinco quilómetros a vinte e "
          + "cinco graus celsius."
      ),
      (
        "Metade 1/2, 3/4, 2 1/2 e ½, páginas 10-20.",
        "metade meio, três quartos, dois e meio e meio, páginas dez a vinte."
      ),
      (
        "Escreve a ana@exemplo.pt ou www.exemplo.pt/pagina, +351 21 1234567.",
        "escreve a ana arroba exemplo ponto pt ou exemplo ponto pt barra pagina, mais três cinco um, dois um, "
          + "um dois três quatro cinco seis sete."
      ),
    ] as [Example])
  func portuguese(example: Example) throws {
    try check(.portuguese, example)
  }

  @Test(
    arguments: [
      (.polish, "Dnia 2024-05-03.", "dnia trzeciego maja dwa tysiące dwudziestego czwartego roku."),
      (.russian, "Дата 2024-05-03.", "дата третьего мая две тысячи двадцать четвёртого года."),
      (.chinese, "日期2024-05-03。", "ri4qi1er4ling2er4si4nian2wu3yue4san1ri4,"),
      (.korean, "날짜 2024-05-03.", "naljja icheon-isibsanyeon o-wol sam-il."),
      (.hindi, "दिनांक 2024-05-03, अंक १२३।", "दिनांक तीन मई दो हज़ार चौबीस, अंक एक सौ तेईस।"),
      (.arabic, "١٢٣ و 2024-05-03", "مائة و ثلاثة و عشرون و ثلاثة مايو ألفان و أربعة و عشرون"),
      (.hungarian, "A 2024-05-03 nap.", "a kétezer-huszonnégy május harmadika nap."),
      (.czech, "Dne 2024-05-03 to bylo.", "dne třetího května dva tisíce dvacet čtyři to bylo."),
      (.chinese, "在2024-05-03这天", "zai4er4ling2er4si4nian2wu3yue4san1ri4zhe4tian1"),
      (.czech, "Bylo jich 20.", "bylo jich dvacet."),
      (.turkish, "Toplam 20.", "toplam yirmi."),
      (.german, "Es gibt nur 5. Danach ist Schluss.", "es gibt nur fünf. danach ist schluss."),
      (.german, "Die erste Zeile\nDie zweite", "die erste zeile. die zweite"),
      (.english, "Due on 3 May 2024.", "due on the third of may twenty twenty-four."),
      (.english, "x² and H2O", "x squared and h two o"),
      (.spanish, "Hay 200 mujeres y 21 casas.", "hay doscientas mujeres y veintiuna casas."),
      (.portuguese, "São 2 horas e 1 pessoa.", "são duas horas e uma pessoa."),
      (.russian, "Было 2 женщины и 1 окно.", "было две женщины и одно окно."),
      (.polish, "Czynne 9:00-17:00.", "czynne od dziewiątej do siedemnastej."),
      (.czech, "Telefon 601 234 567.", "telefon šest nula jedna, dva tři čtyři, pět šest sedm."),
      (.hungarian, "2023. augusztus 15-én esett.", "kétezer-huszonhárom augusztus tizenötödikén esett."),
      (.turkish, "3/4 pay ve 2/3 oy.", "dörtte üç pay ve üçte iki oy."),
      (.korean, "한국(韓國)은 6월에 3번.", "hangug-eun yu-wol-e se beon."),
    ] as [(Language, String, String)])
  func otherLanguages(language: Language, text: String, spoken: String) throws {
    try check(language, (text, spoken))
  }

  /// Text that consists of letters and ordinary punctuation is the same in both modes.
  @Test(arguments: Language.allCases)
  func plainTextIsUntouched(_ language: Language) throws {
    let normalizer = ExtendedNormalizer(language: language)
    let plainMarks = Scalars(" ,.;:!?\"'()«»„“”¿¡、。，！？")
    for line in try GoldenFiles.lines(language) {
      let text = Scalars(line.text)
      let isPlain = text.allSatisfy {
        ($0.properties.isAlphabetic && $0.properties.numericType == nil) || plainMarks.contains($0)
      }
      let hasAbbreviation = text.indices.contains {
        WrittenAbbreviations.entry(text, at: $0, language: language) != nil
      }
      if isPlain, !hasAbbreviation, WrittenForms(language: language).unify(text) == text {
        #expect(normalizer.rewrite(text) == text, "\(line.text)")
      }
    }
  }

  @Test func specialTokensCannotSwitchTheLanguage() throws {
    let frontend = try GoldenFiles.readingFrontend()
    let normalized = try frontend.normalize("a [ru] b [STOP] c", language: .english)
    #expect(normalized == "a ru b stop c")
  }

  /// The number of a list item is no ordinal, one before a noun is.
  @Test func listNumbersAreCardinals() throws {
    try check(.german, ("1. Mehl kaufen\n2. Eier holen", "eins. mehl kaufen. zwei. eier holen"))
    try check(.german, ("Das gilt:\n\n 9. Mai\n\n10. Juni", "das gilt: neun. mai. zehn. juni"))
    try check(.czech, ("1. Mouka\n2. Vejce", "jedna. mouka. dva. vejce"))
    try check(.german, ("1. Mai\n3. Oktober", "erster mai. dritter oktober"))
    try check(.german, ("2. Platz", "zweiter platz"))
  }
}
