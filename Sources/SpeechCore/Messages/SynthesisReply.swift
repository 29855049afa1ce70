import Foundation

/// The answer to a synthesis request, as JSON on every transport.
public struct SynthesisReply: Sendable, Equatable {
  /// The durations of one synthesis.
  public struct Timings: Codable, Sendable, Equatable {
    /// From receipt to the first slot.
    public var queueSeconds: Double
    /// From receipt to the first audio.
    public var firstAudioSeconds: Double
    /// From receipt to the end.
    public var totalSeconds: Double
    /// Seconds of work per second of audio; below 1 is faster than real time.
    public var realTimeFactor: Double

    public init(queueSeconds: Double, firstAudioSeconds: Double, totalSeconds: Double, realTimeFactor: Double) {
      self.queueSeconds = queueSeconds
      self.firstAudioSeconds = firstAudioSeconds
      self.totalSeconds = totalSeconds
      self.realTimeFactor = realTimeFactor
    }

    private enum CodingKeys: String, CodingKey {
      case queueSeconds = "queue_seconds"
      case firstAudioSeconds = "first_audio_seconds"
      case totalSeconds = "total_seconds"
      case realTimeFactor = "real_time_factor"
    }
  }

  /// `ok`; an ``ErrorReply`` has `error`.
  public private(set) var status = "ok"
  /// The id of the request in records: 32 hex digits.
  public var requestID: String
  /// The format of the audio.
  public var format: AudioFormat
  /// Hertz.
  public var sampleRate: Int
  /// Encoded audio; nil when it was streamed or stored.
  public var audio: Data?
  /// The address of stored audio: `/api/v1/tts/audio/<request_id>`, after `SPEECHBUS_STORE_URL`.
  public var audioURL: String?
  /// Seconds of audio.
  public var durationSeconds: Double
  /// The voice that spoke.
  public var speakerID: String
  /// The language that was spoken.
  public var language: Language
  /// The seed that gives the same audio again.
  public var seed: UInt64
  /// SHA-256 of the decoded audio bytes, lower-case hex.
  public var sha256: String
  /// The pieces of the text, in order.
  public var segments: [SegmentReport]
  /// The times of the text's marks; nil for a text without any.
  public var marks: [MarkTime]?
  /// The lexicons that were used, with their versions; nil for none.
  public var lexiconVersion: String?
  /// Durations for the client's records.
  public var timings: Timings
  /// The model that spoke.
  public var model: ModelDescription
  /// Notes for the client, such as ignored fields.
  public var warnings: [String]

  public init(
    requestID: String, format: AudioFormat, sampleRate: Int, audio: Data?, audioURL: String? = nil,
    durationSeconds: Double, speakerID: String, language: Language, seed: UInt64, sha256: String,
    segments: [SegmentReport], timings: Timings, model: ModelDescription, warnings: [String]
  ) {
    self.requestID = requestID
    self.format = format
    self.sampleRate = sampleRate
    self.audio = audio
    self.audioURL = audioURL
    self.durationSeconds = durationSeconds
    self.speakerID = speakerID
    self.language = language
    self.seed = seed
    self.sha256 = sha256
    self.segments = segments
    self.timings = timings
    self.model = model
    self.warnings = warnings
  }
}

extension SynthesisReply: Codable {
  private enum CodingKeys: String, CodingKey {
    case status, format, language, seed, sha256, segments, timings, model, warnings, marks
    case requestID = "request_id"
    case sampleRate = "sample_rate"
    case audio = "audio_base64"
    case audioURL = "audio_url"
    case durationSeconds = "duration_seconds"
    case speakerID = "speaker_id"
    case lexiconVersion = "lexicon_version"
  }
}

/// The time of a mark of SSML.
public struct MarkTime: Codable, Sendable, Equatable {
  public var name: String
  /// Seconds from the start of the audio.
  public var time: Double

  public init(name: String, time: Double) {
    self.name = name
    self.time = time
  }
}

/// The answer when a request failed.
public struct ErrorReply: Codable, Sendable, Equatable {
  /// Always `error`.
  public var status: String
  /// The id of the request in records: 32 hex digits.
  public var requestID: String
  /// The reason, with the invalid field.
  public var error: SpeechError

  public init(requestID: String, error: SpeechError) {
    status = "error"
    self.requestID = requestID
    self.error = error
  }

  private enum CodingKeys: String, CodingKey {
    case status, error
    case requestID = "request_id"
  }
}
