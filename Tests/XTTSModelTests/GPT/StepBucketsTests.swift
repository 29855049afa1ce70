import Testing

@testable import XTTSModel

@Suite struct StepBucketsTests {
  @Test func coverEveryStepWithFewShapes() {
    let buckets = StepBuckets(slotCount: 48, slotCapacity: 1042)
    #expect(buckets.slotCounts == [1, 2, 4, 8, 16, 32, 48])
    #expect(buckets.lengths == [128, 192, 256, 384, 512, 768, 1024, 1042])
    for (slots, length, expected) in [([0], 1, (1, 128)), ([5], 129, (8, 192)), ([1, 33], 1042, (48, 1042))] {
      let shape = buckets.shape(slots: slots, length: length)
      #expect(shape == StepBuckets.Shape(slots: 0..<expected.0, length: expected.1))
      #expect(buckets.all.contains(shape))
    }
    #expect(buckets.all.first == StepBuckets.Shape(slots: 0..<48, length: 1042))
    #expect(Set(buckets.all).count == 7 * 8)
  }

  @Test func smallModelsHaveOneLength() {
    let buckets = StepBuckets(slotCount: 1, slotCapacity: 100)
    #expect(buckets.all == [StepBuckets.Shape(slots: 0..<1, length: 100)])
  }

  @Test func pinnedIsOneShape() {
    let buckets = StepBuckets(slotCount: 6, slotCapacity: 500, isPinned: true)
    #expect(buckets.all == [StepBuckets.Shape(slots: 0..<6, length: 500)])
    #expect(buckets.shape(slots: [0], length: 3) == buckets.all[0])
  }
}
