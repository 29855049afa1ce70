import Downloads
import Foundation
import TestSupport
import Testing

@Suite struct ModelDirectoryTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func touch(_ names: String...) throws {
    for name in names { try Data([1]).write(to: scratch.url.appending(path: name)) }
  }

  @Test func findsThePublishedNames() throws {
    try touch("model.pth", "config.json", "vocab.json", "speakers_xtts.pth")
    let model = try ModelDirectory(path: scratch.url.path)
    #expect(model.weightsPath == scratch.path("model.pth"))
    #expect(model.speakersPath == scratch.path("speakers_xtts.pth"))
  }

  @Test func findsAFineTune() throws {
    try touch("best_model.pth", "config.json", "vocab.json")
    let model = try ModelDirectory(path: scratch.url.path)
    #expect(model.weightsPath == scratch.path("best_model.pth"))
    #expect(model.speakersPath == nil)
  }

  @Test func namesWhatIsMissingAndWhatToDo() throws {
    try touch("model.pth", "vocab.json")
    let error = #expect(throws: DownloadError.self) { try ModelDirectory(path: scratch.url.path) }
    #expect(error?.code == .missingFile)
    #expect(error?.message.contains("config.json") == true)
    #expect(error?.message.contains("model random") == true)
    let absent = #expect(throws: DownloadError.self) { try ModelDirectory(path: scratch.path("absent")) }
    #expect(absent?.message.contains("absent") == true)
  }
}
