import SpeechCore
import XTTSModel

/// What leaves the engine's thread once the model is there.
struct LoadedEngine: Sendable {
  var precision: String
  var device: String
  /// What the kernels read; nil on libtorch.
  var packed: FormedWeights?
  var configuration: XTTSConfiguration
  var builtInVoices: [BuiltInVoice]
  var windows: WindowPolicy
  var slots: Int
  var slotCapacity: Int
  var latentCount: Int
  var speakerSize: Int
  var warnings: [String]
  /// What was decided for the device, for the log.
  var notes: [String] = []
}
