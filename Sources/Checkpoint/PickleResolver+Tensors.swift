/// Tensors: `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)` read as data.
extension PickleResolver {
  func tensor(_ node: PickleNode, name: String, depth: Int) throws(CheckpointError) -> StoredTensor {
    guard let file else { throw CheckpointError(.unsupported, "is in a pickle without storages", tensor: name) }
    do throws(CheckpointError) {
      guard case .tensor(let rebuild) = node.kind else { throw malformed("is not a tensor") }
      if rebuild == .parameter {
        guard let inner = node.children.first, case .tensor = nodes[inner].kind, depth < Self.maximumDepth else {
          throw malformed("is a parameter without a tensor")
        }
        return try tensor(nodes[inner], name: name, depth: depth + 1)
      }
      guard node.children.count >= 4 else { throw malformed("is built from \(node.children.count) arguments") }
      let storage = try storage(node.children[0])
      let offset = try integer(node.children[1], "offset")
      let shape = try integers(node.children[2], "shape")
      let strides = try integers(node.children[3], "strides")
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
  private func storage(_ index: Int) throws(CheckpointError) -> PickledStorage {
    guard case .storage = nodes[index].kind, let id = nodes[index].children.first, case .tuple = nodes[id].kind,
      nodes[id].children.count >= 5
    else { throw malformed("has no storage") }
    let parts = nodes[id].children
    guard case .value(.string("storage")) = nodes[parts[0]].kind, case .value(.string(let key)) = nodes[parts[2]].kind
    else { throw malformed("has a storage of an unknown kind") }
    guard case .global(let module, let name) = nodes[parts[1]].kind, module == "torch" || module == "torch.storage"
    else { throw malformed("has a storage without a type") }
    guard let scalarType = name == "UntypedStorage" ? .uint8 : ScalarType(torchStorageName: name) else {
      throw CheckpointError(.unsupported, "has elements of type \(module).\(name)")
    }
    let count = try integer(parts[4], "storage size")
    guard count >= 0 else { throw malformed("has a storage of \(count) elements") }
    return PickledStorage(scalarType: scalarType, key: key, elementCount: count)
  }

  private func integer(_ index: Int, _ what: String) throws(CheckpointError) -> Int {
    guard case .value(.int(let value)) = nodes[index].kind else { throw malformed("has no integer as its \(what)") }
    return value
  }

  private func integers(_ index: Int, _ what: String) throws(CheckpointError) -> [Int] {
    switch nodes[index].kind {
    case .tuple, .list: break
    default: throw malformed("has no list of integers as its \(what)")
    }
    guard nodes[index].children.count <= TensorLayout.maximumRank else {
      throw CheckpointError(.limitExceeded, "has \(nodes[index].children.count) dimensions")
    }
    var values: [Int] = []
    for child in nodes[index].children { values.append(try integer(child, what)) }
    return values
  }

  private func malformed(_ reason: String) -> CheckpointError { CheckpointError(.malformed, reason) }
}
