import Foundation
import Testing

@testable import Downloads

struct ModelCachesTests {
  private let home = NSTemporaryDirectory() + "caches-" + UUID().uuidString

  private func write(_ folder: String, names: [String] = ["model.pth", "config.json", "vocab.json"]) throws -> String {
    let path = home + "/" + folder
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in names { try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/" + name)) }
    return path
  }

  private func model(_ environment: [String: String] = [:], of repositoryID: String = "coqui/XTTS-v2") -> String? {
    ModelCaches.model(of: repositoryID, environment: environment.merging(["HOME": home]) { $1 })?.path
  }

  @Test func theCommitOfMainComesBeforeOthersAndIncompleteOnesAreSkipped() throws {
    #expect(model() == nil)
    let folder = ".cache/huggingface/hub/models--coqui--XTTS-v2"
    _ = try write(folder + "/snapshots/aaa", names: ["config.json"])
    let other = try write(folder + "/snapshots/bbb")
    #expect(model() == other)
    let main = try write(folder + "/snapshots/ccc")
    _ = try write(folder + "/refs", names: [])
    try Data("ccc".utf8).write(to: URL(fileURLWithPath: "\(home)/\(folder)/refs/main"))
    #expect(model() == main)
    #expect(model(of: "someone/fine-tune") == nil)
  }

  @Test func theVariablesOfTheOtherProgramsCount() throws {
    let coqui = try write(".local/share/tts/tts_models--multilingual--multi-dataset--xtts_v2")
    #expect(model() == coqui)
    #expect(model(of: "someone/fine-tune") == nil)
    let moved = try write("elsewhere/tts/tts_models--multilingual--multi-dataset--xtts_v2")
    #expect(model(["TTS_HOME": home + "/elsewhere"]) == moved)
    let hub = try write("hub/models--coqui--XTTS-v2/snapshots/ddd")
    #expect(model(["HF_HUB_CACHE": home + "/hub"]) == hub)
    let home = try write("hf/hub/models--coqui--XTTS-v2/snapshots/eee")
    #expect(model(["HF_HOME": self.home + "/hf"]) == home)
    #expect(model(["HF_HOME": self.home + "/hf", "HF_HUB_CACHE": self.home + "/hub", "TTS_HOME": ""]) == hub)
  }
}
