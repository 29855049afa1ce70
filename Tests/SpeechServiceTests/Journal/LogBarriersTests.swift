import Testing

@testable import SpeechService

struct LogBarriersTests {
  @Test func callersThatArriveWhileABarrierIsInTheLogShareTheNextOne() {
    var barriers = LogBarriers<String>()
    var published = [barriers.publish("no callers")]
    barriers.add("first", number: barriers.number())
    published.append(barriers.publish("a"))
    barriers.add("second", number: barriers.number())
    barriers.add("third", number: barriers.number())
    published.append(barriers.publish("too early"))
    let ended = [barriers.end("unknown"), barriers.end("a"), barriers.end("a")]
    published.append(barriers.publish("b"))
    let last = barriers.end("b").sorted()
    #expect(published == [false, true, false, true])
    #expect(ended == [[], ["first"], []])
    #expect(last == ["second", "third"])
  }

  @Test func aBarrierThatNobodyWaitsForBlocksNoOther() {
    var barriers = LogBarriers<String>()
    let (lost, waiting) = (barriers.number(), barriers.number())
    barriers.add("lost", number: lost)
    var published = [barriers.publish("a")]
    barriers.add("waiting", number: waiting)
    let removed = [barriers.remove(lost), barriers.remove(lost)]
    published.append(barriers.publish("b"))
    let ended = [barriers.end("a"), barriers.end("b")]
    #expect(published == [true, true])
    #expect(removed == ["lost", nil])
    #expect(ended == [[], ["waiting"]])
  }
}
