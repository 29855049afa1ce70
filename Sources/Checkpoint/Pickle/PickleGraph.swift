/// What a pickle builds while it runs: nodes that refer to each other, so that shared and circular parts, and nesting of
/// any depth, cost no recursion. Plain values stay where the pickle has them and cost nothing but a reference.
/// `PickleResolver` turns it into a `PickleValue`.
struct PickleGraph {
  let pickle: [UInt8]
  private(set) var nodes: [PickleNode] = []
  private var links: [Link] = []

  /// An element of a node, and the one after it.
  fileprivate struct Link {
    let element: PickleReference
    var next: UInt32
  }

  /// With room for as many nodes and elements as the pickle can make.
  init(_ pickle: [UInt8], demand: PickleDemand) {
    self.pickle = pickle
    nodes.reserveCapacity(demand.nodes)
    links.reserveCapacity(demand.pushes)
  }

  static func byteCount(_ demand: PickleDemand) -> Int {
    demand.nodes * MemoryLayout<PickleNode>.stride + demand.pushes * MemoryLayout<Link>.stride
  }

  func node(_ reference: PickleReference) -> PickleNode? { reference.node.map { nodes[$0] } }

  mutating func add(_ node: PickleNode) -> PickleReference {
    nodes.append(node)
    return .node(nodes.count - 1)
  }

  mutating func append(_ element: PickleReference, to index: Int) {
    let link = UInt32(truncatingIfNeeded: links.count)
    links.append(Link(element: element, next: 0))
    if nodes[index].count == 0 {
      nodes[index].firstLink = link
    } else {
      links[Int(nodes[index].lastLink)].next = link
    }
    nodes[index].lastLink = link
    nodes[index].count += 1
  }

  mutating func setState(_ state: PickleReference, of index: Int) { nodes[index].state = state }

  mutating func share(_ reference: PickleReference) {
    if let index = reference.node { nodes[index].isShared = true }
  }

  // MARK: - Reading

  /// The elements: those of the node it was made from, then its own.
  func elements(of node: PickleNode) -> Elements {
    Elements(links: links, inherited: self.node(node.origin), own: node)
  }

  func elementCount(of node: PickleNode) -> Int { Int(self.node(node.origin)?.count ?? 0) + Int(node.count) }

  func element(_ position: Int, of node: PickleNode) -> PickleReference? {
    elements(of: node).dropFirst(position).first { _ in true }
  }

  /// The plain value that `reference` stands for; nil for a node.
  func scalar(
    _ reference: PickleReference, _ allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> PickleValue? {
    guard let offset = reference.offset else { return nil }
    var reader = ByteReader(pickle[offset...], what: "pickle")
    guard let opcode = PickleOpcode(rawValue: try reader.uint8()) else { return nil }
    return try reader.pickleScalar(opcode, allowance: &allowance)
  }

  /// Module and name of a class or function.
  func globalName(
    _ node: PickleNode, _ allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> (module: String, name: String) {
    if let offset = node.global.offset {
      var reader = ByteReader(pickle[(offset + 1)...], what: "pickle")
      return (try reader.pickleLine(), try reader.pickleLine())
    }
    let parts = Array(elements(of: node))
    guard parts.count == 2, case .string(let module)? = try scalar(parts[0], &allowance),
      case .string(let name)? = try scalar(parts[1], &allowance)
    else { throw CheckpointError(.malformed, "has a pickle that names a class by something that is no text") }
    try ByteReader.checkName(max(module.utf8.count, name.utf8.count))
    return (module, name)
  }

  struct Elements: Sequence, IteratorProtocol {
    private let links: [Link]
    private var rest: (link: UInt32, count: UInt32)
    private var own: (link: UInt32, count: UInt32)

    fileprivate init(links: [Link], inherited: PickleNode?, own: PickleNode) {
      self.links = links
      rest = (inherited?.firstLink ?? 0, inherited?.count ?? 0)
      self.own = (own.firstLink, own.count)
    }

    mutating func next() -> PickleReference? {
      if rest.count == 0 {
        rest = own
        own.count = 0
      }
      guard rest.count > 0 else { return nil }
      let link = links[Int(rest.link)]
      rest = (link.next, rest.count - 1)
      return link.element
    }
  }
}

/// A part of a pickle: a node by its number, or a plain value by the offset of its opcode.
struct PickleReference: Equatable {
  private let bits: UInt32

  static let absent = PickleReference(bits: .max)
  /// A pickle has 16 MiB at most, so all fit.
  static func node(_ index: Int) -> PickleReference { PickleReference(bits: UInt32(truncatingIfNeeded: index) << 1) }
  static func scalar(at offset: Int) -> PickleReference {
    PickleReference(bits: UInt32(truncatingIfNeeded: offset) << 1 | 1)
  }

  var node: Int? { bits & 1 == 0 ? Int(bits >> 1) : nil }
  var offset: Int? { bits & 1 == 1 && self != .absent ? Int(bits >> 1) : nil }
}

struct PickleNode {
  enum Kind: UInt8 {
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
  /// Whether more than one part may refer to it.
  var isShared = false
  var firstLink: UInt32 = 0
  var lastLink: UInt32 = 0
  /// Elements of its own.
  var count: UInt32 = 0
  /// Where the name of a global, or of a record's class, stands: an opcode, or the node of the class.
  var global = PickleReference.absent
  /// What it was made from: a node whose elements come first. A dictionary's are pairs.
  var origin = PickleReference.absent
  /// What BUILD gave: an instance's attributes.
  var state = PickleReference.absent

  init(_ kind: Kind, global: PickleReference = .absent, origin: PickleReference = .absent) {
    self.kind = kind
    self.global = global
    self.origin = origin
  }
}

/// The elements of a tensor, as its persistent id names them.
struct PickledStorage {
  let scalarType: ScalarType
  let key: String
  let elementCount: Int
}
