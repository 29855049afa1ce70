import CTorch

extension Tensor {
  public static func + (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_ADD, a.handle, b.handle, $0) }
  }

  public static func - (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_SUB, a.handle, b.handle, $0) }
  }

  public static func * (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_MUL, a.handle, b.handle, $0) }
  }

  public static func / (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_DIV, a.handle, b.handle, $0) }
  }

  public static func + (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try make { ct.binary_scalar(CT_ADD, a.handle, b, $0) }
  }

  public static func * (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try make { ct.binary_scalar(CT_MUL, a.handle, b, $0) }
  }

  public static func / (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try make { ct.binary_scalar(CT_DIV, a.handle, b, $0) }
  }

  /// In place, broadcasting `other`.
  public func add(_ other: Tensor) throws(TorchError) {
    try TorchError.check(ct.binary_in_place(CT_ADD, handle, other.handle))
  }

  /// In place.
  public func multiply(by factor: Double) throws(TorchError) {
    try TorchError.check(ct.binary_scalar_in_place(CT_MUL, handle, factor))
  }

  /// In place.
  public func divide(by divisor: Double) throws(TorchError) {
    try TorchError.check(ct.binary_scalar_in_place(CT_DIV, handle, divisor))
  }

  /// Nothing below `minimum`.
  public func clamped(minimum: Double) throws(TorchError) -> Tensor {
    try Self.make { ct.clamp_min(handle, minimum, $0) }
  }

  public func logarithm() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_LOG, handle, $0) } }
  public func squareRoot() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_SQRT, handle, $0) } }
  public func squared() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_SQUARE, handle, $0) } }
  public func magnitude() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_ABS, handle, $0) } }

  public func sum(_ dim: Int, keepingDimension: Bool = false) throws(TorchError) -> Tensor {
    try Self.make { ct.sum(handle, Int64(dim), keepingDimension, $0) }
  }

  public func mean(_ dim: Int, keepingDimension: Bool = false) throws(TorchError) -> Tensor {
    try Self.make { ct.mean(handle, Int64(dim), keepingDimension, $0) }
  }

  /// Euclidean norm over the given dimensions, which stay with size 1.
  public func norm(over dims: [Int]) throws(TorchError) -> Tensor {
    try Self.make { out in withInts(dims) { ct.norm(handle, $0, out) } }
  }

  public func indexOfMaximum(_ dim: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.argmax(handle, Int64(dim), $0) }
  }

  public func matrixProduct(_ other: Tensor) throws(TorchError) -> Tensor {
    try Self.make { ct.matmul(handle, other.handle, $0) }
  }
}
