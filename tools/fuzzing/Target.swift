import Checkpoint
import Foundation

// libFuzzer's target for the readers of model files. `tools/fuzz` compiles it together with their sources, so that the
// search covers them. FUZZ_READER selects the reader.

enum Reader: String {
  /// Zip, pickle and safetensors as they come.
  case file
  /// A pickle in a zip that is right, so that no checksum stops it.
  case pickle
  case vocabulary

  func seeds(in folder: String) throws {
    switch self {
    case .file:
      try TorchZipWriter.write(
        .dictionary([
          ("model", .orderedDictionary([("a", .tensor(TensorSource(floats: [1, 2, 3, 4], shape: [2, 2])))])),
          ("config", .object(module: "m", name: "C", attributes: [("x", .list([.int(1), .string("s")]))])),
        ]), to: folder + "/a.pth")
      try SafetensorsWriter.write(
        [("a", TensorSource(floats: [1, 2], shape: [2])), ("b", TensorSource(integers: [3], shape: [1]))],
        metadata: ["k": "v"], to: folder + "/b.safetensors")
    case .pickle:
      try Data(RawPickle.tensor()).write(to: URL(fileURLWithPath: folder + "/a.pkl"))
    case .vocabulary:
      let text =
        #"{"version":"1.0","added_tokens":[{"id":0,"content":"[STOP]","special":true},{"id":1,"content":"[UNK]"}],"#
        + #""pre_tokenizer":{"type":"Whitespace"},"model":{"type":"BPE","unk_token":"[UNK]","vocab":{"[STOP]":0,"#
        + #""[UNK]":1,"a":4,"b":5,"ab":6},"merges":["a b"]}}"#
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/a.json"))
    }
  }

  /// The bytes that the reader gets for an input.
  func file(_ input: [UInt8]) -> [UInt8] {
    self == .pickle ? RawZip(pickle: input, storages: [[UInt8](repeating: 1, count: 16)]).bytes : input
  }

  func read(_ path: String) {
    if self == .vocabulary {
      _ = try? Vocabulary.load(path: path)
    } else if let checkpoint = try? Checkpoint.open(path) {
      touch(checkpoint.root)
    }
  }

  /// Every value, and every byte of every tensor.
  private func touch(_ value: PickleValue) {
    switch value {
    case .list(let elements): elements.forEach(touch)
    case .dictionary(let dictionary): dictionary.entries.forEach { touch($0.value) }
    case .record(let record):
      record.fields.entries.forEach { touch($0.value) }
    case .tensor(let tensor): blackHole = tensor.withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } }
    default: break
    }
  }
}

nonisolated(unsafe) private var blackHole = 0
private let reader = Reader(rawValue: ProcessInfo.processInfo.environment["FUZZ_READER"] ?? "") ?? .file
private let memory = {
  let name = "/dev/shm/speechbus-fuzz-\(getpid())"
  defer { unlink(name) }
  return open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
}()
private let path = "/proc/self/fd/\(memory)"

@_cdecl("LLVMFuzzerInitialize")
func initialize(
  _: UnsafeMutablePointer<Int32>, _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
)
  -> Int32
{
  if let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] {
    do { try reader.seeds(in: folder) } catch { exit(1) }
    exit(0)
  }
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = reader.file(Array(UnsafeBufferPointer(start: data, count: count)))
  guard ftruncate(memory, 0) == 0, pwrite(memory, bytes, bytes.count, 0) == bytes.count else { exit(1) }
  reader.read(path)
  return 0
}
