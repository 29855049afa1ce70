import ArgumentParser
import Foundation
import SpeechCore

/// The cloning settings of a voice.
struct CloningFlags: ParsableArguments {
  @Option(help: "Seconds of all recordings together for the GPT, 1 to 600 (the model's).")
  var gptCondLen: Int?

  @Option(help: "Seconds of the pieces that are encoded separately and averaged, 1 to 30 (the model's).")
  var gptCondChunkLen: Int?

  @Option(help: "Seconds of each recording, 1 to 60 (the model's).")
  var maxRefLen: Int?

  @Option(help: "true scales each recording to a peak of 0.75, false does not (the model's).")
  var soundNormRefs: Bool?

  /// - Throws: a ``CommandFailure`` of bad usage that names the option and its limits.
  func settings() throws -> CloningSettings {
    var settings = CloningSettings()
    (settings.conditioningSeconds, settings.chunkSeconds) = (gptCondLen, gptCondChunkLen)
    (settings.maximumReferenceSeconds, settings.normalizesLoudness) = (maxRefLen, soundNormRefs)
    do {
      return try CloningSettings.decode(JSONEncoder().encode(settings))
    } catch let error as SpeechError {
      let field = error.field ?? ""
      let option = "--" + field.replacing("_", with: "-")
      throw CommandFailure(error.message.replacing(field, with: option, maxReplacements: 1), isUsage: true)
    }
  }
}
