import Foundation

/// The way in which a voice is computed from its recordings, with upstream's names. Nil takes the model's `config.json`.
public struct CloningSettings: Codable, RequestMessage, Equatable {
  /// Seconds of all recordings together for the GPT.
  public var conditioningSeconds: Int?
  /// Seconds of the pieces that are encoded separately and averaged.
  public var chunkSeconds: Int?
  /// Seconds of each recording.
  public var maximumReferenceSeconds: Int?
  /// Whether each recording is first scaled to a peak of 0.75.
  public var normalizesLoudness: Bool?

  /// The names of the fields in messages.
  public static let fieldNames = CodingKeys.allCases.map(\.rawValue)
  public static let conditioningSecondsRange = 1...600
  /// The memory of the computation rises with the square.
  public static let chunkSecondsRange = 1...30
  /// A recording is stored up to this length.
  public static let maximumReferenceSecondsRange = 1...60

  public init() {}

  /// Reads the fields of a message.
  /// - Throws: `invalid_request`, with the field and its limits.
  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    conditioningSeconds = try fields.number(CodingKeys.conditioningSeconds.rawValue, in: Self.conditioningSecondsRange)
    chunkSeconds = try fields.number(CodingKeys.chunkSeconds.rawValue, in: Self.chunkSecondsRange)
    maximumReferenceSeconds = try fields.number(
      CodingKeys.maximumReferenceSeconds.rawValue, in: Self.maximumReferenceSecondsRange)
    normalizesLoudness = try fields.flag(CodingKeys.normalizesLoudness.rawValue)
  }

  /// Reads a message body. Throws as ``SynthesisRequest/decode(_:)`` does.
  public static func decode(_ body: Data) throws(SpeechError) -> CloningSettings {
    try RequestBody<CloningSettings>(body).message.get()
  }

  /// Whether all values are the model's.
  public var isEmpty: Bool { self == CloningSettings() }

  /// Whether all values are within their ranges.
  public var isValid: Bool {
    conditioningSeconds.map(Self.conditioningSecondsRange.contains) ?? true
      && chunkSeconds.map(Self.chunkSecondsRange.contains) ?? true
      && maximumReferenceSeconds.map(Self.maximumReferenceSecondsRange.contains) ?? true
  }

  /// The values by wire name.
  public var wireValues: [String: String] {
    let values: [CodingKeys: (any CustomStringConvertible)?] = [
      .conditioningSeconds: conditioningSeconds, .chunkSeconds: chunkSeconds,
      .maximumReferenceSeconds: maximumReferenceSeconds, .normalizesLoudness: normalizesLoudness,
    ]
    return Dictionary(uniqueKeysWithValues: values.compactMap { key, value in value.map { (key.rawValue, "\($0)") } })
  }

  /// The values, such as `gpt_cond_len=12`, in a fixed order.
  public var parts: [String] { wireValues.map { "\($0)=\($1)" }.sorted() }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case conditioningSeconds = "gpt_cond_len"
    case chunkSeconds = "gpt_cond_chunk_len"
    case maximumReferenceSeconds = "max_ref_len"
    case normalizesLoudness = "sound_norm_refs"
  }
}
