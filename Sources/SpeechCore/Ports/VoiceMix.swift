import Foundation

/// A weighted mix of voices, `A:0.7,B:0.3`.
public struct VoiceMix: Sendable, Equatable {
  public static let counts = 2...8
  /// Weights above 0, which need not add up to 1.
  public static let largestWeight = 1_000.0

  /// The voices, as `speaker_id` names a single one, and their shares, which add up to 1.
  public let parts: [(name: String, share: Double)]

  public static func == (a: VoiceMix, b: VoiceMix) -> Bool {
    a.parts.elementsEqual(b.parts) { $0.name == $1.name && $0.share == $1.share }
  }

  /// - Returns: nil for a text that is no mix: not each of its parts has a number after its last colon.
  /// - Throws: `invalid_request` for other numbers of voices, and for weights that are not above 0.
  public init?(_ text: String) throws(SpeechError) {
    guard text.contains(":"), text.utf8.count <= 1_024 else { return nil }
    var weighted: [(name: String, weight: Double)] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let colon = part.lastIndex(of: ":") else { return nil }
      let name = part[..<colon].trimmingCharacters(in: .whitespaces)
      guard !name.isEmpty, !name.contains(":"),
        let weight = Double(part[part.index(after: colon)...].trimmingCharacters(in: .whitespaces))
      else { return nil }
      weighted.append((name, weight))
    }
    guard Self.counts.contains(weighted.count) else {
      throw Self.error("may have \(Self.counts.lowerBound) to \(Self.counts.upperBound) voices, not \(weighted.count)")
    }
    guard weighted.allSatisfy({ $0.weight > 0 && $0.weight <= Self.largestWeight }) else {
      throw Self.error("must have weights above 0, at most \(Int(Self.largestWeight))")
    }
    let sum = weighted.reduce(0) { $0 + $1.weight }
    parts = weighted.map { ($0.name, $0.weight / sum) }
  }

  private static func error(_ text: String) -> SpeechError {
    SpeechError(.invalidRequest, "a mix of voices \(text)", field: "speaker_id")
  }

  /// The weighted mean of the latents, as the mean of several recordings is made.
  /// - Parameter voices: those of ``parts``, in order.
  /// - Throws: `invalid_request` for voices of different sizes.
  public func mixed(_ voices: [ResolvedVoice]) throws(SpeechError) -> ResolvedVoice {
    func sum(_ values: (VoiceConditioning) -> [Float]) throws(SpeechError) -> [Float] {
      var sum = [Float](repeating: 0, count: voices.first.map { values($0.conditioning).count } ?? 0)
      for (part, voice) in zip(parts, voices) {
        let values = values(voice.conditioning)
        guard values.count == sum.count else { throw Self.error("needs voices of one model") }
        for index in values.indices { sum[index] += Float(part.share) * values[index] }
      }
      return sum
    }
    let conditioning = VoiceConditioning(
      gptLatents: try sum(\.gptLatents), speakerEmbedding: try sum(\.speakerEmbedding))
    let shares = parts.map { Self.written($0.share) }
    var mixed = ResolvedVoice(
      id: zip(voices, shares).map { "\($0.id):\($1)" }.joined(separator: ","),
      version: voices.map(\.version).max() ?? 1, conditioning: conditioning)
    mixed.parts = zip(voices, shares).map { "\($0.id)/\($0.version):\($1)" }
    return mixed
  }

  /// At most six decimals, so that `0.7` and `7` of `10` give one id.
  private static func written(_ share: Double) -> String { "\((share * 1e6).rounded() / 1e6)" }
}

extension VoiceCatalog {
  /// The voice of a mix; nil for a name that is no mix.
  public func mix(_ name: String) async throws(SpeechError) -> ResolvedVoice? {
    guard let mix = try VoiceMix(name) else { return nil }
    var voices: [ResolvedVoice] = []
    for part in mix.parts { voices.append(try await resolve(VoiceReference(name: part.name))) }
    return try mix.mixed(voices)
  }
}
