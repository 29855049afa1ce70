import Checkpoint
import Foundation
import Testing

/// A search for inputs that break the readers: seeds are mutated, and a mutant that ends in an outcome not seen before
/// joins the seeds. `make fuzz` runs it for minutes; `make test` for a few hundred inputs.
@Suite struct CheckpointFuzzTests {
  private struct Plan {
    let seconds = ProcessInfo.processInfo.environment["SPEECHBUS_FUZZ_SECONDS"].flatMap(Double.init)
    let seed = ProcessInfo.processInfo.environment["SPEECHBUS_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    let inputs = 300
  }

  @Test func readersSurviveWhateverTheyAreGiven() throws {
    let scratch = try ScratchDirectory()
    let zip = scratch.path("seed.pth")
    try TorchZipWriter.write(
      .dictionary([
        (
          "model",
          .orderedDictionary([
            ("a", .tensor(TensorSource(floats: [1, 2, 3, 4], shape: [2, 2]))),
            ("b", .tensor(TensorSource(integers: [5], shape: []))),
          ])
        ),
        ("config", .object(module: "m", name: "C", attributes: [("x", .list([.int(1), .string("s")]))])),
      ]), to: zip)
    let safetensors = scratch.path("seed.safetensors")
    try SafetensorsWriter.write(
      [("a", TensorSource(floats: [1, 2], shape: [2])), ("b", TensorSource(integers: [3], shape: [1]))],
      metadata: ["k": "v"], to: safetensors)
    var corpus = try [zip, safetensors].map { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
    // A pickle by itself, wrapped with a right checksum, so that damage reaches the unpickler.
    let pickles = corpus.count
    corpus.append(RawPickle.tensor())
    var kinds = [0, 1, pickles]
    var random = Generator(state: Plan().seed)
    var outcomes: Set<String> = []
    var tried = 0
    let start = ContinuousClock.now
    let before = Self.residentBytes
    var growth = 0
    while Plan().seconds.map({ (ContinuousClock.now - start) / .seconds(1) < $0 }) ?? (tried < Plan().inputs) {
      let index = Int.random(in: 0..<corpus.count, using: &random)
      let mutant = random.damage(corpus[index])
      let isPickle = kinds[index] == pickles
      let bytes = isPickle ? RawZip(pickle: mutant, storages: [[UInt8](repeating: 1, count: 16)]).bytes : mutant
      let path = try scratch.write(bytes, "input")
      let began = ContinuousClock.now
      let outcome = Self.outcome(path)
      #expect(ContinuousClock.now - began < .seconds(10), "input \(tried) took too long")
      if outcomes.insert("\(kinds[index]) \(outcome)").inserted, corpus.count < 20_000 {
        corpus.append(mutant)
        kinds.append(kinds[index])
      }
      tried += 1
      if tried % 1000 == 0 { growth = max(growth, Self.residentBytes - before) }
    }
    // The inputs have a few kilobytes; what they all together made the process grow by is far below a bomb's effect.
    #expect(growth < 256 << 20)
    if Plan().seconds != nil {
      print(
        "seed \(Plan().seed): \(tried) inputs, \(outcomes.count) outcomes, \(corpus.count) in the corpus, grew by "
          + "\(growth >> 20) MiB at most")
    }
  }

  /// What reading came to, without the numbers in it: inputs that differ only there teach nothing new.
  private static func outcome(_ path: String) -> String {
    do throws(CheckpointError) {
      var shape = ""
      visit(try Checkpoint.open(path).root, &shape)
      return shape
    } catch {
      return String("\(error.code) \(error.reason)".map { $0.isNumber ? "0" : $0 }.prefix(60))
    }
  }

  private static func visit(_ value: PickleValue, _ shape: inout String) {
    guard shape.utf8.count < 40 else { return }
    switch value {
    case .list(let elements):
      shape += "["
      elements.forEach { visit($0, &shape) }
    case .dictionary(let dictionary):
      shape += "{"
      dictionary.entries.forEach { visit($0.value, &shape) }
    case .record(let record):
      shape += "("
      record.arguments.forEach { visit($0, &shape) }
    case .tensor(let tensor):
      shape += "t\(tensor.shape.count)\(tensor.scalarType)"
      _ = tensor.withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } }
      _ = try? tensor.floats()
    default: shape += "."
    }
  }

  private static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
