import Testing

@testable import XTTSEngine

@Suite struct WindowPolicyTests {
  @Test func windowsGrow() {
    #expect((0..<6).map(WindowPolicy().due(of:)) == [8, 24, 56, 120, 184, 248])
    #expect((0..<5).map(WindowPolicy.kernels.due(of:)) == [8, 16, 32, 48, 64])
    #expect((0..<3).map(WindowPolicy(firstCodes: 5, secondCodes: 9, maximumCodes: 9).due(of:)) == [5, 14, 23])
  }

  @Test(arguments: [1, 4, 7, 8, 9, 23, 24, 100, 605])
  func everyCodeIsInExactlyOneWindow(count: Int) {
    let policy = WindowPolicy()
    var covered = 0
    var index = 0
    var hadLast = false
    while let window = policy.window(index, codes: count, ended: true) {
      #expect(!hadLast && window.codes.lowerBound == covered && (window.isLast || !window.codes.isEmpty))
      // The windows that were due while the segment ran are the same.
      if let early = policy.window(index, codes: count, ended: false) { #expect(early == window) }
      covered = window.codes.upperBound
      hadLast = window.isLast
      index += 1
    }
    #expect(covered == count && hadLast)
  }

  @Test func commitsWhatDecodedAudioDependsOn() {
    let policy = WindowPolicy()
    #expect([0, 7, 8, 23, 24, 100, 605].map(policy.committed(within:)) == [0, 0, 8, 8, 24, 56, 568])
  }
}
