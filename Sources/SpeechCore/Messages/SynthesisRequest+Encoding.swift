extension SynthesisRequest {
  /// The form of the reply's audio, with defaults filled in.
  public var encoding: AudioEncoding {
    AudioEncoding(format, sampleRate: sampleRate, channels: channels ?? 1, bitrate: bitrate)
  }
}

extension StrictFields<SpeechError> {
  /// Reads `sample_rate`, `channels`, `bitrate` and `loudness`, after the format is known.
  /// - Returns: warnings.
  func readOutput(into request: inout SynthesisRequest) throws(SpeechError) -> [String] {
    request.sampleRate = try one(of: AudioEncoding.sampleRates, "sample_rate")
    request.channels = try one(of: [1, 2], "channels")
    request.bitrate = try number("bitrate", in: AudioEncoding.bitrates)
    request.loudness = try number("loudness", in: AudioEncoding.loudness)
    let encoding = request.encoding
    if request.format == .opus, ![8_000, 16_000, 24_000, 48_000].contains(encoding.sampleRate) {
      throw error("sample_rate", "must be 8000, 16000, 24000 or 48000 for opus")
    }
    guard let bitrate = request.bitrate else { return [] }
    guard encoding.possibleBitrates != nil else {
      throw error("bitrate", "is for mp3, opus, aac and m4a; \(request.format.rawValue) has none")
    }
    guard let nearest = encoding.bitrate, nearest != bitrate else { return [] }
    return ["bitrate: \(nearest) is the nearest of \(request.format.rawValue) at \(encoding.sampleRate) Hz"]
  }

  private func one(of choices: [Int], _ name: String) throws(SpeechError) -> Int? {
    let expected = "one of \(choices.map(String.init).joined(separator: ", "))"
    guard let value = try value(name, expected, as: Int.self) else { return nil }
    guard choices.contains(value) else { throw error(name, "must be \(expected)", value: "\(value)") }
    return value
  }
}
