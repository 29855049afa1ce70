import Checkpoint
import Foundation
import TestSupport
import Testing

@Suite struct HostilePickleTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func open(_ pickle: [UInt8], storages: [[UInt8]] = [[UInt8](repeating: 0, count: 16)]) throws -> PickleValue {
    try Checkpoint.open(try scratch.write(RawZip(pickle: pickle, storages: storages).bytes)).root
  }

  private func error(_ pickle: [UInt8]) -> CheckpointError? {
    #expect(throws: CheckpointError.self) { try open(pickle) }
  }

  @Test(arguments: [
    ("os", "system"), ("posix", "system"), ("subprocess", "Popen"), ("builtins", "eval"), ("__builtin__", "exec"),
    ("builtins", "getattr"), ("runpy", "run_path"), ("importlib", "import_module"), ("pickle", "loads"),
    ("torch", "nn.__builtins__.eval"), ("os.path", "join"),
  ])
  func callsThatRunCodeAreRefusedAndNamed(module: String, name: String) {
    let marker = scratch.path("executed")
    let error = error(
      RawPickle.of(
        RawPickle.global(module, name), RawPickle.op("("), RawPickle.string("touch \(marker)"), RawPickle.op("tR")))
    #expect(error?.code == .refused)
    #expect(error?.reason.contains("\(module).\(name)") == true)
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test func theSameThroughStackGlobalIsRefused() {
    let pickle = RawPickle.of(
      RawPickle.string("os"), RawPickle.string("system"), [0x93], RawPickle.op("("), RawPickle.string("true"),
      RawPickle.op("tR"))
    #expect(error(pickle)?.code == .refused)
  }

  @Test(arguments: [
    "(ios\nsystem\n", "(S'os'\no", "P0\n", "I1\n", "\u{82}", "\u{83}", "\u{84}", "\u{97}",
  ])
  func opcodesThatWeightsDoNotNeedAreRefused(text: String) {
    #expect(error(RawPickle.of(text.unicodeScalars.map { UInt8($0.value) }))?.code == .refused)
  }

  @Test func unknownClassesAreInertRecords() throws {
    let root = try open(
      RawPickle.of(
        RawPickle.global("some.module", "Thing"), RawPickle.op("("), RawPickle.int(3), RawPickle.op("t"), [0x81],
        RawPickle.op("}"), RawPickle.string("x"), RawPickle.int(4), RawPickle.op("sb")))
    guard case .record(let record) = root else { throw Missing() }
    #expect(record.typeName == "some.module.Thing")
    #expect(record.fields["x"]?.intValue == 4)
  }

  @Test func callingSomethingThatIsNoClassIsRefused() {
    #expect(error(RawPickle.of(RawPickle.int(1), RawPickle.op(")R")))?.code == .refused)
  }

  @Test func nestedRepetitionIsBounded() {
    // Each list contains the previous one ten times: 10^30 values in a few hundred bytes.
    var pickle: [UInt8] = RawPickle.op("]q") + [0]
    for level in 1...30 {
      pickle += RawPickle.op("](") + (0..<10).flatMap { _ in [0x68, UInt8(level - 1)] }
      pickle += RawPickle.op("eq") + [UInt8(level)]
    }
    #expect(error(RawPickle.of(pickle))?.code == .limitExceeded)
  }

  @Test func depthAndCirclesAreBounded() {
    #expect(error(RawPickle.of(RawPickle.op(")"), [UInt8](repeating: 0x85, count: 100_000)))?.code == .limitExceeded)
    let insideItself = RawPickle.of(RawPickle.op("]q"), [0], RawPickle.op("h"), [0], RawPickle.op("a"))
    #expect(error(insideItself)?.code == .limitExceeded)
  }

  @Test func stackMarksMemoAndObjectsAreBounded() {
    #expect(error(RawPickle.of([UInt8](repeating: 0x28, count: 70_000)))?.code == .limitExceeded)
    #expect(error(RawPickle.of([UInt8](repeating: 0x4E, count: 70_000)))?.code == .limitExceeded)
    let memo = (0..<300_000).flatMap { (key: Int) -> [UInt8] in [0x72] + RawZip.number(key, 4) }
    #expect(error(RawPickle.of(RawPickle.op("]"), memo))?.code == .limitExceeded)
    let objects = [[UInt8]](repeating: RawPickle.op("]0"), count: 300_000).flatMap { $0 }
    #expect(error(RawPickle.of(objects))?.code == .limitExceeded)
  }

  @Test func lengthsBeyondThePickleAreErrors() {
    #expect(error(RawPickle.of([0x58, 0xFF, 0xFF, 0xFF, 0xFF]))?.code == .truncated)
    #expect(error(RawPickle.of([0x8D] + [UInt8](repeating: 0xFF, count: 8)))?.code == .limitExceeded)
    #expect(error(RawPickle.of([0x8B, 0xFF, 0xFF, 0xFF, 0xFF]))?.code == .truncated)
    #expect(error(RawPickle.of(RawPickle.op("c"), [UInt8](repeating: 0x41, count: 600)))?.code == .limitExceeded)
  }

  @Test(arguments: ["0", "t", "R", "b", "s", "a", "u", "e", "Q", "(0", "h\u{5}", "2", "\u{86}", "1", ""])
  func emptyStacksAreErrors(text: String) {
    #expect(error(RawPickle.of(text.unicodeScalars.map { UInt8($0.value) })) != nil)
  }

  @Test(arguments: [
    RawPickle.tensor(offset: 1), RawPickle.tensor(shape: [3, 2]), RawPickle.tensor(strides: [3, 1]),
    RawPickle.tensor(storageCount: 5), RawPickle.tensor(storageCount: Int.max),
    RawPickle.tensor(shape: [1 << 40], strides: [0]), RawPickle.tensor(shape: [2, 2], strides: [Int.max, Int.max]),
    RawPickle.tensor(offset: Int.max), RawPickle.tensor(offset: 5, shape: [0], strides: [1]),
  ])
  func tensorsOutsideTheirStorageAreRefused(pickle: [UInt8]) {
    let error = error(pickle)
    #expect(error?.code == .outOfBounds)
    #expect(error?.tensor == "w")
  }

  @Test(arguments: [
    (RawPickle.tensor(offset: -1), CheckpointError.Code.malformed),
    (RawPickle.tensor(shape: [-2, 2]), .malformed),
    (RawPickle.tensor(strides: [-2, 1]), .malformed),
    (RawPickle.tensor(strides: [1]), .malformed),
    (RawPickle.tensor(storageCount: -1), .malformed),
    (RawPickle.tensor(shape: [Int.max, Int.max], strides: [1, 1]), .limitExceeded),
    (RawPickle.tensor(shape: [Int](repeating: 1, count: 40), strides: [Int](repeating: 1, count: 40)), .limitExceeded),
    (RawPickle.tensor(storageType: "ComplexFloatStorage"), .unsupported),
    (RawPickle.tensor(key: "../../etc/passwd"), .missing),
  ])
  func badTensorsAreRefusedAndNamed(pickle: [UInt8], code: CheckpointError.Code) {
    let error = error(pickle)
    #expect(error?.code == code)
    #expect(error?.tensor == "w")
  }

  @Test func stridedTensorsAreGathered() throws {
    let storage = (0..<6).flatMap { withUnsafeBytes(of: Float($0)) { Array($0) } }
    let transposed = RawPickle.tensor(storageCount: 6, shape: [3, 2], strides: [1, 3])
    let tensor = try #require(try open(transposed, storages: [storage])["model"]?["w"]?.tensorValue)
    #expect(!tensor.isContiguous)
    #expect(try tensor.floats() == [0, 3, 1, 4, 2, 5])
    let view = RawPickle.tensor(storageCount: 6, offset: 4, shape: [2], strides: [1])
    #expect(try open(view, storages: [storage])["model"]?["w"]?.tensorValue?.floats() == [4, 5])
  }
}
