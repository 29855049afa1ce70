import SpeechCore

/// The latents used last, and those that are being computed. A request for latents that are being computed waits.
struct ConditioningCache {
  /// Identifies audio: a registered voice's version, or the digest of audio that was sent along.
  typealias Key = String

  private let capacity: Int
  private var values: [Key: (conditioning: VoiceConditioning, lastUse: UInt64)] = [:]
  private var uses: UInt64 = 0
  private(set) var underWay: [Key: Task<VoiceConditioning, any Error>] = [:]

  /// - Parameter capacity: entries; one is about 130 kB.
  init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  mutating func value(_ key: Key) -> VoiceConditioning? {
    guard let value = values[key] else { return nil }
    uses += 1
    values[key] = (value.conditioning, uses)
    return value.conditioning
  }

  mutating func insert(_ conditioning: VoiceConditioning, _ key: Key) {
    uses += 1
    values[key] = (conditioning, uses)
    guard values.count > capacity, let oldest = values.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    values[oldest.key] = nil
  }

  mutating func begin(_ key: Key, _ task: Task<VoiceConditioning, any Error>) { underWay[key] = task }
  mutating func end(_ key: Key) { underWay[key] = nil }
  /// Removes all versions of a voice.
  mutating func remove(voiceID: String) { values = values.filter { !$0.key.hasPrefix("\(voiceID)/") } }
}

/// The source of a request's latents.
public enum ConditioningSource: String, CaseIterable, Sendable {
  case builtIn = "built_in"
  case memory
  case database
  case computed
}
