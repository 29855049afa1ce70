import CTorch

/// Element type of a tensor.
public enum DType: Sendable, Equatable, CaseIterable {
  case float32, float16, bfloat16, float64, int64, int32, int8, uint8, bool

  /// The size of an element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  var code: ct_dtype {
    switch self {
    case .float32: CT_FLOAT32
    case .float16: CT_FLOAT16
    case .bfloat16: CT_BFLOAT16
    case .float64: CT_FLOAT64
    case .int64: CT_INT64
    case .int32: CT_INT32
    case .int8: CT_INT8
    case .uint8: CT_UINT8
    case .bool: CT_BOOL
    }
  }

  init?(code: ct_dtype) {
    guard let match = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = match
  }
}
