import Foundation
import RabbitMQ
import SpeechAudio
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// The limits of memory and speech that clients can cause in the whole service.
@Suite struct BudgetTests {
  private func error(in reply: RawReply) -> SpeechError? {
    try? JSONDecoder().decode(ErrorReply.self, from: reply.body).error
  }

  /// F1: eight recordings whose header says that they would decode to half a gigabyte each, and normal requests at
  /// the same time. The decoder's tests check the decoded part of an accepted recording.
  @Test func recordingsOfGreatLengthAreRefusedAndInnocentRequestsAreSpoken() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "bombs"])
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "bombs"), replyMode: .direct)
    _ = try await client.synthesize(SynthesisRequest(text: "Warm."))
    let before = try service.memory("VmRSS")
    let tone = (0..<192_000).map { 0.25 * sin(Float($0 % 960) / 960 * 2 * .pi) }
    var recording = try AudioEncoder.encode(tone, format: .flac, sampleRate: 192_000)
    // The last 32 bits of STREAMINFO's count of samples.
    let frames = UInt32(598 * 192_000)
    for byte in 0..<4 { recording[22 + byte] = UInt8(truncatingIfNeeded: frames >> UInt32(24 - 8 * byte)) }
    let refusals = try await withThrowingTaskGroup(of: (Int, SpeechError?).self) { [recording] group in
      for number in 0..<16 {
        var request = SynthesisRequest(text: "Number \(number).")
        if number < 8 { request.voice = .inline(recording + Data(count: number + 1)) }
        let body = try JSONEncoder().encode(request)
        group.addTask { (number, error(in: try await client.send(body, to: "bombs"))) }
      }
      return try await group.reduce(into: [Int: SpeechError]()) { $0[$1.0] = $1.1 }
    }
    // All others were spoken.
    #expect(refusals.keys.sorted() == Array(0..<8))
    for error in refusals.values {
      #expect(error.code == .audioTooLarge && error.field == "speaker_wav_base64" && !error.isRetryable)
      #expect(error.message.contains("at most 57600000 samples"))
    }
    let growth = try service.memory("VmHWM") - before
    #expect(growth < 128 << 20, "grew by \(growth >> 20) MiB")
    await client.close()
  }

  /// F15: sixty clients that each send 31 MiB of a body of 32 without a token.
  @Test func bodiesThatNeverEndHoldNoMoreThanTheirBudget() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": "bodies"])
    _ = try await service.post("api/v1/tts/synthesize", ["text": "Warm."])
    let before = try service.memory("VmRSS")
    let port = try #require(service.baseURL.port)
    let sockets = try await withThrowingTaskGroup(of: BlockingSocket.self) { group in
      for _ in 0..<60 {
        group.addTask {
          let socket = try BlockingSocket(port: port)
          let head =
            "POST /api/v1/tts/synthesize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(32 << 20)\r\n\r\n"
          socket.send(Data(head.utf8))
          let piece = Data(repeating: 0x20, count: 1 << 20)
          // Stops where the service hangs up.
          for _ in 0..<31 where socket.send(piece) {}
          return socket
        }
      }
      return try await group.reduce(into: [BlockingSocket]()) { $0.append($1) }
    }
    let growth = try service.memory("VmHWM") - before
    // The budget, and what reading from sixty sockets takes.
    #expect(growth < (128 + 96) << 20, "grew by \(growth >> 20) MiB")
    // Words alone get through.
    #expect(try await service.post("api/v1/tts/synthesize", ["text": "Beside them."]).status == 200)
    withExtendedLifetime(sockets) {}
  }

  /// F30, over both transports.
  @Test func whatIsSpokenOfATextHasALimit() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(
      broker: broker.url, settings: ["SPEECHBUS_QUEUE": "spoken", "SPEECHBUS_MAX_SPOKEN_TEXT": "100"])
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "spoken"), replyMode: .direct)
    let text = "999999999 999999999"
    let body = try JSONEncoder().encode(SynthesisRequest(text: text))
    let error = try #require(error(in: try await client.send(body, to: "spoken")))
    #expect(error.code == .textTooLong && error.field == "text" && !error.isRetryable)
    #expect(error.message.contains("at most 100 "))
    for (path, body) in [("api/v1/tts/synthesize", ["text": text]), ("v1/audio/speech", ["input": text])] {
      let answer = try await service.post(path, body)
      #expect(answer.status == 422)
      #expect(String(decoding: answer.body, as: UTF8.self).contains(#""code":"text_too_long""#))
    }
    _ = try await client.synthesize(SynthesisRequest(text: "Few digits: 9."))
    await client.close()
  }
}

/// A TCP connection to this machine that sends and never reads.
private final class BlockingSocket: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let outcome = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard outcome == 0 else { throw ServiceProcess.Failure(description: "can't connect to port \(port)") }
  }

  deinit { close(descriptor) }

  /// - Returns: false when the other side has hung up.
  @discardableResult func send(_ data: Data) -> Bool {
    data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Foundation.send(
          descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }
}
