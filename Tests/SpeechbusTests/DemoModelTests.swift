import Foundation
import TestSupport
import Testing

@testable import speechbus

/// The folder of the model where none is named.
struct DemoModelTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func addModel(_ folder: String) throws -> String {
    let path = scratch.path(folder)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in ["model.pth", "config.json", "vocab.json"] { _ = try scratch.write([], "\(folder)/\(name)") }
    return path
  }

  private func directory(ofProgram path: String) -> String? {
    DemoModel.directory(ofProgram: scratch.url.appending(path: path))
  }

  @Test func anInstalledProgramAndABuildFindTheirOwn() throws {
    #expect(directory(ofProgram: "usr/bin/speechbus") == nil)
    let installed = try addModel("usr/share/speechbus/demo-model")
    #expect(directory(ofProgram: "usr/bin/speechbus") == installed)
    #expect(directory(ofProgram: "usr/lib/speechbus/speechbus") == installed)

    let repository = "usr/src/repository/.build/x86_64/release/speechbus"
    #expect(directory(ofProgram: repository) == nil)
    let built = try addModel("usr/src/repository/models/demo")
    #expect(directory(ofProgram: repository) == built)
  }

  @Test func aNamedFolderAndTheWishToDownloadComeFirst() throws {
    let home = ["HOME": scratch.path]
    func folder(_ variables: [String: String], flag: String? = nil, repository: String? = nil) throws -> String {
      try Environment(variables: home.merging(variables) { $1 }).modelDirectory(flag: flag, repository: repository)
    }
    let standard = "models/coqui_xtts_v2"
    #expect(try folder([:]) == DemoModel.directory ?? standard)
    #expect(try folder(["XTTS_MODEL_DIR": "/elsewhere"]) == "/elsewhere")
    #expect(try folder([:], flag: "/elsewhere") == "/elsewhere")
    #expect(try folder(["COQUI_TOS_AGREED": "1"]) == standard)
    #expect(try folder([:], repository: "someone/else") == standard)
    let snapshot = try addModel(".cache/huggingface/hub/models--coqui--XTTS-v2/snapshots/abc")
    #expect(try folder([:]) == snapshot)
    #expect(try Environment(variables: ["HOME": "/nowhere"]).downloadDirectory(flag: nil) == standard)
  }
}
