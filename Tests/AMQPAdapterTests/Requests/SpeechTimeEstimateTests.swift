import Testing

@testable import AMQPAdapter

struct SpeechTimeEstimateTests {
  private func estimate(_ seconds: [Double], characters: Int = 80) -> SpeechTimeEstimate {
    var estimate = SpeechTimeEstimate()
    for value in seconds { estimate.note(seconds: value, characters: characters) }
    return estimate
  }

  private func admits(_ estimate: SpeechTimeEstimate, _ characters: Int, _ left: Double) -> Bool {
    var estimate = estimate
    return estimate.admits(characters: characters, secondsLeft: left)
  }

  @Test func beforeAnythingIsKnownEverythingIsTried() {
    #expect(admits(SpeechTimeEstimate(), 1_000, 0))
  }

  @Test func evenWorkIsJudgedCloselyAndByItsLength() {
    let even = estimate(Array(repeating: 1, count: 100))
    #expect(admits(even, 80, 1.01) && !admits(even, 80, 0.99))
    #expect(admits(even, 180, 2.01) && !admits(even, 180, 1.99))
    #expect(admits(even, 0, 0.21))
  }

  @Test func unevenWorkGetsAMargin() {
    let uneven = estimate((0..<200).map { $0.isMultiple(of: 2) ? 0.5 : 1.5 })
    #expect(!admits(uneven, 80, 1.7) && admits(uneven, 80, 2.3))
  }

  @Test func anEstimateThatIsTooHighMendsItself() {
    var wrong = estimate([1_000])
    var refusals = 0
    while !wrong.admits(characters: 80, secondsLeft: 1) { refusals += 1 }
    #expect(refusals > 100 && refusals < 3_000)
  }
}
