import Foundation
import SpeechCore

/// The entries of a request's lexicons for one language, ready to search a text.
public struct LexiconMatcher: Sendable {
  private struct Entry: Sendable {
    var written: Scalars
    var folded: Scalars
    var spoken: Scalars
    var isCaseSensitive: Bool
    var isWholeWord: Bool
  }

  /// By first scalar in lower case; the longest first, of equal ones the first given.
  private var entries: [Unicode.Scalar: [Entry]] = [:]

  /// - Returns: nil without an entry for the language.
  public init?(_ list: [LexiconEntry], language: Language) {
    for entry in list where entry.language ?? language == language {
      let written = Scalars(entry.written.precomposedStringWithCanonicalMapping).stripped()
      guard let first = written.first else { continue }
      entries[Self.fold(first), default: []].append(
        Entry(
          written: written, folded: written.map(Self.fold), spoken: Scalars(entry.spoken),
          isCaseSensitive: entry.caseSensitive, isWholeWord: entry.wholeWord))
    }
    guard !entries.isEmpty else { return nil }
    for key in entries.keys {
      entries[key] = entries[key]?.enumerated().sorted {
        ($1.element.written.count, $0.offset) < ($0.element.written.count, $1.offset)
      }.map(\.element)
    }
  }

  /// The words of a text that is one entry as a whole.
  func words(for text: Scalars) -> Scalars? {
    let text = text.stripped()
    guard let (end, spoken) = match(text, at: 0), end == text.count else { return nil }
    return spoken
  }

  /// The longest entry at a position.
  func match(_ text: Scalars, at position: Int) -> (end: Int, spoken: Scalars)? {
    guard let first = text.at(position), let candidates = entries[Self.fold(first)] else { return nil }
    for entry in candidates {
      let end = position + entry.written.count
      guard end <= text.count else { continue }
      let isEqual =
        entry.isCaseSensitive
        ? text.matches(entry.written, at: position)
        : entry.folded.indices.allSatisfy { Self.fold(text[position + $0]) == entry.folded[$0] }
      guard isEqual else { continue }
      if entry.isWholeWord, Self.joins(text, position) || Self.joins(text, end) { continue }
      return (end, entry.spoken)
    }
    return nil
  }

  /// Whether a word continues over this place. Scripts without blanks between words have no such places.
  private static func joins(_ text: Scalars, _ place: Int) -> Bool {
    guard let before = text.at(place - 1), let after = text.at(place) else { return false }
    return (before.joinsDigits || before.isMark) && (after.joinsDigits || after.isMark)
  }

  private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return (65...90).contains(scalar.value) ? Unicode.Scalar(scalar.value + 32) ?? scalar : scalar }
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower.first ?? scalar : scalar
  }
}
