/// Writes a value as a pickle of protocol 2, as `torch.save` does, and collects the tensors it refers to.
struct PickleWriter {
  private(set) var bytes: [UInt8] = []
  /// In the order of their storage keys: 0, 1, 2 …
  private(set) var tensors: [(name: String, source: TensorSource)] = []

  init(_ value: TorchValue) throws(CheckpointError) {
    emit(.proto)
    bytes.append(2)
    try write(value, name: "", depth: 0)
    emit(.stop)
  }

  private mutating func write(_ value: TorchValue, name: String, depth: Int) throws(CheckpointError) {
    guard depth <= PickleResolver.maximumDepth else {
      throw CheckpointError(.limitExceeded, "would be nested deeper than \(PickleResolver.maximumDepth)")
    }
    switch value {
    case .none: emit(.none)
    case .bool(let flag): emit(flag ? .newTrue : .newFalse)
    case .int(let number): write(number)
    case .float(let number):
      emit(.binFloat)
      append(number.bitPattern.byteSwapped)
    case .string(let text): try write(text)
    case .list(let elements):
      emit(.emptyList, .mark)
      for element in elements { try write(element, name: name, depth: depth + 1) }
      emit(.appends)
    case .dictionary(let entries):
      emit(.emptyDict)
      try write(entries, depth: depth)
    case .orderedDictionary(let entries):
      try writeGlobal("collections", "OrderedDict")
      emit(.emptyTuple, .reduce)
      try write(entries, depth: depth)
    case .tensor(let source): try write(source, name: name)
    case .object(let module, let className, let attributes):
      try writeGlobal(module, className)
      emit(.emptyTuple, .newObj, .emptyDict)
      try write(attributes, depth: depth)
      emit(.build)
    }
  }

  private mutating func write(_ entries: [(key: String, value: TorchValue)], depth: Int) throws(CheckpointError) {
    emit(.mark)
    for (key, value) in entries {
      try write(key)
      try write(value, name: key, depth: depth + 1)
    }
    emit(.setItems)
  }

  /// `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`
  private mutating func write(_ source: TensorSource, name: String) throws(CheckpointError) {
    _ = try source.checkedByteCount(name: name)
    try writeGlobal("torch._utils", "_rebuild_tensor_v2")
    emit(.mark, .mark)
    try write("storage")
    try writeGlobal("torch", source.scalarType.torchStorageName)
    try write(String(tensors.count))
    try write("cpu")
    write(source.shape.reduce(1, *))
    emit(.tuple, .binPersID)
    write(0)
    write(tuple: source.shape)
    write(tuple: TensorLayout.rowMajorStrides(source.shape))
    emit(.newFalse)
    try writeGlobal("collections", "OrderedDict")
    emit(.emptyTuple, .reduce, .tuple, .reduce)
    tensors.append((name, source))
  }

  private mutating func write(tuple numbers: [Int]) {
    emit(.mark)
    numbers.forEach { write($0) }
    emit(.tuple)
  }

  private mutating func write(_ number: Int) {
    if let small = UInt8(exactly: number) {
      emit(.binInt1)
      bytes.append(small)
    } else if let medium = Int32(exactly: number) {
      emit(.binInt)
      append(medium)
    } else {
      emit(.long1)
      bytes.append(8)
      append(number)
    }
  }

  private mutating func write(_ text: String) throws(CheckpointError) {
    guard let count = UInt32(exactly: text.utf8.count) else {
      throw CheckpointError(.limitExceeded, "would hold a text over 4 GiB")
    }
    emit(.binUnicode)
    append(count)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func writeGlobal(_ module: String, _ name: String) throws(CheckpointError) {
    guard !module.contains("\n"), !name.contains("\n") else {
      throw CheckpointError(.malformed, "would name a class with a line break")
    }
    emit(.global)
    bytes.append(contentsOf: "\(module)\n\(name)\n".utf8)
  }

  private mutating func emit(_ opcodes: PickleOpcode...) { bytes.append(contentsOf: opcodes.map(\.rawValue)) }

  private mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
