/// A pickle machine that builds nodes and runs nothing: no import, no call. Its memory is bounded by the pickle's
/// length and by fixed limits, its time is linear in the length.
struct Unpickler {
  static let maximumNodeCount = 1 << 18
  static let maximumStackDepth = 1 << 16
  static let maximumMemoCount = 1 << 18

  private var reader: ByteReader
  private(set) var nodes: [PickleNode] = []
  private var stack: [Int] = []
  private var marks: [Int] = []
  private var memo: [Int: Int] = [:]
  /// Sum of the children of all nodes: what shared parts add.
  private var childCount = 0

  init(_ bytes: [UInt8]) { reader = ByteReader(bytes, what: "pickle") }

  /// Interprets the pickle up to its STOP.
  mutating func run() throws(CheckpointError) -> (nodes: [PickleNode], root: Int) {
    guard try reader.uint8() == PickleOpcode.proto.rawValue, (2...5).contains(try reader.uint8()) else {
      throw CheckpointError(.unsupported, "has a pickle that is not of protocol 2 to 5")
    }
    while true {
      let offset = reader.position
      let byte = try reader.uint8()
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw CheckpointError(
          .refused, "has pickle opcode 0x\(String(byte, radix: 16)) at byte \(offset), which weights don't need")
      }
      if opcode == .stop { return (nodes, try pop()) }
      try execute(opcode)
    }
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
    switch opcode {
    case .proto: try reader.skip(1)
    case .frame: try reader.skip(8)
    case .stop: break
    case .mark, .pop, .popMark, .dup: try executeStack(opcode)
    case .binPut: try store(Int(try reader.uint8()))
    case .longBinPut: try store(try reader.uint32())
    case .memoize: try store(memo.count)
    case .binGet: try recall(Int(try reader.uint8()))
    case .longBinGet: try recall(try reader.uint32())
    case .emptyTuple: try push(PickleNode(kind: .tuple))
    case .tuple: try push(PickleNode(kind: .tuple, children: try popToMark()))
    case .tuple1: try push(PickleNode(kind: .tuple, children: try pop(1)))
    case .tuple2: try push(PickleNode(kind: .tuple, children: try pop(2)))
    case .tuple3: try push(PickleNode(kind: .tuple, children: try pop(3)))
    case .emptyList, .emptySet: try push(PickleNode(kind: .list))
    case .list, .frozenSet: try push(PickleNode(kind: .list, children: try popToMark()))
    case .emptyDict: try push(PickleNode(kind: .dictionary))
    case .dict: try push(PickleNode(kind: .dictionary, children: try pairs(try popToMark())))
    case .append: try append(try pop(1))
    case .appends, .addItems: try append(try popToMark())
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .global, .stackGlobal: try executeGlobal(opcode)
    case .reduce, .newObj, .newObjEx: try executeCall(opcode)
    case .build:
      let state = try pop()
      nodes[try top()].state = state
    case .binPersID:
      try push(PickleNode(kind: .storage, children: try pop(1)))
    default: try push(PickleNode(kind: .value(try reader.pickleScalar(opcode))))
    }
  }

  // MARK: - Stack and memo

  private mutating func executeStack(_ opcode: PickleOpcode) throws(CheckpointError) {
    switch opcode {
    case .mark:
      guard marks.count < Self.maximumStackDepth else { throw limit("marks", Self.maximumStackDepth) }
      marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    default: try pushIndex(try top())
    }
  }

  private mutating func push(_ node: PickleNode) throws(CheckpointError) {
    guard nodes.count < Self.maximumNodeCount else { throw limit("objects", Self.maximumNodeCount) }
    try countChildren(node.children.count)
    nodes.append(node)
    try pushIndex(nodes.count - 1)
  }

  private mutating func pushIndex(_ index: Int) throws(CheckpointError) {
    guard stack.count < Self.maximumStackDepth else { throw limit("values on its stack", Self.maximumStackDepth) }
    stack.append(index)
  }

  private func top() throws(CheckpointError) -> Int {
    guard let top = stack.last, stack.count > marks.last ?? 0 else { throw underflow }
    return top
  }

  private mutating func pop() throws(CheckpointError) -> Int {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(CheckpointError) -> [Int] {
    guard stack.count - (marks.last ?? 0) >= count else { throw underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(CheckpointError) -> [Int] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw underflow }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func store(_ key: Int) throws(CheckpointError) {
    guard memo.count < Self.maximumMemoCount else { throw limit("memo entries", Self.maximumMemoCount) }
    memo[key] = try top()
  }

  private mutating func recall(_ key: Int) throws(CheckpointError) {
    guard let index = memo[key] else {
      throw CheckpointError(.malformed, "has a pickle that gets memo \(key), which was not set")
    }
    try pushIndex(index)
  }

  // MARK: - Containers

  private mutating func append(_ elements: [Int]) throws(CheckpointError) {
    let target = try top()
    try countChildren(elements.count)
    switch nodes[target].kind {
    case .list: nodes[target].children.append(contentsOf: elements)
    case .record: break  // elements of an unknown list type: inert
    default: throw CheckpointError(.malformed, "has a pickle that appends to something that is no list")
    }
  }

  private mutating func setItems(_ elements: [Int]) throws(CheckpointError) {
    let target = try top()
    try countChildren(elements.count)
    switch nodes[target].kind {
    case .dictionary: nodes[target].children.append(contentsOf: try pairs(elements))
    case .record: break  // items of an unknown mapping type: inert
    default: throw CheckpointError(.malformed, "has a pickle that sets items of something that is no dictionary")
    }
  }

  private func pairs(_ elements: [Int]) throws(CheckpointError) -> [Int] {
    guard elements.count.isMultiple(of: 2) else {
      throw CheckpointError(.malformed, "has a pickle with a dictionary key without a value")
    }
    return elements
  }

  private mutating func countChildren(_ count: Int) throws(CheckpointError) {
    childCount += count
    guard childCount <= 4 * Self.maximumNodeCount else { throw limit("elements", 4 * Self.maximumNodeCount) }
  }

  // MARK: - Globals and calls

  private mutating func executeGlobal(_ opcode: PickleOpcode) throws(CheckpointError) {
    let module: String
    let name: String
    if opcode == .global {
      module = try reader.pickleLine()
      name = try reader.pickleLine()
    } else {
      let names = try pop(2)
      guard let first = string(names[0]), let second = string(names[1]) else {
        throw CheckpointError(.malformed, "has a pickle that names a class by something that is no text")
      }
      (module, name) = (first, second)
    }
    try PickleAllowList.check(module: module, name: name)
    try push(PickleNode(kind: .global(module: module, name: name)))
  }

  private mutating func executeCall(_ opcode: PickleOpcode) throws(CheckpointError) {
    if opcode == .newObjEx { _ = try pop() }  // keyword arguments of an unknown class
    let operands = try pop(2)
    guard case .tuple = nodes[operands[1]].kind, case .global(let module, let name) = nodes[operands[0]].kind else {
      throw CheckpointError(.refused, "has a pickle that calls something that is not a named class")
    }
    try push(PickleAllowList.instance(module: module, name: name, arguments: nodes[operands[1]].children, in: nodes))
  }

  private func string(_ index: Int) -> String? {
    if case .value(.string(let text)) = nodes[index].kind { return text }
    return nil
  }

  // MARK: - Errors

  private var underflow: CheckpointError {
    CheckpointError(.malformed, "has a pickle that takes more from its stack than it put there")
  }

  private func limit(_ what: String, _ limit: Int) -> CheckpointError {
    CheckpointError(.limitExceeded, "has a pickle with more than \(limit) \(what)")
  }
}
