import Foundation
import SpeechAudio
import SpeechCore

/// Recordings that are small to send and large to decode: minutes at 192 kHz, silent after the first seconds.
struct AudioBombs: Sendable {
  /// Just over the limit of samples: refused by its header.
  private let refused: Data
  /// Just under it: spoken, and only what is used of it is decoded.
  private let accepted: Data
  /// SHA-256 of what is spoken with the voice of the second.
  private let sha256: String

  static let sampleRate = 192_000

  /// - Parameter speak: gives the digest of a request's audio.
  init(speak: (SynthesisRequest) async throws -> String) async throws {
    refused = try Self.recording(seconds: 301)
    accepted = try Self.recording(seconds: 299)
    sha256 = try await speak(Self.request(accepted))
  }

  static func recording(seconds: Int) throws -> Data {
    let samples = (0..<seconds * sampleRate).map { frame -> Float in
      frame < 2 * sampleRate ? 0.25 * sin(Float(frame % 960) / 960 * 2 * .pi) : 0
    }
    return try AudioEncoder.encode(samples, format: .flac, sampleRate: sampleRate)
  }

  private static func request(_ recording: Data) -> SynthesisRequest {
    var request = SynthesisRequest(text: "A voice of its own.", voice: .inline(recording), format: .pcm)
    // By default the seed follows from the recording's bytes, of which no two are the same here.
    request.seed = 1
    return request
  }

  /// The bomb of a number, each with other bytes, so that none is known from before.
  func offer(_ number: Int) throws -> Offer {
    let isRefused = number.isMultiple(of: 2)
    let recording = (isRefused ? refused : accepted) + Data(count: number + 1)
    return Offer(
      id: "bomb-\(number)", kind: .patient, body: try JSONEncoder().encode(Self.request(recording)),
      sha256: isRefused ? nil : sha256, refusal: isRefused ? .audioTooLarge : nil)
  }
}
