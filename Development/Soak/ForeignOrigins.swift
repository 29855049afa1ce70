import Foundation
import FoundationNetworking
import SpeechCore
import Synchronization

/// Requests that a browser sends for a page of another origin without asking first: posts without a JSON content type.
/// Deletions are sent too. Each is refused with 403, and the voices stay as they are.
final class ForeignOrigins: Sendable {
  struct Attempt: Sendable, Equatable {
    var method = "POST"
    var path = "api/v1/tts/voices"
    var origin: String
    var contentType: String?
    var body = Data()
  }

  struct Count: Sendable, Equatable {
    var sent = 0
    var refused = 0
    /// Voices that exist only before or only after the attempts.
    var changedVoices = 0
  }

  private let counts = Mutex<Count?>(nil)

  /// Nil until attempts were made.
  var count: Count? { counts.withLock { $0 } }

  static let origins = ["https://foreign.example", "http://localhost.foreign.example", "null"]

  /// - Parameters:
  ///   - registration: the JSON of a registration.
  ///   - voices: the ids to delete.
  static func attempts(registration: Data, voices: [String]) -> [Attempt] {
    origins.flatMap { origin in
      let registrations = [
        "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
      ].map { type in
        let form = "--b\r\nContent-Disposition: form-data; name=\"display_name\"\r\n\r\nForeign\r\n--b--\r\n"
        return Attempt(
          origin: origin, contentType: type, body: type.hasPrefix("multipart") ? Data(form.utf8) : registration)
      }
      return registrations + voices.map { Attempt(method: "DELETE", path: "api/v1/tts/voices/\($0)", origin: origin) }
    }
  }

  /// Sends all attempts to a worker and counts the refusals.
  /// - Parameter url: the worker's address.
  func attack(_ url: URL) async throws {
    let before = try await voices(url)
    let body = try JSONEncoder().encode(["display_name": "Foreign", "speaker_wav_base64": "UklGRg=="])
    var count = self.count ?? Count()
    for attempt in Self.attempts(registration: body, voices: before.sorted()) {
      var request = URLRequest(url: url.appending(path: attempt.path))
      request.httpMethod = attempt.method
      request.setValue(attempt.origin, forHTTPHeaderField: "Origin")
      if let type = attempt.contentType { request.setValue(type, forHTTPHeaderField: "Content-Type") }
      request.httpBody = attempt.body
      count.sent += 1
      if try await send(request).status == 403 { count.refused += 1 }
    }
    count.changedVoices += try await voices(url).symmetricDifference(before).count
    counts.withLock { [count] in $0 = count }
  }

  private struct Voices: Decodable {
    var voices: [VoiceSummary]
  }

  private func voices(_ url: URL) async throws -> Set<String> {
    let reply = try await send(URLRequest(url: url.appending(path: "api/v1/tts/voices")))
    return Set(try JSONDecoder().decode(Voices.self, from: reply.body).voices.map(\.voiceID))
  }

  private func send(_ request: URLRequest) async throws -> (status: Int, body: Data) {
    let (body, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, body)
  }
}
