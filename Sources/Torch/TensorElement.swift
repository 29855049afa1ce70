/// A Swift type with the memory layout of a tensor's elements.
public protocol TensorElement: BitwiseCopyable {
  /// The type of such elements.
  static var dtype: DType { get }
}

extension Float: TensorElement { public static var dtype: DType { .float32 } }
extension Double: TensorElement { public static var dtype: DType { .float64 } }
extension Int64: TensorElement { public static var dtype: DType { .int64 } }
