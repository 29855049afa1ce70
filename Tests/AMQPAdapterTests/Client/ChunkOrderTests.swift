import Foundation
import RabbitMQ
import SpeechCore
import Testing

@testable import AMQPAdapter

struct ChunkOrderTests {
  private func piece(_ sequence: Int, isFinal: Bool = false) throws -> RawReply {
    let body = try WireJSON.encode(ReplyBody.Chunk(sequence: sequence, audio: Data([UInt8(sequence)])))
    let headers: FieldTable = ["x-tts-sequence": .integer(Int64(sequence)), "x-tts-final": .bool(isFinal)]
    return RawReply(Message(properties: MessageProperties(headers: headers), body: body))
  }

  @Test func repeatedPiecesArePassedOver() throws {
    let order = ChunkOrder()
    #expect(try order.accept(piece(0)) == Data([0]))
    #expect(try order.accept(piece(1)) == Data([1]))
    // A redelivered request streams from its beginning.
    #expect(try order.accept(piece(0)) == nil)
    #expect(try order.accept(piece(1)) == nil)
    #expect(try order.accept(piece(2)) == Data([2]))
    #expect(try order.accept(piece(3, isFinal: true)) == nil)
  }

  @Test func aGapIsAnError() throws {
    let order = ChunkOrder()
    _ = try order.accept(piece(0))
    let error = #expect(throws: AMQPAdapterError.self) { try order.accept(piece(2)) }
    #expect(error?.code == .badReply)
    #expect(throws: AMQPAdapterError.self) { try ChunkOrder().accept(piece(1, isFinal: true)) }
  }

  @Test func wholeRepliesHaveNoNumber() throws {
    let whole = RawReply(Message(body: Data("{}".utf8)))
    #expect(whole.isFinal && whole.sequence == nil)
    #expect(try ChunkOrder().accept(whole) == nil)
  }

  @Test func nonsenseInAPieceIsAnError() throws {
    var message = Message(body: Data("{}".utf8))
    message.properties.headers = ["x-tts-sequence": 0, "x-tts-final": false]
    #expect(throws: AMQPAdapterError.self) { try ChunkOrder().accept(RawReply(message)) }
  }
}
