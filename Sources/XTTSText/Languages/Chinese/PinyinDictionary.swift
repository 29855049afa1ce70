import CText

/// Mandarin readings as pypinyin gives them: phrases decide heteronyms, tones are numbers, the neutral tone is 5.
///
/// The table is compiled in as text (see `tools/text/pinyin_data.py`). Phrases are searched where they lie, so only an
/// index of lines is built.
struct PinyinDictionary: Sendable {
  static let shared = PinyinDictionary()

  private static let separator = UInt8(ascii: "\t")
  private static let lineEnd = UInt8(ascii: "\n")
  private static let positions = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

  private let bytes: [UInt8]
  private let readings: [Unicode.Scalar: String]
  /// The start of each phrase's line, in the order of the phrases' UTF-8 bytes.
  private let phrases: [Int32]

  private init() {
    let bytes = [UInt8](UnsafeRawBufferPointer(start: xtts_pinyin_table(), count: Int(xtts_pinyin_table_size())))
    var lineStarts: [Int32] = [0]
    for (index, byte) in bytes.enumerated() where byte == Self.lineEnd { lineStarts.append(Int32(index) + 1) }
    lineStarts.removeLast()
    // An empty line parts characters from phrases.
    let border = lineStarts.firstIndex { bytes[Int($0)] == Self.lineEnd } ?? lineStarts.count
    phrases = Array(lineStarts.dropFirst(border + 1))
    var readings: [Unicode.Scalar: String] = [:]
    readings.reserveCapacity(48_000)
    for start in lineStarts.prefix(border) {
      let line = bytes[Int(start)...].prefix { $0 != Self.lineEnd }.split(separator: Self.separator)
      guard line.count == 2 else { continue }
      let syllable = String(decoding: line[0], as: UTF8.self)
      for character in String(decoding: line[1], as: UTF8.self).unicodeScalars { readings[character] = syllable }
    }
    self.bytes = bytes
    self.readings = readings
  }

  /// The first reading of a character; a character without one is returned with a neutral tone, as by pypinyin.
  func reading(of character: Unicode.Scalar) -> String {
    readings[character] ?? String(Character(character)) + "5"
  }

  /// Readings of a run of Chinese characters, cut into the longest phrases from the left.
  func readings(of run: ArraySlice<Unicode.Scalar>) -> [String] {
    var result: [String] = []
    var position = run.startIndex
    while position < run.endIndex {
      let match = longestPhrase(run[position...])
      if let line = match.line {
        result += readings(ofPhrase: run[position..<match.end], line: line)
        position = match.end
      } else if match.reachesEnd {
        // Half a phrase at the end: pypinyin reads it character by character and looks for none inside it.
        result += run[position...].map(reading)
        position = run.endIndex
      } else {
        result.append(reading(of: run[position]))
        position += 1
      }
    }
    return result
  }

  private func longestPhrase(
    _ run: ArraySlice<Unicode.Scalar>
  ) -> (line: Int?, end: Int, reachesEnd: Bool) {
    var candidates = 0..<phrases.count
    var depth = 0
    var best: (line: Int, end: Int)?
    for index in run.indices {
      let units = Array(String(Character(run[index])).utf8)
      candidates = narrowed(candidates, depth: depth, units)
      if candidates.isEmpty { return (best?.line, best?.end ?? index, false) }
      depth += units.count
      // The shortest line of those that share a prefix comes first.
      let first = Int(phrases[candidates.lowerBound])
      if isLineEnd(first + depth) { best = (first, index + 1) }
    }
    return (best?.line, best?.end ?? run.endIndex, true)
  }

  private func isLineEnd(_ position: Int) -> Bool {
    position >= bytes.count || bytes[position] == Self.lineEnd || bytes[position] == Self.separator
  }

  /// The phrases of a range that continue with `units` at `depth`.
  private func narrowed(_ range: Range<Int>, depth: Int, _ units: [UInt8]) -> Range<Int> {
    func firstIndex(where isAfter: (Int) -> Bool) -> Int {
      var (low, high) = (range.lowerBound, range.upperBound)
      while low < high {
        let middle = (low + high) / 2
        if isAfter(compare(Int(phrases[middle]) + depth, units)) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let start = firstIndex { $0 >= 0 }
    return start..<max(firstIndex { $0 > 0 }, start)
  }

  /// Below, equal or above zero as the bytes at `position` stand to `units`.
  private func compare(_ position: Int, _ units: [UInt8]) -> Int {
    for (offset, unit) in units.enumerated() {
      guard position + offset < bytes.count else { return -1 }
      let byte = bytes[position + offset]
      if byte != unit { return Int(byte) - Int(unit) }
    }
    return 0
  }

  /// First readings but for the positions the line names.
  private func readings(ofPhrase phrase: ArraySlice<Unicode.Scalar>, line: Int) -> [String] {
    var result = phrase.map(reading)
    let fields = bytes[line...].prefix { $0 != Self.lineEnd }.split(separator: Self.separator)
    guard fields.count == 2 else { return result }
    for mark in fields[1].split(separator: UInt8(ascii: " ")) {
      guard let first = mark.first, let position = Self.positions.firstIndex(of: first), position < result.count else {
        continue
      }
      result[position] = String(decoding: mark.dropFirst(), as: UTF8.self)
    }
    return result
  }

  /// The characters pypinyin takes for Chinese.
  static func covers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3007, 0xE815...0xE864, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF,
      0x2A703...0x2B73F, 0x2B740...0x2B81D, 0x2B825...0x2BF6E, 0x2C029...0x2CE93, 0x2D016, 0x2D11B...0x2EBD9,
      0x2F80A...0x2FA1F, 0x30000...0x3134A, 0x300F7...0x31288, 0x31350...0x32389:
      true
    default: false
    }
  }
}
