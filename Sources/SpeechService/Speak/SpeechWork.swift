import Foundation
import SpeechCore

/// The use cases without their memory: they do the work and fill in its record, which ``JournaledRequests`` commits.
public protocol SpeechWork: Sendable {
  /// Speaks one request, as ``SpeechRequestHandler/synthesize(_:context:onAudio:)`` says.
  /// - Parameter record: gains what becomes known on the way, also when the work fails.
  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, record: inout AuditRecord,
    onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply

  /// - Parameter ending: makes the entry to commit together with the voice.
  func registerVoice(
    _ request: VoiceRegistration, ending: @escaping @Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> VoiceSummary

  /// - Parameter entry: is committed together with the deletion.
  func deleteVoice(id: String, entry: JournalEntry) async throws(SpeechError)

  func voices() async throws(SpeechError) -> [VoiceSummary]
  func configuration() async throws(SpeechError) -> ServiceConfiguration
}

/// Stands in while the model loads.
public struct UnavailableSpeech: SpeechWork {
  private static let error = SpeechError(.modelUnavailable, "the model is still loading; try again soon")

  public init() {}

  public func synthesize(
    _ request: SynthesisRequest, context: RequestContext, record: inout AuditRecord,
    onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply { throw Self.error }

  public func registerVoice(
    _ request: VoiceRegistration, ending: @escaping @Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> VoiceSummary { throw Self.error }

  public func deleteVoice(id: String, entry: JournalEntry) async throws(SpeechError) { throw Self.error }
  public func voices() async throws(SpeechError) -> [VoiceSummary] { throw Self.error }
  public func configuration() async throws(SpeechError) -> ServiceConfiguration { throw Self.error }
}
