import CTorch

extension Tensor {
  /// The sum, with broadcasting.
  public static func + (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_ADD, a.handle, b.handle, $0) }
  }

  /// The difference, with broadcasting.
  public static func - (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_SUB, a.handle, b.handle, $0) }
  }

  /// The elementwise product, with broadcasting.
  public static func * (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_MUL, a.handle, b.handle, $0) }
  }

  /// The elementwise quotient, with broadcasting.
  public static func / (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try make { ct.binary(CT_DIV, a.handle, b.handle, $0) }
  }

  /// Adds a number to each element.
  public static func + (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try make { ct.binary_scalar(CT_ADD, a.handle, b, $0) }
  }

  /// Multiplies each element by a number.
  public static func * (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try make { ct.binary_scalar(CT_MUL, a.handle, b, $0) }
  }

  /// Divides each element by a number.
  public static func / (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try make { ct.binary_scalar(CT_DIV, a.handle, b, $0) }
  }

  /// Adds `other`, which is broadcast, in place.
  public func add(_ other: Tensor) throws(TorchError) {
    try TorchError.check(ct.binary_in_place(CT_ADD, handle, other.handle))
  }

  /// Divides each element in place.
  public func divide(by divisor: Double) throws(TorchError) {
    try TorchError.check(ct.binary_scalar_in_place(CT_DIV, handle, divisor))
  }

  /// The elements, each at least `minimum`.
  public func clamped(minimum: Double) throws(TorchError) -> Tensor {
    try Self.make { ct.clamp_min(handle, minimum, $0) }
  }

  /// The natural logarithm of each element.
  public func logarithm() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_LOG, handle, $0) } }
  /// The square root of each element.
  public func squareRoot() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_SQRT, handle, $0) } }
  /// The square of each element.
  public func squared() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_SQUARE, handle, $0) } }

  /// The sum over a dimension.
  public func sum(_ dim: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.sum(handle, Int64(dim), false, $0) }
  }

  /// The mean over a dimension.
  public func mean(_ dim: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.mean(handle, Int64(dim), false, $0) }
  }

  /// Euclidean norm over the given dimensions, which stay with size 1.
  public func norm(over dims: [Int]) throws(TorchError) -> Tensor {
    try Self.make { out in withInts(dims) { ct.norm(handle, $0, out) } }
  }

  /// The matrix product over the last two dimensions.
  public func matrixProduct(_ other: Tensor) throws(TorchError) -> Tensor {
    try Self.make { ct.matmul(handle, other.handle, $0) }
  }
}
