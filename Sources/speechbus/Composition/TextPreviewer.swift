import Downloads
import SpeechCore
import SpeechService
import XTTSEngine
import XTTSModel

/// Previews texts with the model's vocabulary alone, so also while the model loads. It works on one text at a time, so
/// that many previews use one core.
actor TextPreviewer {
  private let settings: ServiceSettings
  private let lexicons: @Sendable () -> (any LexiconStore)?
  private let files: ModelFiles
  private var loaded: (identities: [FileIdentity?], text: TextPreparation)?

  /// - Parameter lexicons: nil while the database is not open.
  init(_ settings: ServiceSettings, lexicons: @escaping @Sendable () -> (any LexiconStore)?) {
    self.settings = settings
    self.lexicons = lexicons
    files = ModelFiles(directory: settings.modelDirectory)
  }

  /// - Throws: the errors of a synthesis for its text and language; `model_unavailable` without a vocabulary.
  nonisolated func preview(_ request: SynthesisRequest) async throws(SpeechError) -> TextPreview {
    try await withTaskExecutorPreference(BackgroundExecutor.shared) { () async throws(SpeechError) in
      let text = try await text()
      let planner = SpeechPlanner(settings.limits, settings.speech, lexicons: lexicons())
      let plan = try await planner.plan(request, languages: text.languages, refusal: text.refusal)
      // The client may have left while others were served.
      guard !Task.isCancelled else { throw SpeechError(.cancelled, "the request was cancelled") }
      var preview = try await read(plan.job(splitsText: request.enableTextSplitting), text)
      preview.warnings = request.warnings + plan.warnings + preview.warnings
      return preview
    }
  }

  private func read(_ job: SynthesisJob, _ text: TextPreparation) throws(SpeechError) -> TextPreview {
    try text.preview(job)
  }

  /// Read again when the files have changed.
  private func text() throws(SpeechError) -> TextPreparation {
    let identities = [files.configuration, files.vocabulary].map { try? FileIdentity(ofFileAt: $0) }
    if let loaded, loaded.identities == identities { return loaded.text }
    do {
      let text = try TextPreparation(files, options: settings.engine.options(settings.environment))
      loaded = (identities, text)
      return text
    } catch {
      // The cause names paths of the host. The log has it: the model does not load either.
      throw SpeechError(.modelUnavailable, "the model's vocabulary is not available yet; try again soon")
    }
  }
}
