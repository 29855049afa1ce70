import Checkpoint
import Testing

@Suite struct CounterRandomTests {
  /// From `tools/reference/generator.py`: `bits(7, "a.b", 3)` and `symmetric(7, "a.b", 3)`.
  @Test func bitsEqualTheReference() {
    let random = CounterRandom(seed: 7, name: "a.b")
    #expect((0..<3).map { random.bits($0) } == [0xd1c391547a16388b, 0xbad7cb38eb9ce8f0, 0xf188329117570e9a])
    #expect((0..<3).map { random.symmetric($0) } == [0.6387807130813599, 0.4597104787826538, 0.8869688510894775])
  }

  @Test func valuesFillTheRangeEvenly() {
    let random = CounterRandom(seed: 0, name: "x")
    let values = (0..<20_000).map { Double(random.symmetric($0)) }
    #expect(values.allSatisfy { $0 >= -1 && $0 < 1 })
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.map { $0 * $0 }.reduce(0, +) / Double(values.count)
    #expect(abs(mean) < 0.02)
    #expect(abs(variance - 1.0 / 3) < 0.01)
  }

  @Test func seedAndNameBothMatter() {
    let one = CounterRandom(seed: 1, name: "x").bits(0)
    #expect(one != CounterRandom(seed: 2, name: "x").bits(0))
    #expect(one != CounterRandom(seed: 1, name: "y").bits(0))
  }
}
