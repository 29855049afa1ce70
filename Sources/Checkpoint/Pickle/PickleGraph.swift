/// What a pickle builds while it runs: nodes that refer to each other by number, so that shared and circular parts, and
/// nesting of any depth, cost no recursion. `PickleResolver` turns it into a `PickleValue`.
struct PickleGraph {
  static let maximumNodeCount = 1 << 18
  /// Elements of all nodes together.
  static let maximumElementCount = 1 << 22

  private(set) var nodes: [PickleNode] = []
  private var elementCount = 0

  func node(_ item: PickleItem) -> PickleNode? {
    if case .node(let index) = item { nodes[index] } else { nil }
  }

  mutating func add(_ node: PickleNode) throws(CheckpointError) -> PickleItem {
    guard nodes.count < Self.maximumNodeCount else { throw Self.limit("objects", Self.maximumNodeCount) }
    try count(node.elements.count)
    nodes.append(node)
    return .node(nodes.count - 1)
  }

  mutating func append(_ elements: some Collection<PickleItem>, to index: Int) throws(CheckpointError) {
    try count(elements.count)
    nodes[index].elements.append(contentsOf: elements)
  }

  mutating func setState(_ state: PickleItem, of index: Int) { nodes[index].state = state }

  private mutating func count(_ more: Int) throws(CheckpointError) {
    elementCount += more
    guard elementCount <= Self.maximumElementCount else { throw Self.limit("elements", Self.maximumElementCount) }
  }

  static func limit(_ what: String, _ limit: Int) -> CheckpointError {
    CheckpointError(.limitExceeded, "has a pickle with more than \(limit) \(what)")
  }
}

/// A part of a pickle: a plain value, or a node by its number.
enum PickleItem {
  case scalar(PickleValue)
  case node(Int)
}

struct PickleNode {
  enum Kind {
    /// Lists and sets.
    case list
    case tuple
    /// The elements are key, value, key, value …
    case dictionary
    /// A class or function by its name; nothing is imported.
    case global
    /// The element is the persistent id, a tuple.
    case storage
    /// A call of a function of `torch._utils`; the elements are its arguments.
    case tensor, parameter
    /// An instance of an unknown class; the elements are the constructor's arguments.
    case record
  }

  let kind: Kind
  var elements: [PickleItem] = []
  /// The name of a global, or of a record's class.
  var className: ClassName?
  /// The attributes of an instance, from BUILD.
  var state: PickleItem?

  struct ClassName {
    let module: String
    let name: String
  }
}

/// The elements of a tensor, as its persistent id names them.
struct PickledStorage {
  let scalarType: ScalarType
  let key: String
  let elementCount: Int
}
