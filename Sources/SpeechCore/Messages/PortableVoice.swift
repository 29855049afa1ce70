import Foundation

/// The formats in which the latents of a voice are exported.
public enum LatentsFormat: String, CaseIterable, Sendable, Codable {
  /// `gpt_cond_latent` and `speaker_embedding` as nested arrays, as AllTalk keeps them.
  case json
  case safetensors

  public var mediaType: String { self == .json ? "application/json" : "application/octet-stream" }
}

/// The files with latents that can be imported, by their first bytes.
public enum LatentsFile: Sendable {
  case json
  /// A safetensors file, or a dictionary of two tensors, as `torch.save` writes it.
  case tensors

  /// Nil for a file of another kind, such as a recording.
  public init?(firstBytes bytes: Data) {
    let start = Array(bytes.prefix(16))
    let brace = UInt8(ascii: "{")
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04])
      || (start.count > 8 && start[8] == brace && start[3...7].allSatisfy { $0 == 0 })
    {
      self = .tensors
    } else if start.first(where: { !" \t\r\n".utf8.contains($0) }) == brace {
      self = .json
    } else {
      return nil
    }
  }
}

/// A voice as a file that another installation can import.
public struct ExportedVoice: Sendable, Equatable {
  public var voice: VoiceSummary
  public var format: LatentsFormat
  /// The bytes of the file.
  public var file: Data

  public init(voice: VoiceSummary, format: LatentsFormat, file: Data) {
    (self.voice, self.format, self.file) = (voice, format, file)
  }
}

/// A request for the list of voices, or for one of them as a file.
public struct VoiceListRequest: RequestMessage {
  /// The voice to export, as `speaker_id` names it; nil for the list.
  public let exported: String?
  public let format: LatentsFormat

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    exported = try fields.text("export", atMost: 1_024)
    format = exported == nil ? .json : try fields.choice("format") ?? .json
  }
}

extension VoiceConditioning {
  /// Bytes of the largest file that is read.
  public static let maximumFileBytes = 4 << 20
  /// Latents and embeddings of the published model are below 100.
  public static let largestValue: Float = 1e6

  /// Whether all values are numbers, and not larger than ``largestValue``.
  public var isBounded: Bool {
    (gptLatents + speakerEmbedding).allSatisfy { abs($0) <= Self.largestValue }
  }
}
