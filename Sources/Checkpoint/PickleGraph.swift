/// What a pickle builds while it runs: nodes that refer to each other by index, so that shared and circular parts, and
/// nesting of any depth, cost no recursion. `PickleResolver` turns it into a `PickleValue`.
struct PickleNode {
  enum Kind {
    case value(PickleValue)
    /// Lists, tuples and sets; the children are the elements.
    case list
    case tuple
    /// The children are key, value, key, value …
    case dictionary
    /// A class or function by its name; nothing is imported.
    case global(module: String, name: String)
    /// The child is the persistent id, a tuple.
    case storage
    /// A call of a tensor-building function; the children are its arguments.
    case tensor(Rebuild)
    /// An instance of an unknown class; the children are the constructor's arguments.
    case record(typeName: String)
  }

  /// The functions of `torch._utils` that saved tensors name.
  enum Rebuild: String {
    case tensorV2 = "_rebuild_tensor_v2"
    case tensor = "_rebuild_tensor"
    case parameter = "_rebuild_parameter"
  }

  var kind: Kind
  var children: [Int] = []
  /// The node given to BUILD: an instance's attributes.
  var state: Int?
}

/// The elements of a tensor, as its persistent id names them.
struct PickledStorage {
  let scalarType: ScalarType
  let key: String
  let elementCount: Int
}
