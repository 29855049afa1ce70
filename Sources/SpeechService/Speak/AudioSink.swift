import Foundation
import SpeechAudio
import SpeechCore

/// The destination of synthesised samples: encoded and sent piece by piece, or kept encoded until the end. It computes the
/// digest of the bytes that the client gets.
struct AudioSink {
  typealias Send = @Sendable (Data) async throws -> Void

  private let encoding: AudioEncoding
  private let encoder: AudioEncoder
  private let loudness: Double?
  private let send: Send?
  /// Kept only where their loudness is measured.
  private var samples: [Float] = []
  private var audio = Data()
  private var hash = SHA256()
  private(set) var sampleCount = 0

  /// - Parameters:
  ///   - process: encodes AAC.
  ///   - send: nil keeps the audio.
  /// - Throws: `invalid_request` for AAC without FFmpeg.
  init(_ request: SynthesisRequest, process: EncoderProcess?, send: Send?) throws(SpeechError) {
    encoding = request.encoding
    encoder = try AudioEncoder(encoding, isStream: send != nil, process: process)
    loudness = request.loudness
    self.send = send
  }

  mutating func append(_ new: [Float]) async throws {
    sampleCount += new.count
    if loudness != nil { samples += new } else { try await take(encoder.append(new)) }
  }

  /// - Returns: the encoded audio, nil when it was sent in pieces; the SHA-256 of its bytes, lower-case hex; warnings.
  mutating func finish() async throws -> (audio: Data?, sha256: String, warnings: [String]) {
    var warnings: [String] = []
    if let loudness {
      let (adjusted, reached) = Loudness.adjusted(
        samples, to: loudness, sampleRate: 24_000, channels: encoding.channels)
      samples = []
      try await take(encoder.append(adjusted))
      if let reached, abs(reached - loudness) > 0.5 {
        warnings = ["loudness: \((reached * 10).rounded() / 10) LUFS is the nearest without distortion"]
      }
    }
    try await take(encoder.finish())
    return (send == nil ? audio : nil, hash.finalize().hexadecimal, warnings)
  }

  private mutating func take(_ piece: Data) async throws {
    guard !piece.isEmpty else { return }
    hash.update(data: piece)
    if let send { try await send(piece) } else { audio += piece }
  }
}
