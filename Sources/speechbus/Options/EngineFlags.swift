import ArgumentParser
import Foundation
import XTTSEngine

/// Which model, on which device, in which precision.
struct EngineFlags: ParsableArguments {
  @Option(help: "Folder of the model (XTTS_MODEL_DIR; models/coqui_xtts_v2).")
  var modelDir: String?

  @Option(help: "Repository the model came from (XTTS_REPO_ID; coqui/XTTS-v2).")
  var repoID: String?

  @Option(help: "auto, cpu, cuda or cuda:N (XTTS_USE_GPU chooses between cpu and cuda).")
  var device: String?

  @Option(help: "auto, float32, int8, bfloat16 or float16, for the GPT (XTTS_PRECISION; auto).")
  var precision: String?

  @Option(help: "Most sequences decoded together, or auto (SPEECHBUS_SLOTS; auto).")
  var slots: String?

  func modelDirectory(_ environment: Environment = .process) throws(BadSetting) -> String {
    try environment(Settings.modelDirectory, flag: modelDir)
  }

  func options(_ environment: Environment = .process) throws(BadSetting) -> EngineOptions {
    var options = EngineOptions()
    options.precision = try environment(Settings.precision, flag: precision)
    options.slots = try environment(Settings.slots, flag: slots)
    options.device =
      switch device {
      case nil: try environment(Settings.useGPU).map { $0 ? "cuda" : "cpu" }
      case "auto": nil
      case let device?: device
      }
    return options
  }
}
