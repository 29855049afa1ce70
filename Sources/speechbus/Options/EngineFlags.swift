import ArgumentParser
import Foundation
import XTTSEngine

/// Which model, on which device, in which precision.
struct EngineFlags: ParsableArguments {
  @Option(help: "Folder of the model (XTTS_MODEL_DIR; models/coqui_xtts_v2).")
  var modelDir: String?

  @Option(help: "Repository the model came from (XTTS_REPO_ID; coqui/XTTS-v2).")
  var repoID: String?

  @Option(
    help: "auto, cpu, cuda, cuda:N, or libtorch: a GPU's way on the CPU, for checks (XTTS_USE_GPU; auto).")
  var device: String?

  @Option(help: "auto, float32, int8, bfloat16 or float16, for the GPT (XTTS_PRECISION; auto).")
  var precision: String?

  @Option(help: "Most sequences decoded together, or auto (SPEECHBUS_SLOTS; auto).")
  var slots: String?

  @Flag(help: "On a GPU: bytes that don't depend on what else is spoken; slower. A CPU's never do.")
  var deterministic = false

  func modelDirectory(_ environment: Environment = .process) throws(BadSetting) -> String {
    try environment(Settings.modelDirectory, flag: modelDir)
  }

  func options(_ environment: Environment = .process) throws(BadSetting) -> EngineOptions {
    var options = EngineOptions.standard
    options.precision = try environment(Settings.precision, flag: precision)
    options.slots = try environment(Settings.slots, flag: slots)
    options.allowsTF32 = try environment(Settings.allowsTF32)
    options.isDeterministic = deterministic
    options.device =
      switch device {
      case nil: try environment(Settings.useGPU)
      case "auto": nil
      case let device?: device
      }
    return options
  }
}
