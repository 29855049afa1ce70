/// Turns the graph that a pickle built into a tree of values, checking every tensor on the way.
///
/// Parts that are referred to twice are converted once and shared. What the tree would count when written out is
/// bounded, so a small file of nested repetitions can't keep its reader busy; so is the depth, which circles exceed, and
/// the memory.
struct PickleResolver {
  typealias LocateStorage = (PickledStorage, String) throws(CheckpointError) -> Range<Int>

  static let maximumDepth = 64
  /// Values in the tree, each repetition counted.
  static let maximumValueCount = 1 << 20

  let graph: PickleGraph
  let locate: LocateStorage
  var file: MappedFile?
  var allowance: ReadingAllowance
  /// The values of shared nodes.
  private var resolved: [Int: (value: PickleValue, count: Int)] = [:]

  init(graph: PickleGraph, allowance: ReadingAllowance, locate: @escaping LocateStorage) {
    self.graph = graph
    self.allowance = allowance
    self.locate = locate
  }

  mutating func resolve(_ root: PickleReference) throws(CheckpointError) -> PickleValue {
    try resolve(root, key: "", depth: 0).value
  }

  private mutating func resolve(
    _ reference: PickleReference, key: String, depth: Int
  ) throws(CheckpointError) -> (value: PickleValue, count: Int) {
    guard depth <= Self.maximumDepth else {
      throw CheckpointError(.limitExceeded, "has a pickle nested deeper than \(Self.maximumDepth), or inside itself")
    }
    guard let index = reference.node else { return (try scalar(reference), 1) }
    let node = graph.nodes[index]
    if node.isShared, let done = resolved[index] { return done }
    var count = 1
    let value: PickleValue
    switch node.kind {
    case .tensor, .parameter: value = .tensor(try tensor(node, name: key, depth: depth))
    case .dictionary: value = .dictionary(try dictionary(node, depth: depth, count: &count))
    case .global: value = .record(try record(named: node, arguments: [], fields: PickleDictionary()))
    case .record: value = .record(try record(node, depth: depth, count: &count))
    case .list, .tuple, .storage: value = .list(try list(node, key: key, depth: depth, count: &count))
    }
    // A tensor is named after the key that leads to it.
    if node.isShared, node.kind != .tensor, node.kind != .parameter {
      // A growing table is there twice while it is copied.
      try take(4 * MemoryLayout<(Int, PickleValue, Int)>.stride)
      resolved[index] = (value, count)
    }
    return (value, count)
  }

  private mutating func scalar(_ reference: PickleReference) throws(CheckpointError) -> PickleValue {
    try take(PickleValue.byteCount(ofCase: String.self))
    return try graph.scalar(reference, &allowance) ?? .none
  }

  private mutating func list(
    _ node: PickleNode, key: String, depth: Int, count: inout Int
  ) throws(CheckpointError) -> [PickleValue] {
    let elementCount = graph.elementCount(of: node)
    try take(
      PickleValue.byteCount(ofCase: [PickleValue].self)
        + PickleValue.byteCount(ofArray: PickleValue.self, elementCount))
    var elements: [PickleValue] = []
    elements.reserveCapacity(elementCount)
    for reference in graph.elements(of: node) {
      let element = try resolve(reference, key: key, depth: depth + 1)
      try add(element.count, to: &count)
      elements.append(element.value)
    }
    return elements
  }

  private mutating func dictionary(
    _ node: PickleNode, depth: Int, count: inout Int
  ) throws(CheckpointError) -> PickleDictionary {
    var own = node
    own.origin = .absent
    let pairs = graph.node(node.origin)
    let capacity = (pairs.map(graph.elementCount) ?? 0) + graph.elementCount(of: own) / 2
    try take(PickleDictionary.byteCount(capacity))
    var dictionary = PickleDictionary(capacity: capacity)
    if let pairs {
      for reference in graph.elements(of: pairs) {
        guard let pair = graph.node(reference), graph.elementCount(of: pair) == 2 else { continue }
        try set(&dictionary, elementsOf: pair, depth: depth, count: &count)
      }
    }
    try set(&dictionary, elementsOf: own, depth: depth, count: &count)
    return dictionary
  }

  /// Sets keys and values, which take turns.
  private mutating func set(
    _ dictionary: inout PickleDictionary, elementsOf node: PickleNode, depth: Int, count: inout Int
  ) throws(CheckpointError) {
    var elements = graph.elements(of: node)
    while let keyReference = elements.next(), let reference = elements.next() {
      let key = try key(keyReference)
      let value = try resolve(reference, key: key, depth: depth + 1)
      try add(value.count, to: &count)
      dictionary.set(key, value.value)
    }
  }

  private mutating func record(
    _ node: PickleNode, depth: Int, count: inout Int
  ) throws(CheckpointError) -> PickleRecord {
    guard let named = graph.node(node.global) else {
      throw CheckpointError(.malformed, "has a pickle with an instance of no class")
    }
    let arguments = try list(node, key: "", depth: depth, count: &count)
    var fields = PickleDictionary()
    if node.state != .absent {
      let resolved = try resolve(node.state, key: "", depth: depth + 1)
      try add(resolved.count, to: &count)
      // Classes with slots give a pair: attributes, slots.
      switch resolved.value {
      case .dictionary(let dictionary): fields = dictionary
      case .list(let parts):
        let entryCount = parts.reduce(0) { $0 + ($1.dictionaryValue?.count ?? 0) }
        try take(PickleDictionary.byteCount(entryCount))
        fields = PickleDictionary(capacity: entryCount)
        for part in parts { part.dictionaryValue?.entries.forEach { fields.set($0.key, $0.value) } }
      default: break
      }
    }
    return try record(named: named, arguments: arguments, fields: fields)
  }

  private mutating func record(
    named global: PickleNode, arguments: [PickleValue], fields: PickleDictionary
  ) throws(CheckpointError) -> PickleRecord {
    let (module, name) = try graph.globalName(global, &allowance)
    let typeName = "\(module).\(name)"
    try take(
      PickleValue.byteCount(ofCase: PickleRecord.self) + PickleValue.byteCount(ofText: typeName.utf8.count))
    return PickleRecord(typeName: typeName, arguments: arguments, fields: fields)
  }

  private mutating func key(_ reference: PickleReference) throws(CheckpointError) -> String {
    let key: String
    switch try graph.scalar(reference, &allowance) {
    case .string(let text): key = text
    case .int(let number): key = String(number)
    case .float(let number): key = String(number)
    case .bool(let flag): key = flag ? "True" : "False"
    case .some(.none): key = "None"
    default: key = "(key \(reference.node ?? reference.offset ?? 0))"
    }
    return key
  }

  /// What is made next is taken from the allowance first.
  mutating func take(_ byteCount: Int) throws(CheckpointError) { try allowance.take(byteCount, for: "pickle") }

  private func add(_ more: Int, to count: inout Int) throws(CheckpointError) {
    count += more
    guard count <= Self.maximumValueCount else {
      throw CheckpointError(.limitExceeded, "has a pickle that writes out to over \(Self.maximumValueCount) values")
    }
  }
}
