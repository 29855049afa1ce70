import Checkpoint
import Foundation
import TestSupport
import Testing

@Suite struct HostileZipTests {
  let scratch: ScratchDirectory
  let storage = [UInt8](repeating: 0, count: 16)

  init() throws { scratch = try ScratchDirectory() }

  private func error(_ zip: RawZip) throws -> CheckpointError? {
    let path = try scratch.write(zip.bytes)
    return #expect(throws: CheckpointError.self) { try Checkpoint.open(path) }
  }

  @Test func theBuilderItselfMakesAReadableFile() throws {
    let path = try scratch.write(RawZip(pickle: RawPickle.tensor(), storages: [storage]).bytes)
    #expect(try Checkpoint.open(path).tensors(under: "model")["w"]?.floats() == [0, 0, 0, 0])
  }

  @Test func everyTruncationIsAnError() throws {
    let whole = RawZip(pickle: RawPickle.tensor(), storages: [storage]).bytes
    for length in 0..<whole.count {
      let path = try scratch.write(Array(whole.prefix(length)))
      #expect(throws: CheckpointError.self, "\(length) bytes") { try Checkpoint.open(path) }
    }
  }

  @Test func overlappingEntriesAreRefused() throws {
    var zip = RawZip(pickle: RawPickle.tensor(), storages: [storage, storage])
    let first = zip.entries[0]
    zip.entries[2].claimedOffset = 30 + first.name.utf8.count + first.data.count
    zip.entries[2].name = "a/data/0"
    #expect(try error(zip)?.code == .malformed)
    zip.entries[1].name = "a/data/1"
    #expect(try error(zip)?.code == .malformed)
  }

  @Test func sizesBeyondTheFileAreRefused() throws {
    var zip = RawZip(pickle: RawPickle.tensor(), storages: [storage])
    zip.entries[1].claimedByteCount = 0xFFFF_FFF0
    #expect(try error(zip)?.code == .outOfBounds)
    zip.entries[1].claimedByteCount = nil
    zip.entries[1].claimedOffset = 0x7FFF_FFFF
    #expect(try error(zip)?.code == .truncated)
  }

  @Test func absurdDirectoriesAreRefused() throws {
    var zip = RawZip(pickle: RawPickle.tensor(), storages: [storage])
    zip.claimedEntryCount = 0xFFFE
    #expect(try error(zip)?.code == .truncated)
    zip.claimedEntryCount = 0xFFFF
    #expect(try error(zip)?.code == .malformed)
    zip.claimedEntryCount = nil
    zip.claimedDirectoryOffset = 0x7FFF_FFFF
    #expect(try error(zip)?.code == .outOfBounds)
  }

  @Test func compressedEntriesAreNotSupported() throws {
    var zip = RawZip(pickle: RawPickle.tensor(), storages: [storage])
    zip.entries[1].method = 8
    #expect(try error(zip)?.code == .unsupported)
  }

  @Test func aDamagedPickleIsNoticed() throws {
    var zip = RawZip(pickle: RawPickle.tensor(), storages: [storage])
    zip.entries[0].crc32 = 1
    #expect(try error(zip)?.code == .malformed)
  }

  @Test func missingAndShortStoragesNameTheTensor() throws {
    let missing = try error(RawZip(pickle: RawPickle.tensor()))
    #expect(missing?.code == .missing)
    #expect(missing?.tensor == "w")
    let short = try error(RawZip(pickle: RawPickle.tensor(), storages: [[0, 0, 0, 0]]))
    #expect(short?.code == .outOfBounds)
    #expect(short?.tensor == "w")
  }

  @Test func aZipWithoutAPickleOrWithTwoIsRefused() throws {
    #expect(try error(RawZip([.init(name: "a/version", data: [0x33])]))?.code == .malformed)
    let pickle = RawPickle.tensor()
    #expect(
      try error(RawZip([.init(name: "a/data.pkl", data: pickle), .init(name: "b/data.pkl", data: pickle)]))?.code
        == .malformed)
  }

  @Test func bigEndianFilesAreNotSupported() throws {
    var zip = RawZip(pickle: RawPickle.tensor(), storages: [storage])
    zip.entries.append(.init(name: "a/byteorder", data: Array("big".utf8)))
    #expect(try error(zip)?.code == .unsupported)
  }

  @Test func otherFilesAreNamedAsSuch() throws {
    for bytes in [Array("<!DOCTYPE html><html></html>".utf8), [0x80, 2, 0x7D, 0x2E], [0x50, 0x4B, 3, 4], [0]] {
      let path = try scratch.write(bytes)
      let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(path) }
      #expect(error?.file == path)
    }
    #expect(throws: CheckpointError.self) { try Checkpoint.open(scratch.url.path) }
    #expect(throws: CheckpointError.self) { try Checkpoint.open("/dev/zero") }
  }
}
