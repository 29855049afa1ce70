import Foundation
import Testing

@testable import Downloads

/// Decisions that are computed without I/O: retries, plan, disk space.
@Suite struct PolicyTests {
  @Test func backOffDoublesUpToItsLimitAndJitters() {
    var policy = RetryPolicy()
    policy.failureLimit = 20
    func wait(_ count: Int, _ jitter: Double) -> RetryPolicy.Decision {
      policy.decision(after: .stalled, failureCount: count, jitter: jitter)
    }
    #expect(wait(1, 1) == .wait(.milliseconds(500)))
    #expect(wait(2, 0) == .wait(.seconds(2)))
    #expect(wait(3, 0.5) == .wait(.seconds(3)))
    #expect(wait(19, 1) == .wait(.seconds(30)))
  }

  @Test func theAttemptsEnd() {
    let decision = RetryPolicy().decision(after: .stalled, failureCount: 6, jitter: 0)
    #expect(decision == .giveUp("the transfer stalled; gave up after 6 attempts without progress"))
  }

  @Test func theServersWishCountsUpToALimit() {
    let policy = RetryPolicy()
    func decision(_ seconds: Int) -> RetryPolicy.Decision {
      policy.decision(after: .status(429, retryAfter: .seconds(seconds)), failureCount: 1, jitter: 0)
    }
    #expect(decision(0) == .wait(.zero))
    #expect(decision(300) == .wait(.seconds(300)))
    #expect(decision(301) == .giveUp("the server answered 429 and asks to wait 301 s"))
  }

  @Test func spaceIsComparedWithAMargin() throws {
    let margin = FreeSpace.marginByteCount
    try FreeSpace.check(remaining: 100, available: margin + 100, directory: "d")
    try FreeSpace.check(remaining: 100, available: nil, directory: "d")
    try FreeSpace.check(remaining: 0, available: 0, directory: "d")
    let error = #expect(throws: DownloadError.self) {
      try FreeSpace.check(remaining: 101, available: margin + 100, directory: "d")
    }
    #expect(error?.code == .noSpace)
    #expect((FreeSpace.available("/tmp") ?? 0) > 0)
    #expect(FreeSpace.available("/nowhere/at/all") == nil)
  }

  private func file(_ name: String, _ byteCount: Int, isRequired: Bool = true) -> RepositoryFile {
    RepositoryFile(
      name: name, byteCount: byteCount, digest: .sha256(String(repeating: "0", count: 64)), isRequired: isRequired)
  }

  @Test func thePlanFetchesWhatIsMissing() throws {
    let files = [file("a", 1), file("b", 3), file("c", 2), file("d", 4, isRequired: false)]
    let plan = try DownloadPlan(
      files: files, present: ["a": DownloadPlan.Present(byteCount: 1), "b": DownloadPlan.Present(byteCount: 2)],
      replacesOtherFiles: true, directory: "x")
    #expect(plan.keep.map(\.name) == ["a"])
    #expect(plan.fetch.map(\.name) == ["b", "c", "d"])
    #expect(!plan.isComplete)
    #expect(plan.remainingByteCount(parts: [:]) == 9)
    // A part that is too long does not reduce the remaining bytes.
    #expect(plan.remainingByteCount(parts: ["d": 1, "b": 4]) == 8)
  }

  @Test func thePlanIsCompleteWithoutWhatIsOptional() throws {
    let plan = try DownloadPlan(
      files: [file("a", 1), file("d", 4, isRequired: false)], present: ["a": DownloadPlan.Present(byteCount: 1)],
      replacesOtherFiles: false, directory: "x")
    #expect(plan.isComplete)
  }

  @Test func thePlanReplacesWrongDigestsOnlyWhenTheyWereHashed() throws {
    let right = DownloadPlan.Present(byteCount: 1, matchesDigest: true)
    let wrong = DownloadPlan.Present(byteCount: 1, matchesDigest: false)
    let plan = try DownloadPlan(
      files: [file("a", 1), file("b", 1)], present: ["a": right, "b": wrong], replacesOtherFiles: true,
      directory: "x")
    #expect(plan.fetch.map(\.name) == ["b"])
  }
}
