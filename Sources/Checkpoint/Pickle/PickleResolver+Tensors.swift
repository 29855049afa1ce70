/// Tensors: `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)` read as data.
extension PickleResolver {
  mutating func tensor(_ node: PickleNode, name: String, depth: Int) throws(CheckpointError) -> StoredTensor {
    guard let file else { throw CheckpointError(.unsupported, "is in a pickle without storages", tensor: name) }
    do throws(CheckpointError) {
      if node.kind == .parameter {
        guard let reference = graph.element(0, of: node), let inner = graph.node(reference),
          inner.kind == .tensor || inner.kind == .parameter, depth < Self.maximumDepth
        else { throw malformed("is a parameter without a tensor") }
        return try tensor(inner, name: name, depth: depth + 1)
      }
      guard graph.elementCount(of: node) >= 4 else {
        throw malformed("is built from \(graph.elementCount(of: node)) arguments")
      }
      let arguments = Array(graph.elements(of: node).prefix(4))
      let storage = try storage(arguments[0])
      let offset = try integer(arguments[1], "offset")
      let shape = try integers(arguments[2], "shape")
      let strides = try integers(arguments[3], "strides")
      let extent = try TensorLayout.extent(
        shape: shape, strides: strides, offset: offset, storageCount: storage.elementCount)
      // Once per tensor: several may share a storage.
      let bytes = try locate(storage, name)
      let start = bytes.lowerBound + offset * storage.scalarType.byteCount
      try take(PickleValue.byteCount(ofTensorOfRank: shape.count))
      return StoredTensor(
        name: name, scalarType: storage.scalarType, shape: shape, strides: strides, file: file,
        byteRange: start..<(start + extent * storage.scalarType.byteCount))
    } catch {
      var named = error
      named.tensor = named.tensor ?? name
      throw named
    }
  }

  /// `('storage', torch.FloatStorage, '17', 'cpu', 1048576)`
  private mutating func storage(_ reference: PickleReference) throws(CheckpointError) -> PickledStorage {
    guard let node = graph.node(reference), node.kind == .storage,
      let id = graph.element(0, of: node).flatMap(graph.node), id.kind == .tuple, graph.elementCount(of: id) >= 5
    else { throw malformed("has no storage") }
    let parts = Array(graph.elements(of: id).prefix(5))
    guard case .string("storage")? = try graph.scalar(parts[0], &allowance),
      case .string(let key)? = try graph.scalar(parts[2], &allowance)
    else { throw malformed("has a storage of an unknown kind") }
    guard let type = graph.node(parts[1]), type.kind == .global else { throw malformed("has a storage without a type") }
    let (module, name) = try graph.globalName(type, &allowance)
    guard module == "torch" || module == "torch.storage" else { throw malformed("has a storage without a type") }
    guard let scalarType = name == "UntypedStorage" ? .uint8 : ScalarType(torchStorageName: name) else {
      throw CheckpointError(.unsupported, "has elements of type \(module).\(name)")
    }
    let count = try integer(parts[4], "storage size")
    guard count >= 0 else { throw malformed("has a storage of \(count) elements") }
    return PickledStorage(scalarType: scalarType, key: key, elementCount: count)
  }

  private mutating func integer(_ reference: PickleReference, _ what: String) throws(CheckpointError) -> Int {
    guard case .int(let value)? = try graph.scalar(reference, &allowance) else {
      throw malformed("has no integer as its \(what)")
    }
    return value
  }

  private mutating func integers(_ reference: PickleReference, _ what: String) throws(CheckpointError) -> [Int] {
    guard let node = graph.node(reference), node.kind == .tuple || node.kind == .list else {
      throw malformed("has no list of integers as its \(what)")
    }
    let count = graph.elementCount(of: node)
    guard count <= TensorLayout.maximumRank else {
      throw CheckpointError(.limitExceeded, "has \(count) dimensions")
    }
    var values: [Int] = []
    for element in graph.elements(of: node) { values.append(try integer(element, what)) }
    return values
  }

  private func malformed(_ reason: String) -> CheckpointError { CheckpointError(.malformed, reason) }
}
