/// A pickle machine that builds nodes and runs nothing: no import, no call. Stack, memo and nodes have fixed limits; its
/// time is linear in the pickle's length.
struct Unpickler {
  static let maximumStackDepth = 1 << 16
  static let maximumMemoCount = 1 << 18

  private var reader: ByteReader
  private var graph = PickleGraph()
  private var stack: [PickleItem] = []
  /// Each is the stack's height when it was set.
  private var marks: [Int] = []
  private var memo: [Int: PickleItem] = [:]

  private init(_ pickle: [UInt8]) throws(CheckpointError) {
    reader = ByteReader(pickle, what: "pickle")
    guard try reader.uint8() == PickleOpcode.proto.rawValue, (2...5).contains(try reader.uint8()) else {
      throw CheckpointError(.unsupported, "has a pickle that is not of protocol 2 to 5")
    }
  }

  /// Interprets a pickle up to its STOP.
  static func run(_ pickle: [UInt8]) throws(CheckpointError) -> (graph: PickleGraph, root: PickleItem) {
    var machine = try Unpickler(pickle)
    while true {
      let opcode = try machine.reader.pickleOpcode()
      if opcode == .stop { break }
      try machine.execute(opcode)
    }
    let root = try machine.pop()
    return (machine.graph, root)
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
    switch opcode {
    case .stop: break
    case .proto: try reader.skip(1)
    case .frame: try reader.skip(8)
    case .mark:
      guard marks.count < Self.maximumStackDepth else { throw PickleGraph.limit("marks", Self.maximumStackDepth) }
      marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try takeToMark()
    case .dup: try push(try top())
    case .binPut: try store(Int(try reader.uint8()))
    case .longBinPut: try store(try reader.uint32())
    case .memoize: try store(memo.count)
    case .binGet: try recall(Int(try reader.uint8()))
    case .longBinGet: try recall(try reader.uint32())
    case .emptyTuple: try push(PickleNode(kind: .tuple))
    case .tuple: try push(PickleNode(kind: .tuple, elements: try takeToMark()))
    case .tuple1: try push(PickleNode(kind: .tuple, elements: try take(1)))
    case .tuple2: try push(PickleNode(kind: .tuple, elements: try take(2)))
    case .tuple3: try push(PickleNode(kind: .tuple, elements: try take(3)))
    case .emptyList, .emptySet: try push(PickleNode(kind: .list))
    case .list, .frozenSet: try push(PickleNode(kind: .list, elements: try takeToMark()))
    case .emptyDict: try push(PickleNode(kind: .dictionary))
    case .dict: try push(PickleNode(kind: .dictionary, elements: try Self.pairs(try takeToMark())))
    case .append: try append(try take(1))
    case .appends, .addItems: try append(try takeToMark())
    case .setItem: try setItems(try take(2))
    case .setItems: try setItems(try takeToMark())
    case .global: try pushGlobal(module: try reader.pickleLine(), name: try reader.pickleLine())
    case .stackGlobal:
      guard case .scalar(.string(let name)) = try pop(), case .scalar(.string(let module)) = try pop() else {
        throw CheckpointError(.malformed, "has a pickle that names a class by something that is no text")
      }
      try pushGlobal(module: module, name: name)
    case .reduce, .newObj, .newObjEx: try call(opcode)
    case .build:
      let state = try pop()
      guard case .node(let instance) = try top() else {
        throw CheckpointError(.malformed, "has a pickle that gives a plain value attributes")
      }
      graph.setState(state, of: instance)
    case .binPersID: try push(PickleNode(kind: .storage, elements: try take(1)))
    default: try push(.scalar(try reader.pickleScalar(opcode)))
    }
  }

  // MARK: - Stack and memo

  /// The lowest place above the last mark.
  private var floor: Int { marks.last ?? 0 }

  private mutating func push(_ item: PickleItem) throws(CheckpointError) {
    guard stack.count < Self.maximumStackDepth else {
      throw PickleGraph.limit("values on its stack", Self.maximumStackDepth)
    }
    stack.append(item)
  }

  private mutating func push(_ node: PickleNode) throws(CheckpointError) { try push(try graph.add(node)) }

  private func top() throws(CheckpointError) -> PickleItem {
    guard let top = stack.last, stack.count > floor else { throw underflow }
    return top
  }

  private mutating func pop() throws(CheckpointError) -> PickleItem {
    let item = try top()
    stack.removeLast()
    return item
  }

  /// Takes the last `count` values, which are above the last mark.
  private mutating func take(_ count: Int) throws(CheckpointError) -> [PickleItem] {
    guard stack.count - floor >= count else { throw underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  /// Takes the values above the last mark, and the mark.
  private mutating func takeToMark() throws(CheckpointError) -> [PickleItem] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw underflow }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func store(_ key: Int) throws(CheckpointError) {
    memo[key] = try top()
    guard memo.count <= Self.maximumMemoCount else { throw PickleGraph.limit("memo entries", Self.maximumMemoCount) }
  }

  private mutating func recall(_ key: Int) throws(CheckpointError) {
    guard let item = memo[key] else {
      throw CheckpointError(.malformed, "has a pickle that gets memo \(key), which was not set")
    }
    try push(item)
  }

  // MARK: - Containers

  private mutating func append(_ elements: [PickleItem]) throws(CheckpointError) {
    let target = try container()
    switch graph.nodes[target].kind {
    case .list: try graph.append(elements, to: target)
    case .record: break  // elements of an unknown list type: inert
    default: throw CheckpointError(.malformed, "has a pickle that appends to something that is no list")
    }
  }

  private mutating func setItems(_ elements: [PickleItem]) throws(CheckpointError) {
    let target = try container()
    switch graph.nodes[target].kind {
    case .dictionary: try graph.append(try Self.pairs(elements), to: target)
    case .record: break  // items of an unknown mapping type: inert
    default: throw CheckpointError(.malformed, "has a pickle that sets items of something that is no dictionary")
    }
  }

  /// The node on top of the stack, which is given elements.
  private func container() throws(CheckpointError) -> Int {
    guard case .node(let index) = try top() else {
      throw CheckpointError(.malformed, "has a pickle that gives a plain value elements")
    }
    return index
  }

  private static func pairs(_ elements: [PickleItem]) throws(CheckpointError) -> [PickleItem] {
    guard elements.count.isMultiple(of: 2) else {
      throw CheckpointError(.malformed, "has a pickle with a dictionary key without a value")
    }
    return elements
  }

  // MARK: - Globals and calls

  private mutating func pushGlobal(module: String, name: String) throws(CheckpointError) {
    try ByteReader.checkName(max(module.utf8.count, name.utf8.count))
    try PickleAllowList.check(module: module, name: name)
    try push(PickleNode(kind: .global, className: PickleNode.ClassName(module: module, name: name)))
  }

  private mutating func call(_ opcode: PickleOpcode) throws(CheckpointError) {
    if opcode == .newObjEx { _ = try pop() }  // keyword arguments of an unknown class
    let arguments = graph.node(try pop())
    let callee = graph.node(try pop())
    guard let arguments, arguments.kind == .tuple, let callee, callee.kind == .global, let className = callee.className
    else { throw CheckpointError(.refused, "has a pickle that calls something that is not a named class") }
    switch PickleAllowList.instance(module: className.module, name: className.name) {
    case .tensor: try push(PickleNode(kind: .tensor, elements: arguments.elements))
    case .parameter: try push(PickleNode(kind: .parameter, elements: arguments.elements))
    case .emptyDictionary: try push(PickleNode(kind: .dictionary))
    case .dictionary: try push(PickleNode(kind: .dictionary, elements: entries(of: arguments)))
    case .list:
      try push(PickleNode(kind: .list, elements: arguments.elements.first.flatMap(graph.node)?.elements ?? []))
    case .record: try push(PickleNode(kind: .record, elements: arguments.elements, className: className))
    }
  }

  /// Keys and values of the list of pairs that a dictionary is made from, or of the dictionary.
  private func entries(of arguments: PickleNode) -> [PickleItem] {
    guard let source = arguments.elements.first.flatMap(graph.node) else { return [] }
    if source.kind == .dictionary { return source.elements }
    return source.elements.lazy.compactMap(graph.node).map(\.elements).filter { $0.count == 2 }.flatMap { $0 }
  }

  private var underflow: CheckpointError {
    CheckpointError(.malformed, "has a pickle that takes more from its stack than it put there")
  }
}
