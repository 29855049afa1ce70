/// The feature string of a dictionary entry, read by the number of its fields: UniDic 2.1 has 26, UniDic 3 has 29,
/// IPADIC 9 (7 for words without a reading). IPADIC's parts of speech are put in UniDic's terms.
struct FeatureFields: Equatable {
  var partOfSpeech: String
  var subclass: String
  var lemma: String?
  var kana: String?
  var pronunciation: String?
  var isIPADIC: Bool

  init(_ features: String) {
    let bytes = Array(features.utf8)
    let fields = Self.ranges(of: bytes)
    func field(_ index: Int) -> String? {
      guard index < fields.count else { return nil }
      let text = String(decoding: bytes[fields[index]].filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
      return text == "*" ? nil : text
    }
    partOfSpeech = field(0) ?? ""
    subclass = field(1) ?? ""
    isIPADIC = (7...9).contains(fields.count)
    switch fields.count {
    case 26:
      (lemma, pronunciation, kana) = (field(7), field(9), field(17))
    case 29:
      (lemma, pronunciation, kana) = (field(7), field(9), field(20))
    case 7...9:
      (kana, pronunciation) = (field(7), field(8))
      if partOfSpeech == "記号" { partOfSpeech = "補助記号" }
      if partOfSpeech == "接頭詞" { partOfSpeech = "接頭辞" }
      if subclass == "接尾" { partOfSpeech = "接尾辞" }
    default: break
    }
  }

  /// Comma-separated; a field that contains a comma is quoted.
  private static func ranges(of bytes: [UInt8]) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    fields.reserveCapacity(32)
    var start = 0
    var isQuoted = false
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        fields.append(start..<index)
        start = index + 1
      default: break
      }
    }
    fields.append(start..<bytes.count)
    return fields
  }
}
