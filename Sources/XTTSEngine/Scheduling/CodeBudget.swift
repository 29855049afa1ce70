import SpeechCore

/// The number of audio codes that a piece of text may take. A code is 46.4 ms.
///
/// A text at its language's character limit, the longest that the model speaks well in one piece, takes about 360 codes.
/// The fraction of that limit therefore measures the length of a text in any script.
struct CodeBudget: Sendable, Equatable {
  /// The usual number of codes of a text at its language's character limit.
  var codesAtCharacterLimit = 360.0
  /// Audio beyond this multiple of the usual length is held until the model ends the segment, so that the segment can
  /// still be restarted.
  var heldFactor = 1.25
  /// A segment longer than this multiple of the usual length plus ``slackCodes`` is a runaway.
  var runawayFactor = 3.0
  /// The codes that are added to the limit of a runaway.
  var slackCodes = 96

  /// The limits of a text.
  /// - Parameter most: the largest number of codes in one piece (605 in the published model).
  /// - Returns: `limit`, after which the segment is stopped; `held`, up to which audio is sent while the segment runs.
  func limits(characters: Int, language: Language, most: Int) -> (limit: Int, held: Int) {
    let usual = codesAtCharacterLimit * Double(max(0, characters)) / Double(language.characterLimit)
    let limit = min(Double(max(1, most)), max(1, usual * runawayFactor + Double(slackCodes)))
    let held = min(limit, max(0, usual * heldFactor))
    guard limit.isFinite, held.isFinite else { return (max(1, most), 0) }
    return (Int(limit), Int(held))
  }
}
