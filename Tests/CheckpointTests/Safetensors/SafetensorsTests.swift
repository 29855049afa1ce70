import Checkpoint
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test func tensorsComeBack() throws {
    let path = scratch.path("dump.safetensors")
    try SafetensorsWriter.write(
      [
        ("wav", TensorSource(floats: [0.5, -0.5], shape: [2])),
        ("codes", TensorSource(integers: [1, 2, 3], shape: [3])),
        ("half", TensorSource(floats: [1.5], shape: [1, 1], scalarType: .float16)),
      ], metadata: ["made_by": "test"], to: path)
    let checkpoint = try Checkpoint.open(path)
    #expect(checkpoint.format == .safetensors)
    let tensors = try checkpoint.tensors(under: "model")
    #expect(tensors.count == 3)
    #expect(try tensors["wav"]?.floats() == [0.5, -0.5])
    #expect(try tensors["codes"]?.integers() == [1, 2, 3])
    #expect(tensors["half"]?.shape == [1, 1])
    #expect(try tensors["half"]?.floats() == [1.5])
  }

  @Test func bfloat16AndDoubleAreConverted() throws {
    let path = try file(
      #"{"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"#
        + #""d":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}"#,
      data: [0x80, 0x3F, 0x40, 0xC0]
        + withUnsafeBytes(of: 0.125) { Array($0) })
    let tensors = try Checkpoint.open(path).tensors(under: "model")
    #expect(try tensors["b"]?.floats() == [1, -3])
    #expect(try tensors["d"]?.floats() == [0.125])
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, CheckpointError.Code.outOfBounds),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, .malformed),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, .malformed),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, .malformed),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, .malformed),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, .malformed),
    (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, .malformed),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, .malformed),
    (#"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,4]}}"#, .unsupported),
    (#"{"a":{"dtype":"I16","shape":[1],"data_offsets":[0,2]}}"#, .malformed),
    (
      #"{"a":{"dtype":"I16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"I16","shape":[2],"data_offsets":[0,4]}}"#,
      .malformed
    ),
    (#"{"a":{"dtype":"F32","shape":[1]"#, .malformed),
    (#"{"a":3}"#, .malformed),
    ("[]", .malformed),
  ])
  func badHeadersAreRefused(header: String, code: CheckpointError.Code) throws {
    let path = try file(header, data: [0, 0, 0, 0])
    let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(path) }
    #expect(error?.code == code, "\(header)")
    #expect(error?.file == path)
  }

  @Test func deepJSONAndAbsurdLengthAreRefused() throws {
    let deep = String(repeating: #"{"a":"#, count: 100_000)
    #expect(throws: CheckpointError.self) { try Checkpoint.open(try file(deep, data: [])) }
    let absurd = try scratch.write([UInt8](repeating: 0xFF, count: 64), "absurd.safetensors")
    #expect(throws: CheckpointError.self) { try Checkpoint.open(absurd) }
  }

  @Test func repeatedNamesCannotBeWritten() {
    let one = TensorSource(floats: [1], shape: [1])
    #expect(throws: CheckpointError.self) {
      try SafetensorsWriter.write([("a", one), ("a", one)], to: scratch.path("x.safetensors"))
    }
  }

  private func file(_ header: String, data: [UInt8]) throws -> String {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    return try scratch.write(length + Array(header.utf8) + data, "bad.safetensors")
  }
}
