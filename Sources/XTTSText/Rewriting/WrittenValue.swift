/// What a piece of text means, and the range in which it is written.
struct WrittenValue: Sendable {
  enum Kind: Sendable {
    case number(WrittenNumber)
    /// A number in the gender of the noun after it.
    case counted(WrittenNumber, noun: String)
    /// `3,5 Mio.`, with a currency or without.
    case scaled(WrittenNumber, NumberScale, currency: String?, isExact: Bool)
    /// ISO 4217 code; `isExact` where the text names the country (`US$`, `USD`), not the sign alone.
    case money(WrittenNumber, currency: String, isExact: Bool)
    /// ICU's name of the unit.
    case measure(WrittenNumber, unit: String)
    case percent(WrittenNumber)
    /// Read digit by digit, with a pause between groups; `isInternational` for a `+` before them.
    case digits([Scalars], isInternational: Bool)
    /// Parts of a version or an address, with points between them.
    case version([Scalars])
    case score(WrittenNumber, WrittenNumber)
    /// `half` is the English `a m` or `p m`.
    case time(hours: Int, minutes: Int, seconds: Int?, half: String)
    case date(CalendarDate)
    /// An English day with its month and year where they follow the day.
    case day(Int, month: Int?, year: Int?)
    /// `3.–5.` before a month.
    case days(Int, Int)
    /// Feet and inches.
    case feet(Int, Int)
    /// Said in hundreds.
    case year(Int)
    /// `1980s`
    case decade(Int)
    /// `2010/11`, `1941-42`; `isRange` for a dash.
    case years(Int, Int, isRange: Bool)
    /// `8/15` in the languages that write the month first, `14/07` in others.
    case monthDay(month: Int, day: Int)
    case ordinal(WrittenNumber, OrdinalForm)
    /// A German ordinal, whose ending depends on its noun and on the word before it.
    case ordinalAdjective(WrittenNumber, noun: String)
    case power(WrittenNumber, exponent: WrittenNumber)
    /// `2 1/2`
    case fraction(whole: Int?, Int, Int)
    /// `2011م`: a number and the word after it.
    case suffixed(WrittenNumber, String)
    /// `50/50`
    case pair(WrittenNumber, WrittenNumber)
    /// `$5-10`
    case moneyRange(WrittenNumber, WrittenNumber, currency: String, isExact: Bool)
    /// A number that the language says in another way before this counter.
    case count(WrittenNumber, counter: String)
    case sign(SpokenSigns.Sign)
    case abbreviation(String)
    /// Capital letters with digits: `MP3`.
    case letters(Scalars)
  }

  var kind: Kind
  var range: Range<Int>

  /// A German ordinal before `noun`.
  func adjective(noun: String) -> WrittenValue {
    guard case .ordinal(let number, _) = kind else { return self }
    return WrittenValue(kind: .ordinalAdjective(number, noun: noun.lowercased()), range: range)
  }
}
