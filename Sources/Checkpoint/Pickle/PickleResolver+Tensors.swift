/// Tensors: `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)` read as data.
extension PickleResolver {
  func tensor(_ node: PickleNode, name: String, depth: Int) throws(CheckpointError) -> StoredTensor {
    do throws(CheckpointError) {
      if node.kind == .parameter {
        guard let inner = node.elements.first.flatMap(graph.node), inner.kind == .tensor || inner.kind == .parameter,
          depth < Self.maximumDepth
        else { throw malformed("is a parameter without a tensor") }
        return try tensor(inner, name: name, depth: depth + 1)
      }
      guard node.elements.count >= 4 else { throw malformed("is built from \(node.elements.count) arguments") }
      let storage = try storage(node.elements[0])
      let offset = try integer(node.elements[1], "offset")
      let shape = try integers(node.elements[2], "shape")
      let strides = try integers(node.elements[3], "strides")
      let extent = try TensorLayout.extent(
        shape: shape, strides: strides, offset: offset, storageCount: storage.elementCount)
      // Once per tensor: several may share a storage.
      let bytes = try locate(storage, name)
      let start = bytes.lowerBound + offset * storage.scalarType.byteCount
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
  private func storage(_ item: PickleItem) throws(CheckpointError) -> PickledStorage {
    guard let node = graph.node(item), node.kind == .storage, let id = node.elements.first.flatMap(graph.node),
      id.kind == .tuple, id.elements.count >= 5
    else { throw malformed("has no storage") }
    guard case .scalar(.string("storage")) = id.elements[0], case .scalar(.string(let key)) = id.elements[2] else {
      throw malformed("has a storage of an unknown kind")
    }
    guard let type = graph.node(id.elements[1]), type.kind == .global, let className = type.className,
      className.module == "torch" || className.module == "torch.storage"
    else { throw malformed("has a storage without a type") }
    let name = className.name
    guard let scalarType = name == "UntypedStorage" ? .uint8 : ScalarType(torchStorageName: name) else {
      throw CheckpointError(.unsupported, "has elements of type \(className.module).\(name)")
    }
    let count = try integer(id.elements[4], "storage size")
    guard count >= 0 else { throw malformed("has a storage of \(count) elements") }
    return PickledStorage(scalarType: scalarType, key: key, elementCount: count)
  }

  private func integer(_ item: PickleItem, _ what: String) throws(CheckpointError) -> Int {
    guard case .scalar(.int(let value)) = item else { throw malformed("has no integer as its \(what)") }
    return value
  }

  private func integers(_ item: PickleItem, _ what: String) throws(CheckpointError) -> [Int] {
    guard let node = graph.node(item), node.kind == .tuple || node.kind == .list else {
      throw malformed("has no list of integers as its \(what)")
    }
    guard node.elements.count <= TensorLayout.maximumRank else {
      throw CheckpointError(.limitExceeded, "has \(node.elements.count) dimensions")
    }
    var values: [Int] = []
    for element in node.elements { values.append(try integer(element, what)) }
    return values
  }

  private func malformed(_ reason: String) -> CheckpointError { CheckpointError(.malformed, reason) }
}
