/// Turns the graph that a pickle built into a tree of values and checks every tensor on the way.
///
/// Parts that are referred to twice are converted once and shared. The number of values of the tree as it would be
/// written out is limited, so that a small file of nested repetitions can't keep its reader busy; so is the depth, which
/// a circle exceeds.
struct PickleResolver {
  typealias LocateStorage = (PickledStorage, String) throws(CheckpointError) -> Range<Int>

  static let maximumDepth = 64
  /// Values in the tree, each repetition counted.
  static let maximumValueCount = 1 << 20

  let graph: PickleGraph
  let file: MappedFile
  let locate: LocateStorage
  /// The values of nodes by their numbers; without tensors, which are named after the key that leads to them.
  private var resolved: [Int: (value: PickleValue, count: Int)] = [:]

  init(graph: PickleGraph, file: MappedFile, locate: @escaping LocateStorage) {
    self.graph = graph
    self.file = file
    self.locate = locate
  }

  mutating func resolve(_ root: PickleItem) throws(CheckpointError) -> PickleValue {
    try resolve(root, key: "", depth: 0).value
  }

  private mutating func resolve(
    _ item: PickleItem, key: String, depth: Int
  ) throws(CheckpointError) -> (value: PickleValue, count: Int) {
    guard depth <= Self.maximumDepth else {
      throw CheckpointError(.limitExceeded, "has a pickle nested deeper than \(Self.maximumDepth), or inside itself")
    }
    let index: Int
    switch item {
    case .scalar(let value): return (value, 1)
    case .node(let number): index = number
    }
    if let done = resolved[index] { return done }
    let node = graph.nodes[index]
    var count = 1
    let value: PickleValue
    switch node.kind {
    case .tensor, .parameter: return (.tensor(try tensor(node, name: key, depth: depth)), 1)
    case .dictionary: value = .dictionary(try dictionary(node, depth: depth, count: &count))
    case .global, .record: value = .record(try record(node, depth: depth, count: &count))
    case .list, .tuple, .storage: value = .list(try list(node, key: key, depth: depth, count: &count))
    }
    resolved[index] = (value, count)
    return (value, count)
  }

  private mutating func list(
    _ node: PickleNode, key: String, depth: Int, count: inout Int
  ) throws(CheckpointError) -> [PickleValue] {
    var elements: [PickleValue] = []
    for item in node.elements {
      let element = try resolve(item, key: key, depth: depth + 1)
      try add(element.count, to: &count)
      elements.append(element.value)
    }
    return elements
  }

  private mutating func dictionary(
    _ node: PickleNode, depth: Int, count: inout Int
  ) throws(CheckpointError) -> PickleDictionary {
    var dictionary = PickleDictionary()
    for index in stride(from: 0, to: node.elements.count - 1, by: 2) {
      let key = Self.key(node.elements[index])
      let value = try resolve(node.elements[index + 1], key: key, depth: depth + 1)
      try add(value.count, to: &count)
      dictionary.set(key, value.value)
    }
    return dictionary
  }

  private mutating func record(
    _ node: PickleNode, depth: Int, count: inout Int
  ) throws(CheckpointError) -> PickleRecord {
    guard let className = node.className else {
      throw CheckpointError(.malformed, "has a pickle with an instance of no class")
    }
    // The arguments of a constructor that is never called count, but are not kept.
    _ = try list(node, key: "", depth: depth, count: &count)
    var fields = PickleDictionary()
    if let state = node.state {
      let state = try resolve(state, key: "", depth: depth + 1)
      try add(state.count, to: &count)
      // Classes with slots give a pair: attributes, slots.
      switch state.value {
      case .dictionary(let dictionary): fields = dictionary
      case .list(let parts):
        for part in parts { part.dictionaryValue?.entries.forEach { fields.set($0.key, $0.value) } }
      default: break
      }
    }
    return PickleRecord(typeName: "\(className.module).\(className.name)", fields: fields)
  }

  private static func key(_ item: PickleItem) -> String {
    switch item {
    case .scalar(.string(let text)): text
    case .scalar(.int(let number)): String(number)
    case .scalar(.float(let number)): String(number)
    case .scalar(.bool(let flag)): flag ? "True" : "False"
    case .scalar(.none): "None"
    case .scalar: "(key)"
    case .node(let index): "(key \(index))"
    }
  }

  private func add(_ more: Int, to count: inout Int) throws(CheckpointError) {
    count += more
    guard count <= Self.maximumValueCount else {
      throw CheckpointError(.limitExceeded, "has a pickle that writes out to over \(Self.maximumValueCount) values")
    }
  }
}
