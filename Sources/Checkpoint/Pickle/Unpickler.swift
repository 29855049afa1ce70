/// A pickle machine that builds nodes and runs nothing: no import, no call. Its memory is taken from an allowance before
/// it is used, its time is linear in the pickle's length.
struct Unpickler {
  static let maximumStackDepth = 1 << 16

  private var reader: ByteReader
  private var graph: PickleGraph
  private var allowance: ReadingAllowance
  private var stack: [PickleReference] = []
  private var marks: [UInt32] = []
  private var memo: [PickleReference]
  private var memoCount = 0

  private init(_ pickle: [UInt8], allowance: ReadingAllowance) throws(CheckpointError) {
    reader = ByteReader(pickle, what: "pickle")
    self.allowance = allowance
    guard try reader.uint8() == PickleOpcode.proto.rawValue, (2...5).contains(try reader.uint8()) else {
      throw CheckpointError(.unsupported, "has a pickle that is not of protocol 2 to 5")
    }
    let demand = try PickleDemand(pickle)
    let memoByteCount = PickleValue.byteCount(ofArray: PickleReference.self, demand.memo)
    try self.allowance.take(PickleGraph.byteCount(demand) + memoByteCount, for: "pickle")
    graph = PickleGraph(pickle, demand: demand)
    memo = Array(repeating: .absent, count: demand.memo)
  }

  /// Interprets a pickle of at most 16 MiB up to its STOP.
  static func run(
    _ pickle: [UInt8], allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> (graph: PickleGraph, root: PickleReference) {
    var machine = try Unpickler(pickle, allowance: allowance)
    while true {
      let offset = machine.reader.position
      let opcode = try machine.reader.pickleOpcode()
      if opcode == .stop { break }
      try machine.execute(opcode, at: offset)
    }
    let root = try machine.pop()
    allowance = machine.allowance
    return (machine.graph, root)
  }

  private mutating func execute(_ opcode: PickleOpcode, at offset: Int) throws(CheckpointError) {
    switch opcode {
    case .stop: break
    case .proto, .frame: try reader.skipOperand(of: opcode)
    case .mark, .pop, .popMark, .dup: try executeStack(opcode)
    case .binPut: try store(Int(try reader.uint8()))
    case .longBinPut: try store(try reader.uint32())
    case .memoize: try store(memoCount)
    case .binGet: try recall(Int(try reader.uint8()))
    case .longBinGet: try recall(try reader.uint32())
    case .emptyTuple: try push(.tuple, elementsFrom: stack.count)
    case .tuple: try push(.tuple, elementsFrom: try popMark())
    case .tuple1: try push(.tuple, elementsFrom: try last(1))
    case .tuple2: try push(.tuple, elementsFrom: try last(2))
    case .tuple3: try push(.tuple, elementsFrom: try last(3))
    case .emptyList, .emptySet: try push(.list, elementsFrom: stack.count)
    case .list, .frozenSet: try push(.list, elementsFrom: try popMark())
    case .emptyDict: try push(.dictionary, elementsFrom: stack.count)
    case .dict:
      let start = try popMark()
      try checkPairs(from: start)
      try push(.dictionary, elementsFrom: start)
    case .append: try append(from: try last(1))
    case .appends, .addItems: try append(from: try popMark())
    case .setItem: try setItems(from: try last(2))
    case .setItems: try setItems(from: try popMark())
    case .global, .stackGlobal: try executeGlobal(opcode, at: offset)
    case .reduce, .newObj, .newObjEx: try executeCall(opcode)
    case .build:
      let state = try pop()
      guard let instance = try top().node else {
        throw CheckpointError(.malformed, "has a pickle that gives a plain value attributes")
      }
      graph.setState(state, of: instance)
    case .binPersID: try push(.storage, elementsFrom: try last(1))
    default:
      try reader.skipOperand(of: opcode)
      try push(.scalar(at: offset))
    }
  }

  // MARK: - Stack and memo

  private mutating func executeStack(_ opcode: PickleOpcode) throws(CheckpointError) {
    switch opcode {
    case .mark:
      guard marks.count < Self.maximumStackDepth else { throw PickleDemand.limit("marks", Self.maximumStackDepth) }
      try Self.grow(&marks, &allowance)
      marks.append(UInt32(truncatingIfNeeded: stack.count))
    case .pop: _ = try pop()
    case .popMark: stack.removeLast(stack.count - (try popMark()))
    default:
      graph.share(try top())
      try push(try top())
    }
  }

  private mutating func push(_ reference: PickleReference) throws(CheckpointError) {
    guard stack.count < Self.maximumStackDepth else {
      throw PickleDemand.limit("values on its stack", Self.maximumStackDepth)
    }
    try Self.grow(&stack, &allowance)
    stack.append(reference)
  }

  /// Makes a node of what lies on the stack from `start` on, and puts it there instead.
  private mutating func push(_ kind: PickleNode.Kind, elementsFrom start: Int) throws(CheckpointError) {
    let reference = graph.add(PickleNode(kind))
    if let node = reference.node { move(from: start, to: node) }
    try push(reference)
  }

  private mutating func move(from start: Int, to node: Int) {
    for position in start..<stack.count { graph.append(stack[position], to: node) }
    stack.removeLast(stack.count - start)
  }

  /// Swift doubles an array that is full; both are there while it is copied.
  private static func grow<Element>(
    _ array: inout [Element], _ allowance: inout ReadingAllowance
  ) throws(CheckpointError) {
    guard array.count == array.capacity else { return }
    let capacity = max(16, 2 * array.capacity)
    try allowance.take(PickleValue.byteCount(ofArray: Element.self, capacity), for: "pickle")
    array.reserveCapacity(capacity)
  }

  /// The lowest place above the last mark.
  private var floor: Int { Int(marks.last ?? 0) }

  private func top() throws(CheckpointError) -> PickleReference {
    guard let top = stack.last, stack.count > floor else { throw underflow }
    return top
  }

  private mutating func pop() throws(CheckpointError) -> PickleReference {
    let value = try top()
    stack.removeLast()
    return value
  }

  /// Where the last `count` values begin.
  private func last(_ count: Int) throws(CheckpointError) -> Int {
    guard stack.count - floor >= count else { throw underflow }
    return stack.count - count
  }

  /// Where the values above the last mark begin; the mark is gone.
  private mutating func popMark() throws(CheckpointError) -> Int {
    guard let mark = marks.popLast(), mark <= stack.count else { throw underflow }
    return Int(mark)
  }

  private mutating func store(_ key: Int) throws(CheckpointError) {
    // `PickleDemand` has counted, so that every key has its place.
    guard memo.indices.contains(key) else { throw PickleDemand.limit("memo entries", memo.count) }
    if memo[key] == .absent { memoCount += 1 }
    memo[key] = try top()
  }

  private mutating func recall(_ key: Int) throws(CheckpointError) {
    guard memo.indices.contains(key), memo[key] != .absent else {
      throw CheckpointError(.malformed, "has a pickle that gets memo \(key), which was not set")
    }
    graph.share(memo[key])
    try push(memo[key])
  }

  // MARK: - Containers

  private mutating func append(from start: Int) throws(CheckpointError) {
    let target = try target(below: start)
    switch graph.nodes[target].kind {
    case .list: move(from: start, to: target)
    case .record: stack.removeLast(stack.count - start)  // elements of an unknown list type: inert
    default: throw CheckpointError(.malformed, "has a pickle that appends to something that is no list")
    }
  }

  private mutating func setItems(from start: Int) throws(CheckpointError) {
    let target = try target(below: start)
    switch graph.nodes[target].kind {
    case .dictionary:
      try checkPairs(from: start)
      move(from: start, to: target)
    case .record: stack.removeLast(stack.count - start)  // items of an unknown mapping type: inert
    default: throw CheckpointError(.malformed, "has a pickle that sets items of something that is no dictionary")
    }
  }

  /// The node under the values from `start` on.
  private func target(below start: Int) throws(CheckpointError) -> Int {
    guard start > floor else { throw underflow }
    guard let node = stack[start - 1].node else {
      throw CheckpointError(.malformed, "has a pickle that gives a plain value elements")
    }
    return node
  }

  private func checkPairs(from start: Int) throws(CheckpointError) {
    guard (stack.count - start).isMultiple(of: 2) else {
      throw CheckpointError(.malformed, "has a pickle with a dictionary key without a value")
    }
  }

  // MARK: - Globals and calls

  private mutating func executeGlobal(_ opcode: PickleOpcode, at offset: Int) throws(CheckpointError) {
    if opcode == .global {
      try reader.skipOperand(of: opcode)
      try push(graph.add(PickleNode(.global, global: .scalar(at: offset))))
    } else {
      try push(.global, elementsFrom: try last(2))
    }
    guard let node = graph.nodes.last else { throw underflow }
    let (module, name) = try graph.globalName(node, &allowance)
    try PickleAllowList.check(module: module, name: name)
  }

  private mutating func executeCall(_ opcode: PickleOpcode) throws(CheckpointError) {
    if opcode == .newObjEx { _ = try pop() }  // keyword arguments of an unknown class
    let arguments = try pop()
    let callee = try pop()
    guard let tuple = graph.node(arguments), tuple.kind == .tuple, let named = graph.node(callee),
      named.kind == .global
    else { throw CheckpointError(.refused, "has a pickle that calls something that is not a named class") }
    let (module, name) = try graph.globalName(named, &allowance)
    let node: PickleNode
    switch PickleAllowList.instance(module: module, name: name) {
    case .tensor: node = PickleNode(.tensor, origin: arguments)
    case .parameter: node = PickleNode(.parameter, origin: arguments)
    case .emptyDictionary: node = PickleNode(.dictionary)
    case .dictionary: node = PickleNode(.dictionary, origin: try contents(tuple))
    case .list: node = PickleNode(.list, origin: try contents(tuple))
    case .record: node = PickleNode(.record, global: callee, origin: arguments)
    }
    try push(graph.add(node))
  }

  /// The collection that a collection is made from; absent where there is none.
  private func contents(_ arguments: PickleNode) throws(CheckpointError) -> PickleReference {
    guard let first = graph.element(0, of: arguments), let node = graph.node(first) else { return .absent }
    guard node.origin == .absent else {
      throw CheckpointError(.unsupported, "has a pickle that makes a collection of a collection of another")
    }
    return first
  }

  // MARK: - Errors

  private var underflow: CheckpointError {
    CheckpointError(.malformed, "has a pickle that takes more from its stack than it put there")
  }
}
