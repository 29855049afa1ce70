import Checkpoint
import Foundation
import TestSupport
import Testing

@Suite struct TorchZipRoundTripTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test func nestedValuesComeBack() throws {
    let path = scratch.path("model.pth")
    try TorchZipWriter.write(
      .dictionary([
        (
          "model",
          .orderedDictionary([
            ("weight", .tensor(TensorSource(floats: [1, 2, 3, 4, 5, 6], shape: [2, 3]))),
            ("half", .tensor(TensorSource(floats: [0.5, -2], shape: [2], scalarType: .float16))),
            ("steps", .tensor(TensorSource(integers: [7], shape: []))),
          ])
        ),
        ("config", .object(module: "some.package", name: "Config", attributes: [("layers", .int(3))])),
        ("plain", .list([.none, .bool(true), .int(-5), .int(1 << 40), .float(0.25), .string("é\n")])),
      ]), to: path)

    let checkpoint = try Checkpoint.open(path)
    #expect(checkpoint.format == .torchZip)
    let tensors = try checkpoint.tensors(under: "model")
    #expect(Set(tensors.keys) == ["weight", "half", "steps"])
    let weight = try #require(tensors["weight"])
    #expect(weight.shape == [2, 3])
    #expect(weight.scalarType == .float32)
    #expect(weight.isContiguous)
    #expect(try weight.floats() == [1, 2, 3, 4, 5, 6])
    weight.withUnsafeBytes { #expect(Int(bitPattern: $0.baseAddress) % 64 == 0) }
    #expect(try tensors["half"]?.floats() == [0.5, -2])
    #expect(try tensors["steps"]?.integers() == [7])
    #expect(tensors["steps"]?.shape == [])

    guard case .record(let config) = checkpoint.root["config"] else { throw Missing() }
    #expect(config.typeName == "some.package.Config")
    #expect(config.fields["layers"]?.intValue == 3)
    guard case .list(let plain) = checkpoint.root["plain"] else { throw Missing() }
    #expect(plain.count == 6)
    #expect(plain[2].intValue == -5)
    #expect(plain[3].intValue == 1 << 40)
    #expect(plain[5].stringValue == "é\n")
  }

  @Test func tensorsOutliveTheirCheckpoint() throws {
    let path = scratch.path("model.pth")
    try TorchZipWriter.write(.dictionary([("a", .tensor(TensorSource(floats: [3], shape: [1])))]), to: path)
    var tensor: StoredTensor?
    do { tensor = try Checkpoint.open(path).tensors(under: "model")["a"] }
    try FileManager.default.removeItem(atPath: path)
    #expect(try tensor?.floats() == [3])
  }

  @Test func floatsOfAnIntegerTensorIsAnErrorThatNamesIt() throws {
    let path = scratch.path("model.pth")
    try TorchZipWriter.write(.dictionary([("ids", .tensor(TensorSource(integers: [1, 2], shape: [2])))]), to: path)
    let tensor = try #require(try Checkpoint.open(path).tensors(under: "model")["ids"])
    let error = #expect(throws: CheckpointError.self) { try tensor.floats() }
    #expect(error?.code == .unsupported)
    #expect(error?.tensor == "ids")
    #expect(error?.file == path)
  }

  @Test func aFailedWriteLeavesNothingBehind() throws {
    let path = scratch.path("model.pth")
    let absurd = TensorSource(.float32, shape: [Int.max, 2]) { _ in }
    #expect(throws: CheckpointError.self) {
      try TorchZipWriter.write(.dictionary([("a", .tensor(absurd))]), to: path)
    }
    #expect(throws: CheckpointError.self) { try SafetensorsWriter.write([("a", absurd)], to: path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
  }

  @Test func missingFileAndMissingKeyAreNamed() throws {
    let absent = scratch.path("absent.pth")
    let unreadable = #expect(throws: CheckpointError.self) { try Checkpoint.open(absent) }
    #expect(unreadable?.code == .unreadable)
    #expect(unreadable?.description.contains(absent) == true)

    let path = scratch.path("empty.pth")
    try TorchZipWriter.write(.dictionary([("model", .dictionary([]))]), to: path)
    let missing = #expect(throws: CheckpointError.self) { try Checkpoint.open(path).tensors(under: "model") }
    #expect(missing?.code == .missing)
  }
}

struct Missing: Error {}
