import Foundation
import FoundationNetworking
import SpeechCore
import Synchronization
import TestSupport

/// Restarts a worker as an orchestrator does, while it streams over HTTP. No stream is cut, and no request is lost.
final class RollingRestart: Sendable {
  struct Count: Sendable, Equatable {
    var sent = 0
    /// Streams with the audio that the text has alone.
    var whole = 0
    /// Answered with 503 and an error in JSON before any audio: the client may try again.
    var refused = 0
  }

  /// The streams and the requests for each restart.
  static let load = 20

  private let body: Data
  private let sha256: String
  private let session: URLSession
  private let counts = Mutex<Count?>(nil)

  /// Nil until a worker was restarted.
  var count: Count? { counts.withLock { $0 } }

  /// - Parameters:
  ///   - body: the JSON of a streamed request.
  ///   - sha256: the digest of its audio.
  init(body: Data, sha256: String) {
    self.body = body
    self.sha256 = sha256
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = 2 * Self.load
    configuration.timeoutIntervalForRequest = 120
    session = URLSession(configuration: configuration)
  }

  /// The same request on the bus.
  func offer(_ id: String) -> Offer {
    var offer = Offer(id: "rolling-\(id)", kind: .streamed, body: body, sha256: sha256)
    offer.fault = .rollingRestart
    return offer
  }

  /// Starts the streams and the requests, ends the worker with SIGTERM, starts it again and waits until it is ready and
  /// the streams have ended.
  /// - Parameter send: sends the request of a number over the bus.
  func restart(_ worker: Worker, send: (Int) -> Void) async throws {
    guard let url = worker.url()?.appending(path: "api/v1/tts/synthesize") else {
      throw SoakFailure("worker \(worker.name) has no port")
    }
    let ready = worker.logCount("ready")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<Self.load {
        send(number)
        group.addTask { await self.stream(url) }
      }
      try await Task.sleep(for: .milliseconds(500))
      await worker.kill(SIGTERM)
      try worker.start()
      try await group.waitForAll()
    }
    try await eventually("worker \(worker.name) is ready", within: .seconds(120)) {
      worker.logCount("ready") > ready
    }
  }

  private func stream(_ url: URL) async {
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.httpBody = body
    let answer = try? await session.data(for: request)
    let status = (answer?.1 as? HTTPURLResponse)?.statusCode
    let isWhole = answer.map { SHA256.hash(data: $0.0).hex == sha256 } ?? false
    let isRefused = status == 503 && answer.map { $0.0.first == UInt8(ascii: "{") } ?? false
    if !isWhole {
      let text = answer.map { String(decoding: $0.0.prefix(200), as: UTF8.self) } ?? "no answer"
      let kind = isRefused ? "refused" : "cut"
      FileHandle.standardError.write(Data("soak: a stream was \(kind), status \(status ?? 0): \(text)\n".utf8))
    }
    counts.withLock { count in
      var sum = count ?? Count()
      sum.sent += 1
      sum.whole += isWhole ? 1 : 0
      sum.refused += isRefused ? 1 : 0
      count = sum
    }
  }
}
