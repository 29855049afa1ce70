import Testing

@testable import XTTSEngine

@Suite struct WindowPolicyTests {
  @Test func windowsGrowAndMeet() {
    let policy = WindowPolicy()
    #expect((0..<6).map(policy.start(of:)) == [0, 5, 21, 53, 117, 181])
    #expect((0..<5).map(policy.due(of:)) == [8, 24, 56, 120, 184])
    #expect((0..<50).allSatisfy { policy.end(of: $0) == policy.start(of: $0 + 1) })
  }

  @Test(arguments: [1, 4, 7, 8, 9, 23, 24, 100, 605])
  func everyCodeIsInExactlyOneWindow(count: Int) {
    let policy = WindowPolicy()
    var covered = 0
    var index = 0
    while let window = policy.window(index, codes: count, ended: true) {
      #expect(window.lowerBound == covered && !window.isEmpty)
      // What could be decoded earlier was cut the same way.
      if let early = policy.window(index, codes: count - 1, ended: false) { #expect(early == window) }
      covered = window.upperBound
      index += 1
    }
    #expect(covered == count)
  }

  @Test func commitsWhatDecodedAudioDependsOn() {
    let policy = WindowPolicy()
    #expect([0, 7, 8, 23, 24, 100, 605].map(policy.committed(within:)) == [0, 0, 8, 8, 24, 56, 568])
  }
}
