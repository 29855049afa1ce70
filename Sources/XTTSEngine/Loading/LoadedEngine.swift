import SpeechCore
import XTTSModel

/// The values of a loaded model that other threads use.
struct LoadedEngine: Sendable {
  var precision: String
  var device: String
  /// The weights of the kernels; nil on libtorch.
  var packed: FormedWeights?
  var configuration: XTTSConfiguration
  var builtInVoices: [BuiltInVoice]
  var windows: WindowPolicy
  var slots: Int
  var slotCapacity: Int
  var latentCount: Int
  var speakerSize: Int
  var warnings: [String]
  /// The decisions about the device, for the log.
  var notes: [String] = []
}
