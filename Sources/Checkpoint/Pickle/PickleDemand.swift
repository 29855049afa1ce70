/// How much a pickle can make at most, counted before any of it is made: so that it is refused in time, and so that each
/// table is allocated once.
struct PickleDemand {
  static let maximumNodeCount = 1 << 18
  static let maximumMemoCount = 1 << 18

  /// Lists, dictionaries, names, calls: what is not a plain value.
  private(set) var nodes = 0
  /// Each puts something on the stack, which becomes an element once at most.
  private(set) var pushes = 0
  /// Places of the memo.
  private(set) var memo = 0

  /// Walks over the pickle up to its STOP.
  /// - Throws: `refused` for an opcode that weights don't need, `truncated`, or `limitExceeded`.
  init(_ pickle: [UInt8]) throws(CheckpointError) {
    var reader = ByteReader(pickle, what: "pickle")
    var stored = 0
    while true {
      let opcode = try reader.pickleOpcode()
      if opcode == .stop { break }
      switch opcode {
      case .mark, .pop, .popMark, .append, .appends, .addItems, .setItem, .setItems, .build, .proto, .frame: break
      case .binPut, .longBinPut:
        let key = opcode == .binPut ? Int(try reader.uint8()) : try reader.uint32()
        guard key < Self.maximumMemoCount else { throw Self.limit("memo entries", Self.maximumMemoCount) }
        memo = max(memo, key + 1)
        stored += 1
        continue
      case .memoize: stored += 1
      case .dup, .binGet, .longBinGet: pushes += 1
      case .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3, .emptyList, .emptySet, .list, .frozenSet, .emptyDict, .dict,
        .global, .stackGlobal, .reduce, .newObj, .newObjEx, .binPersID:
        nodes += 1
        pushes += 1
      default: pushes += 1
      }
      try reader.skipOperand(of: opcode)
    }
    memo = max(memo, stored)
    guard nodes <= Self.maximumNodeCount else { throw Self.limit("objects", Self.maximumNodeCount) }
    guard memo <= Self.maximumMemoCount else { throw Self.limit("memo entries", Self.maximumMemoCount) }
  }

  static func limit(_ what: String, _ limit: Int) -> CheckpointError {
    CheckpointError(.limitExceeded, "has a pickle with more than \(limit) \(what)")
  }
}
