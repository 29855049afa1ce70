import Testing

@testable import XTTSEngine

@Suite struct ConditioningShareTests {
  /// With three sequences, three quarters of the time are theirs.
  @Test func voicesCountAsOneSequence() {
    var share = ConditioningShare()
    var (pieces, steps) = (0, 0)
    while pieces < 100 {
      steps += 1
      share.decoded(for: .milliseconds(10))
      guard share.isDue else { continue }
      pieces += 1
      share.encoded(for: .milliseconds(40), beside: 3)
    }
    #expect(steps == 1 + 99 * 12)
  }

  @Test func withoutSequencesEachPieceIsDue() {
    var share = ConditioningShare()
    share.encoded(for: .seconds(1), beside: 0)
    #expect(share.isDue)
    share.encoded(for: .seconds(1), beside: 1)
    #expect(!share.isDue)
  }

  /// A long step before a piece gives the voices no credit.
  @Test func timeIsNotSaved() {
    var share = ConditioningShare()
    share.decoded(for: .seconds(100))
    share.encoded(for: .milliseconds(10), beside: 1)
    #expect(!share.isDue)
  }
}
