/// Turns the graph that a pickle built into a tree of values, checking every tensor on the way.
///
/// Parts that are referred to twice are converted once and shared. What the tree would count when written out is
/// bounded, so a small file of nested repetitions can't keep its reader busy; so is the depth, which circles exceed.
struct PickleResolver {
  typealias LocateStorage = (PickledStorage, String) throws(CheckpointError) -> Range<Int>

  static let maximumDepth = 64
  /// Values in the tree, each repetition counted.
  static let maximumValueCount = 1 << 20

  let nodes: [PickleNode]
  let locate: LocateStorage
  private var resolved: [Int: (value: PickleValue, count: Int)] = [:]
  var file: MappedFile?

  init(graph nodes: [PickleNode], locate: @escaping LocateStorage) {
    self.nodes = nodes
    self.locate = locate
  }

  mutating func resolve(_ root: Int) throws(CheckpointError) -> PickleValue {
    try resolve(root, key: "", depth: 0).value
  }

  private mutating func resolve(
    _ index: Int, key: String, depth: Int
  ) throws(CheckpointError) -> (value: PickleValue, count: Int) {
    guard depth <= Self.maximumDepth else {
      throw CheckpointError(.limitExceeded, "has a pickle nested deeper than \(Self.maximumDepth), or inside itself")
    }
    let node = nodes[index]
    switch node.kind {
    case .value(let value): return (value, 1)
    case .tensor: return (.tensor(try tensor(node, name: key, depth: depth)), 1)
    case .global(let module, let name):
      return (.record(PickleRecord(typeName: "\(module).\(name)", arguments: [], fields: PickleDictionary())), 1)
    default: break
    }
    if let done = resolved[index] { return done }
    var count = 1
    let value: PickleValue
    switch node.kind {
    case .dictionary:
      value = .dictionary(try dictionary(node.children, depth: depth, count: &count))
    case .record(let typeName):
      value = .record(try record(node, typeName: typeName, depth: depth, count: &count))
    default:
      value = .list(try list(node.children, key: key, depth: depth, count: &count))
    }
    resolved[index] = (value, count)
    return (value, count)
  }

  private mutating func list(
    _ children: [Int], key: String, depth: Int, count: inout Int
  ) throws(CheckpointError) -> [PickleValue] {
    var elements: [PickleValue] = []
    elements.reserveCapacity(children.count)
    for child in children {
      let element = try resolve(child, key: key, depth: depth + 1)
      try add(element.count, to: &count)
      elements.append(element.value)
    }
    return elements
  }

  private mutating func dictionary(
    _ children: [Int], depth: Int, count: inout Int
  ) throws(CheckpointError) -> PickleDictionary {
    var dictionary = PickleDictionary()
    for position in stride(from: 0, to: children.count - 1, by: 2) {
      let key = try resolveKey(children[position])
      let value = try resolve(children[position + 1], key: key, depth: depth + 1)
      try add(value.count, to: &count)
      dictionary.set(key, value.value)
    }
    return dictionary
  }

  private mutating func record(
    _ node: PickleNode, typeName: String, depth: Int, count: inout Int
  ) throws(CheckpointError) -> PickleRecord {
    let arguments = try list(node.children, key: typeName, depth: depth, count: &count)
    var fields = PickleDictionary()
    if let state = node.state {
      let resolved = try resolve(state, key: typeName, depth: depth + 1)
      try add(resolved.count, to: &count)
      // Classes with slots give a pair: attributes, slots.
      switch resolved.value {
      case .dictionary(let dictionary): fields = dictionary
      case .list(let parts):
        for part in parts { part.dictionaryValue?.entries.forEach { fields.set($0.key, $0.value) } }
      default: break
      }
    }
    return PickleRecord(typeName: typeName, arguments: arguments, fields: fields)
  }

  private func resolveKey(_ index: Int) throws(CheckpointError) -> String {
    guard case .value(let value) = nodes[index].kind else { return "(key \(index))" }
    switch value {
    case .string(let text): return text
    case .int(let number): return String(number)
    case .float(let number): return String(number)
    case .bool(let flag): return flag ? "True" : "False"
    case .none: return "None"
    default: return "(key \(index))"
    }
  }

  private func add(_ more: Int, to count: inout Int) throws(CheckpointError) {
    count += more
    guard count <= Self.maximumValueCount else {
      throw CheckpointError(.limitExceeded, "has a pickle that writes out to over \(Self.maximumValueCount) values")
    }
  }
}
