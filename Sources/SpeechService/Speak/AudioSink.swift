import Foundation
import SpeechAudio
import SpeechCore

/// Where synthesised samples go: encoded and sent piece by piece, or kept until the end and encoded whole.
/// Either way it knows the digest of the bytes the client gets.
struct AudioSink {
  private enum Mode {
    case whole
    case pieces(AudioEncoder, send: @Sendable (Data) async throws -> Void)
  }

  private let format: AudioFormat
  private let mode: Mode
  private var samples: [Float] = []
  private var hash = SHA256()
  private(set) var sampleCount = 0

  init(format: AudioFormat, send: (@Sendable (Data) async throws -> Void)?) throws(SpeechError) {
    self.format = format
    if let send {
      mode = .pieces(try AudioEncoder(format: format), send: send)
    } else {
      mode = .whole
    }
  }

  mutating func append(_ new: [Float]) async throws {
    sampleCount += new.count
    switch mode {
    case .whole:
      samples += new
    case .pieces(let encoder, let send):
      try await self.send(encoder.append(new), through: send)
    }
  }

  /// - Returns: the encoded audio, nil when it was sent in pieces; and the SHA-256 of its bytes, lower-case hex.
  mutating func finish() async throws -> (audio: Data?, sha256: String) {
    switch mode {
    case .whole:
      let audio = try AudioEncoder.encode(samples, format: format)
      hash.update(data: audio)
      return (audio, hash.finalize().hexadecimal)
    case .pieces(let encoder, let send):
      try await self.send(encoder.finish(), through: send)
      return (nil, hash.finalize().hexadecimal)
    }
  }

  private mutating func send(_ piece: Data, through send: @Sendable (Data) async throws -> Void) async throws {
    guard !piece.isEmpty else { return }
    hash.update(data: piece)
    try await send(piece)
  }
}
