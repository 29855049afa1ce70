import Foundation
import Testing

@testable import AMQPAdapter

struct DeadLetterRetentionTests {
  private let now = Date(timeIntervalSince1970: 1_000_000)

  /// `#expect` can't call a mutating method of a value.
  private final class Subject {
    private var value: DeadLetterRetention

    init(_ limits: DeadLetterLimits) { value = DeadLetterRetention(limits: limits) }
    func isDue(count: Int, now: Date) -> Bool { value.isDue(count: count, now: now) }
    func verdict(deadAt: Date?, remaining: Int, now: Date) -> DeadLetterRetention.Verdict {
      value.verdict(deadAt: deadAt, remaining: remaining, now: now)
    }
  }

  private func retention(age: Int? = nil, count: Int? = nil) -> Subject {
    Subject(DeadLetterLimits(maximumAge: age.map { .seconds($0) }, maximumCount: count))
  }

  @Test func withoutLimitsNothingIsFetched() {
    let retention = retention()
    #expect(!retention.isDue(count: 1_000_000, now: now))
  }

  @Test func theOldestAreDroppedUntilTheNumberFits() {
    let retention = retention(count: 3)
    #expect(!retention.isDue(count: 0, now: now) && !retention.isDue(count: 3, now: now))
    #expect(retention.isDue(count: 4, now: now))
    #expect(retention.verdict(deadAt: now, remaining: 3, now: now) == .drop(.length))
    #expect(retention.verdict(deadAt: nil, remaining: 2, now: now) == .keep)
  }

  /// Two workers that fetch at once see different numbers, and only as many messages are dropped as necessary.
  @Test func twoWorkersDropNoMessageTooMany() {
    let (first, second) = (retention(count: 3), retention(count: 3))
    #expect(first.verdict(deadAt: now, remaining: 3, now: now) == .drop(.length))
    #expect(second.verdict(deadAt: now, remaining: 2, now: now) == .keep)
  }

  @Test func theOldestIsFetchedAgainOnlyWhenItCanBeTooOld() {
    let retention = retention(age: 100)
    #expect(retention.isDue(count: 5, now: now))
    #expect(retention.verdict(deadAt: now - 40, remaining: 4, now: now) == .keep)
    #expect(!retention.isDue(count: 500, now: now + 59))
    #expect(retention.isDue(count: 1, now: now + 60))
    #expect(retention.verdict(deadAt: now - 40, remaining: 0, now: now + 60) == .drop(.age))
  }

  @Test func anEmptyQueueIsForgotten() {
    let retention = retention(age: 100)
    #expect(retention.verdict(deadAt: now, remaining: 4, now: now) == .keep)
    #expect(!retention.isDue(count: 1, now: now))
    #expect(!retention.isDue(count: 0, now: now))
    #expect(retention.isDue(count: 1, now: now))
  }

  /// Messages of earlier versions have no time, and a client can invent one.
  @Test func anUnknownAgeStartsNow() {
    let retention = retention(age: 100)
    #expect(retention.verdict(deadAt: nil, remaining: 4, now: now) == .mark)
    #expect(retention.verdict(deadAt: now + 1000, remaining: 4, now: now) == .mark)
    #expect(retention.verdict(deadAt: now + 200, remaining: 4, now: now) == .keep)
  }
}
