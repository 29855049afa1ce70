import Foundation
import Testing

@testable import RabbitMQ

struct ContentAssemblerTests {
  private let start = ContentStart.returned(code: 312, text: "NO_ROUTE")

  @Test func emptyBodiesAreWholeAtTheHeader() {
    var assembler = ContentAssembler(maxBodyBytes: 10)
    assembler.begin(start)
    #expect(assembler.header(MessageProperties(), bodyByteCount: 0)?.1.body.isEmpty == true)
  }

  @Test func fragmentsAreJoined() {
    var assembler = ContentAssembler(maxBodyBytes: 10)
    assembler.begin(start)
    #expect(assembler.header(MessageProperties(messageID: "m"), bodyByteCount: 5) == nil)
    #expect(assembler.append(Data("abc".utf8)) == nil)
    let whole = assembler.append(Data("de".utf8))
    #expect(whole?.0 == start)
    #expect(whole?.1.body == Data("abcde".utf8) && whole?.1.properties.messageID == "m")
  }

  @Test func bodiesOverTheLimitAreCountedNotKept() {
    var assembler = ContentAssembler(maxBodyBytes: 4)
    assembler.begin(start)
    #expect(assembler.header(MessageProperties(), bodyByteCount: 6) == nil)
    #expect(assembler.append(Data("abc".utf8)) == nil)
    let message = assembler.append(Data("def".utf8))?.1
    #expect(message?.isBodyTooLarge == true && message?.bodyByteCount == 6 && message?.body.isEmpty == true)
  }

  @Test func framesWithoutAMethodAreIgnored() {
    var assembler = ContentAssembler(maxBodyBytes: 4)
    #expect(assembler.append(Data("x".utf8)) == nil)
    #expect(assembler.header(MessageProperties(), bodyByteCount: .max) == nil)
    #expect(assembler.append(Data("x".utf8)) == nil)
  }
}
