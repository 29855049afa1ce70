import Checkpoint
import Foundation

// libFuzzer's target for the readers of model files. `tools/fuzz` compiles it together with their sources, so that the
// search covers them. FUZZ_READER selects the reader.

@_silgen_name("allocations_watch") private func watchAllocations()
@_silgen_name("allocations_begin") private func beginAllocations() -> Int
@_silgen_name("allocations_most") private func mostAllocations() -> Int
@_silgen_name("memory_file") private func openMemoryFile() -> Int32

/// Beyond twice the file: an error's text, the tables of an empty dictionary, the reader's own buffers.
let constantBytes = 64 << 10

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

  /// - Returns: whether the file was accepted.
  @discardableResult
  func read(_ path: String) -> Bool {
    if self == .vocabulary { return (try? Vocabulary.load(path: path)) != nil }
    guard let checkpoint = try? Checkpoint.open(path) else { return false }
    touch(checkpoint.root)
    return true
  }

  /// Every value, and every byte of every tensor.
  private func touch(_ value: PickleValue) {
    switch value {
    case .list(let elements): elements.forEach(touch)
    case .dictionary(let dictionary): dictionary.entries.forEach { touch($0.value) }
    case .record(let record):
      record.arguments.forEach(touch)
      record.fields.entries.forEach { touch($0.value) }
    case .tensor(let tensor): blackHole = tensor.withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } }
    default: break
    }
  }
}

nonisolated(unsafe) private var blackHole = 0
nonisolated(unsafe) private var largestExcess = Int.min
private let reader = Reader(rawValue: ProcessInfo.processInfo.environment["FUZZ_READER"] ?? "") ?? .file
private let memory = openMemoryFile()
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
  watchAllocations()
  if ProcessInfo.processInfo.environment["FUZZ_GROWTH"] != nil { exit(Growth.isBounded() ? 0 : 1) }
  atexit { print("most memory beyond twice the file: \(largestExcess) bytes; allowed: \(constantBytes)") }
  return 0
}

/// The peak memory of a reader for a file, and whether it accepts the file.
func allocated(by reader: Reader, reading bytes: [UInt8]) -> (most: Int, isAccepted: Bool) {
  guard ftruncate(memory, 0) == 0, pwrite(memory, bytes, bytes.count, 0) == bytes.count else { exit(1) }
  let before = beginAllocations()
  let isAccepted = reader.read(path)
  return (mostAllocations() - before, isAccepted)
}

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = reader.file(Array(UnsafeBufferPointer(start: data, count: count)))
  let excess = allocated(by: reader, reading: bytes).most - 2 * bytes.count
  largestExcess = max(largestExcess, excess)
  guard excess <= constantBytes else {
    FileHandle.standardError.write(
      Data("reading \(bytes.count) bytes took \(excess) bytes more than twice as much\n".utf8))
    abort()
  }
  return 0
}
