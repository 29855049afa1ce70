/// Divides the engine's time between the computation of voices and running sequences: all voices together count as one
/// sequence. So speech that is already running does not stop while voices are computed, however many wait.
struct ConditioningShare: Sendable {
  /// The time that is due to sequences before the next piece of a voice.
  private var owed = Duration.zero

  /// Whether the next piece of a voice may be encoded.
  var isDue: Bool { owed <= .zero }

  /// - Parameter sequences: the sequences that waited for this piece.
  mutating func encoded(for time: Duration, beside sequences: Int) { owed = time * sequences }

  mutating func decoded(for time: Duration) { owed -= time }
}
