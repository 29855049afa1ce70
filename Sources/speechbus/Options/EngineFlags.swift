import ArgumentParser
import Foundation
import XTTSEngine

/// The model, its device and its precision.
struct EngineFlags: ParsableArguments {
  @Option(Settings.modelDirectory) var modelDir: String?
  @Option(Settings.repository) var repoID: String?
  @Option(Settings.modelCache) var modelCache: String?
  @Option(Settings.useGPU) var device: String?
  @Option(Settings.precision) var precision: String?
  @Option(Settings.allowsTF32) var tf32: String?
  @Option(Settings.slots) var slots: String?
  @Option(Settings.japaneseDictionary) var japaneseDictionary: String?
  @Option(Settings.maximumSpokenText) var maxSpokenText: String?

  @Flag(help: "Make GPU output independent of concurrent requests (slower). CPU output always is.")
  var deterministic = false

  func modelDirectory(_ environment: Environment = .process) throws(BadSetting) -> String {
    try environment.modelDirectory(flag: modelDir, repository: repoID)
  }

  func options(_ environment: Environment = .process) throws(BadSetting) -> EngineOptions {
    var options = EngineOptions.standard
    options.precision = try environment(Settings.precision, flag: precision)
    options.slots = try environment(Settings.slots, flag: slots)
    options.allowsTF32 = try environment(Settings.allowsTF32, flag: tf32)
    options.isDeterministic = deterministic
    options.device = try environment(Settings.useGPU, flag: device)
    options.japaneseDictionary = try environment(Settings.japaneseDictionary, flag: japaneseDictionary)
    options.maximumSpokenText = try environment(Settings.maximumSpokenText, flag: maxSpokenText)
    return options
  }
}
