import SpeechCore

/// How many audio codes a piece of text may take. A code is 46.4 ms.
///
/// A language's character limit stands for as much text as the model reads well in one piece, which it speaks in about
/// 360 codes; so the share of that limit says how long a text is in any script.
public struct CodeBudget: Sendable, Equatable {
  /// Codes a text at its language's character limit usually takes.
  public var codesAtCharacterLimit = 360.0
  /// Audio beyond this multiple of the usual length is held until the model has ended the segment by itself, so that
  /// it can still be spoken again.
  public var heldFactor = 1.25
  /// A segment that passes this multiple of the usual length, and ``slackCodes`` more, is taken for a runaway.
  public var runawayFactor = 3.0
  public var slackCodes = 96

  /// - Parameter most: what the model can make in one piece (605 codes in the published one).
  /// - Returns: `limit`, where the segment is stopped; `held`, the count up to which audio leaves as it is made.
  public func limits(characters: Int, language: Language, most: Int) -> (limit: Int, held: Int) {
    let usual = codesAtCharacterLimit * Double(max(0, characters)) / Double(language.characterLimit)
    let limit = min(Double(max(1, most)), max(1, usual * runawayFactor + Double(slackCodes)))
    let held = min(limit, max(0, usual * heldFactor))
    guard limit.isFinite, held.isFinite else { return (max(1, most), 0) }
    return (Int(limit), Int(held))
  }
}
