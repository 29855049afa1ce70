/// What upstream's regular expressions for Chinese numbers find, as ranges in reading order.
enum ChineseNumberPatterns {
  // MARK: Plain numbers

  /// `\d+(\.\d+)?`
  static func numbers(_ text: Scalars) -> [Range<Int>] {
    runs(text) { numberEnd(text, $0) }
  }

  /// `\d{4,32}`
  static func longNumbers(_ text: Scalars) -> [Range<Int>] {
    runs(text) { start in
      let end = min(digitsEnd(text, start), start + 32)
      return end - start >= 4 ? end : nil
    }
  }

  /// `\d+/\d+`
  static func fractions(_ text: Scalars) -> [Range<Int>] {
    runs(text) { start in
      let slash = digitsEnd(text, start)
      guard scalar(text, slash) == "/" else { return nil }
      let end = digitsEnd(text, slash + 1)
      return end > slash + 1 ? end : nil
    }
  }

  /// `\d+(\.\d+)?%`
  static func percentages(_ text: Scalars) -> [Range<Int>] {
    runs(text) { start in
      let end = numberEnd(text, start)
      return scalar(text, end) == "%" ? end + 1 : nil
    }
  }

  /// A number before a measure word; the range is that of the number alone.
  static func counted(_ text: Scalars) -> [Range<Int>] {
    runs(text) { start in
      let end = numberEnd(text, start)
      var unit = end
      if let more = scalar(text, unit), aboutWords.contains(more) { unit += 1 }
      guard let first = scalar(text, unit) else { return nil }
      if measureWords.contains(first) { return end }
      guard let second = scalar(text, unit + 1) else { return nil }
      return "千微".unicodeScalars.contains(first) && "克米".unicodeScalars.contains(second) ? end : nil
    }
  }

  private static let aboutWords: Scalars = ["多", "余", "几"]

  private static let measureWords = Set(
    """
    匹张座回场尾条个首阙阵网炮顶丘棵只支袭辆挑担颗壳窠曲墙群腔砣客贯扎捆刀令打手罗坡山岭江溪钟队单双对出口头脚板跳枝件贴\
    针线管名位身堂课本页家户层丝毫厘分钱两斤铢石钧锱忽寸尺丈里寻常铺程撮勺合升斗盘碗碟叠桶笼盆盒杯斛锅簋篮罐瓶壶卮盏箩箱煲啖\
    袋钵年月日季刻时周天秒旬纪岁世更夜春夏秋冬代伏辈丸泡粒幢堆根道面片块
    """.unicodeScalars)

  // MARK: Dates and money

  /// `\D+(((YY|YYYY)年)?(\d{1,2}月(\d{1,2}[日号])?)?)`, the part after the non-digits.
  static func dates(_ text: Scalars) -> [Range<Int>] {
    afterNonDigits(text) { start in
      var end = start
      let yearEnd = digitsEnd(text, start)
      if scalar(text, yearEnd) == "年", isYear(text[start..<yearEnd]) { end = yearEnd + 1 }
      let monthEnd = digitsEnd(text, end)
      if (1...2).contains(monthEnd - end), scalar(text, monthEnd) == "月" {
        end = monthEnd + 1
        let dayEnd = digitsEnd(text, end)
        if (1...2).contains(dayEnd - end), let unit = scalar(text, dayEnd), unit == "日" || unit == "号" {
          end = dayEnd + 1
        }
      }
      return end > start ? end : nil
    }
  }

  private static func isYear(_ digits: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = digits.first else { return false }
    switch digits.count {
    case 2: return first == "0" || first == "8" || first == "9"
    case 4: return digits.starts(with: ["1", "9"] as Scalars) || digits.starts(with: ["2", "0"] as Scalars)
    default: return false
    }
  }

  /// `\D+((\d+(\.\d+)?)[多余几]?UNIT(\dUNIT?)?)`, the part after the non-digits.
  static func money(_ text: Scalars) -> [Range<Int>] {
    afterNonDigits(text) { start in
      var end = numberEnd(text, start)
      if let more = scalar(text, end), aboutWords.contains(more) { end += 1 }
      guard let unitEnd = currencyUnitEnd(text, end) else { return nil }
      guard scalar(text, unitEnd)?.isDecimalDigit == true else { return unitEnd }
      return currencyUnitEnd(text, unitEnd + 1) ?? unitEnd + 1
    }
  }

  private static func currencyUnitEnd(_ text: Scalars, _ start: Int) -> Int? {
    switch scalar(text, start) {
    case "千", "百": scalar(text, start + 1) == "万" ? start + 2 : start + 1
    case "亿", "万", "元", "块", "角", "毛", "分": start + 1
    default: nil
    }
  }

  // MARK: Telephone numbers

  /// `\D((\+?86 ?)?1([38]\d|5[0-35-9]|7[678]|9[89])\d{8})\D`, the part between the non-digits.
  static func mobilePhones(_ text: Scalars) -> [Range<Int>] {
    betweenNonDigits(text) { start in
      var bare = start
      if scalar(text, bare) == "+" { bare += 1 }
      if scalar(text, bare) == "8", scalar(text, bare + 1) == "6" {
        bare += 2
        let spaced = scalar(text, bare) == " " ? mobileEnd(text, bare + 1) : nil
        if let end = spaced ?? mobileEnd(text, bare) { return [end] }
      }
      return mobileEnd(text, start).map { [$0] } ?? []
    }
  }

  private static func mobileEnd(_ text: Scalars, _ start: Int) -> Int? {
    guard digitsEnd(text, start) - start >= 11, scalar(text, start) == "1", let third = scalar(text, start + 2) else {
      return nil
    }
    let isMobile =
      switch scalar(text, start + 1) {
      case "3", "8": true
      case "5": third != "4" && third.isASCIIDigit
      case "7": third == "6" || third == "7" || third == "8"
      case "9": third == "8" || third == "9"
      default: false
      }
    return isMobile ? start + 11 : nil
  }

  /// `\D((0(10|2[1-3]|[3-9]\d{2})-?)?[1-9]\d{6,7})\D`, the part between the non-digits.
  static func landlines(_ text: Scalars) -> [Range<Int>] {
    betweenNonDigits(text) { start in
      let local = areaCodeEnd(text, start).map { $0 + (scalar(text, $0) == "-" ? 1 : 0) }
      return [local, start].compactMap { $0 }.flatMap { first -> [Int] in
        guard let digit = scalar(text, first), digit.isASCIIDigit, digit != "0" else { return [] }
        let count = digitsEnd(text, first) - first
        return [8, 7].filter { $0 <= count }.map { first + $0 }
      }
    }
  }

  private static func areaCodeEnd(_ text: Scalars, _ start: Int) -> Int? {
    guard scalar(text, start) == "0", let second = scalar(text, start + 1), let third = scalar(text, start + 2),
      third.isDecimalDigit
    else { return nil }
    switch second {
    case "1": return third == "0" ? start + 3 : nil
    case "2": return third == "1" || third == "2" || third == "3" ? start + 3 : nil
    case "3"..."9": return scalar(text, start + 3)?.isDecimalDigit == true ? start + 4 : nil
    default: return nil
    }
  }

  // MARK: Letters

  /// `[a-zA-Z]+二[a-zA-Z]+`
  static func lettersAroundTwo(_ text: Scalars) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var position = 0
    while position < text.count {
      let two = text.end(from: position, while: isLetter)
      if two > position, scalar(text, two) == "二" {
        let end = text.end(from: two + 1, while: isLetter)
        if end > two + 1 {
          result.append(position..<end)
          position = end
          continue
        }
      }
      position = max(two, position + 1)
    }
    return result
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && scalar.isWord && !scalar.isASCIIDigit && scalar != "_"
  }
}

// MARK: - Scanning

extension ChineseNumberPatterns {
  fileprivate static func scalar(_ text: Scalars, _ position: Int) -> Unicode.Scalar? {
    position >= 0 && position < text.count ? text[position] : nil
  }

  fileprivate static func digitsEnd(_ text: Scalars, _ start: Int) -> Int {
    text.end(from: start, while: \.isDecimalDigit)
  }

  fileprivate static func numberEnd(_ text: Scalars, _ start: Int) -> Int {
    let end = digitsEnd(text, start)
    guard scalar(text, end) == "." else { return end }
    let fraction = digitsEnd(text, end + 1)
    return fraction > end + 1 ? fraction : end
  }

  /// Matches that begin at the start of a run of digits, or where the last one ended inside it.
  fileprivate static func runs(_ text: Scalars, _ match: (Int) -> Int?) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var position = 0
    while position < text.count {
      if text[position].isDecimalDigit, let end = match(position) {
        result.append(position..<end)
        position = end
      } else {
        position = max(digitsEnd(text, position), position + 1)
      }
    }
    return result
  }

  /// Matches at a digit that follows non-digits which no earlier match used.
  fileprivate static func afterNonDigits(_ text: Scalars, _ match: (Int) -> Int?) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var position = 0
    while position < text.count {
      position = digitsEnd(text, position)
      position = text.end(from: position) { !$0.isDecimalDigit }
      if position < text.count, let end = match(position) {
        result.append(position..<end)
        position = end
      }
    }
    return result
  }

  /// Matches with one non-digit before and one after, not shared with another match. `ends` lists where a match may end, best first.
  fileprivate static func betweenNonDigits(_ text: Scalars, _ ends: (Int) -> [Int]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var position = 0
    while position + 1 < text.count {
      if !text[position].isDecimalDigit,
        let end = ends(position + 1).first(where: { scalar(text, $0)?.isDecimalDigit == false })
      {
        result.append((position + 1)..<end)
        position = end + 1
      } else {
        position += 1
      }
    }
    return result
  }
}
