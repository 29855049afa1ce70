import Foundation
import SpeechAudio
import SpeechCore

/// Recordings that are small to send and large to decode: minutes at 192 kHz, silent after the first seconds.
struct AudioBombs: Sendable {
  /// Slightly over the limit of samples: refused because of its header.
  private let refused: Data
  /// Slightly under the limit: used for synthesis, and decoded only up to the used length.
  private let accepted: Data
  /// The SHA-256 of the audio with the voice of the second recording.
  private let sha256: String

  static let sampleRate = 192_000

  /// - Parameter speak: returns the digest of a request's audio.
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
    var request = SynthesisRequest(text: "A voice from a long recording.", voice: .inline(recording), format: .pcm)
    // By default the seed is derived from the recording's bytes, which differ in each request here.
    request.seed = 1
    return request
  }

  /// The request with this number. Its recording differs from all others, so that no voice is in the cache.
  func offer(_ number: Int) throws -> Offer {
    let isRefused = number.isMultiple(of: 2)
    let recording = (isRefused ? refused : accepted) + Data(count: number + 1)
    var offer = Offer(
      id: "bomb-\(number)", kind: .patient, body: try JSONEncoder().encode(Self.request(recording)),
      sha256: isRefused ? nil : sha256, refusal: isRefused ? .audioTooLarge : nil)
    offer.fault = .audioBombs
    return offer
  }
}
