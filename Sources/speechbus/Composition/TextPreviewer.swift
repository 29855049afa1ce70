import Downloads
import SpeechCore
import XTTSEngine
import XTTSModel

/// Previews texts with the model's vocabulary alone, so also while the model loads. It works on one text at a time, so
/// that many previews use one core.
actor TextPreviewer {
  private let settings: ServiceSettings
  private let files: ModelFiles
  private var loaded: (identities: [FileIdentity?], text: TextPreparation)?

  init(_ settings: ServiceSettings) {
    self.settings = settings
    files = ModelFiles(directory: settings.modelDirectory)
  }

  /// - Throws: the errors of a synthesis for its text and language; `model_unavailable` without a vocabulary.
  nonisolated func preview(_ request: SynthesisRequest) async throws(SpeechError) -> TextPreview {
    try settings.limits.check(request.text)
    return try await withTaskExecutorPreference(BackgroundExecutor.shared) { () async throws(SpeechError) in
      try await read(request)
    }
  }

  private func read(_ request: SynthesisRequest) throws(SpeechError) -> TextPreview {
    // The client may have left while others were served.
    guard !Task.isCancelled else { throw SpeechError(.cancelled, "the request was cancelled") }
    var preview = try text().preview(
      request.text, language: request.language ?? settings.defaultLanguage,
      mode: request.normalization ?? settings.defaultNormalization, splitting: request.enableTextSplitting)
    preview.warnings = request.warnings + preview.warnings
    return preview
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
