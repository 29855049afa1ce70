import Foundation
import SpeechCore

@testable import XTTSText

/// Upstream's results for the corpus; `tools/text/golden.py` writes these files.
enum GoldenFiles {
  struct Line: Sendable {
    var text: String
    /// nil if upstream fails.
    var normalized: String?
    /// FNV-1a hashes of the tokens, with the fixture's vocabulary and with the published one.
    var tokens: String?
    var publishedTokens: String?
  }

  static func path(_ name: String) throws -> String {
    guard let path = Bundle.module.path(forResource: "Fixtures/" + name, ofType: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return path
  }

  static func rows(_ name: String) throws -> [[String]] {
    let text = try String(contentsOfFile: path(name), encoding: .utf8)
    // The text is split into scalars: a combining mark at the start of a field would otherwise join the preceding tab
    // or line end.
    return text.unicodeScalars.split(separator: "\n").map { row in
      row.split(separator: "\t", omittingEmptySubsequences: false).map { unescaped(String($0)) }
    }
  }

  static func lines(_ language: Language) throws -> [Line] {
    try rows("text-\(language.rawValue).tsv").map { fields in
      guard fields.count >= 3 else { return Line(text: fields[0]) }
      return Line(
        text: fields[0], normalized: fields[1], tokens: fields[2], publishedTokens: fields.count > 3 ? fields[3] : nil)
    }
  }

  private static func unescaped(_ field: String) -> String {
    guard field.contains("\\") else { return field }
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in field.unicodeScalars {
      if isEscaped {
        result.append(["t": "\t", "n": "\n", "r": "\r"][scalar] ?? scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  static func hash(_ tokens: [Int]) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for token in tokens {
      for shift in [0, 8, 16, 24] { value = (value ^ UInt64(token >> shift & 0xFF)) &* 0x100_0000_01B3 }
    }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The text front end with all single characters of the published vocabulary.
  static func readingFrontend() throws -> TextFrontend {
    var vocabulary = try Vocabulary.load(path: path("vocab.json"))
    let list = try String(contentsOfFile: path("characters.txt"), encoding: .utf8)
    let codes = list.split(separator: "\n").dropFirst().flatMap { $0.split(separator: " ") }
    let scalars = codes.compactMap { UInt32($0, radix: 16).flatMap(Unicode.Scalar.init) }
    vocabulary.characters = Dictionary(uniqueKeysWithValues: scalars.map { ($0, vocabulary.characters[$0] ?? 1) })
    return TextFrontend(vocabulary: vocabulary)
  }

  /// The text front end with the fixture's small vocabulary.
  static func frontend() throws -> TextFrontend {
    try TextFrontend(vocabularyPath: path("vocab.json"))
  }
}
