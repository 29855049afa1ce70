import Downloads
import Foundation
import TestSupport
import Testing

@Suite struct FileDigestTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test func digestIsRememberedUntilTheFileChanges() throws {
    let path = scratch.path("file")
    try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(try FileDigest.sha256(ofFileAt: path) == abc)
    #expect(FileManager.default.fileExists(atPath: path + ".sha256"))
    #expect(try FileDigest.sha256(ofFileAt: path) == abc)
    try Data("abcd".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try FileDigest.sha256(ofFileAt: path) != abc)
  }

  @Test func aDamagedMemoryIsIgnored() throws {
    let path = scratch.path("file")
    try Data().write(to: URL(fileURLWithPath: path))
    let empty = try FileDigest.sha256(ofFileAt: path)
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: path + ".sha256"))
    #expect(try FileDigest.sha256(ofFileAt: path) == empty)
    #expect(empty == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func whatTheWriterComputedIsRememberedUntilTheFileChanges() throws {
    let path = scratch.path("file")
    try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
    let claimed = String(repeating: "0", count: 64)
    FileDigest(ofFileAt: path).remember(claimed)
    #expect(try FileDigest.sha256(ofFileAt: path) == claimed)
    #expect(try FileDigest.computed(ofFileAt: path).sha256() != claimed)
    try Data("abd".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try FileDigest.sha256(ofFileAt: path) != claimed)
    FileDigest.computed(ofFileAt: path).remember(claimed)
    #expect(try FileDigest.computed(ofFileAt: path).sha256() != claimed)
  }

  @Test func aMissingFileIsAnError() {
    let error = #expect(throws: DownloadError.self) { try FileDigest.sha256(ofFileAt: scratch.path("absent")) }
    #expect(error?.code == .unreadable)
  }
}
