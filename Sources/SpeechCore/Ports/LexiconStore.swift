/// Where lexicons are kept.
public protocol LexiconStore: Sendable {
  /// - Returns: nil where there is none.
  func lexicon(id: String) async throws(SpeechError) -> Lexicon?
  /// By id.
  func lexicons() async throws(SpeechError) -> [Lexicon]
  /// Stores a lexicon with the next version.
  /// - Parameter ending: makes the journal's entry, which is committed together with the lexicon.
  /// - Returns: the stored lexicon, and whether it is new.
  func put(
    _ lexicon: Lexicon, ending: @escaping @Sendable (Lexicon) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool)
  /// - Returns: false where there is none.
  func remove(id: String, entry: JournalEntry?) async throws(SpeechError) -> Bool
}
