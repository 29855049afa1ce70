/// The type of a stored tensor's elements. All are little-endian.
public enum ScalarType: String, Sendable, CaseIterable {
  case float32, float16, bfloat16, float64
  case int64, int32, int16, int8, uint8
  case bool

  /// The size of one element in bytes.
  public var byteCount: Int { form.byteCount }

  /// Whether the elements are floating-point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float16, .bfloat16, .float64: true
    default: false
    }
  }

  /// The class under `torch` that a pickle names for a storage of this type.
  var torchStorageName: String { form.torchStorage }
  /// The `dtype` of a safetensors header.
  var safetensorsName: String { form.safetensors }

  private var form: (byteCount: Int, torchStorage: String, safetensors: String) {
    switch self {
    case .float32: (4, "FloatStorage", "F32")
    case .float16: (2, "HalfStorage", "F16")
    case .bfloat16: (2, "BFloat16Storage", "BF16")
    case .float64: (8, "DoubleStorage", "F64")
    case .int64: (8, "LongStorage", "I64")
    case .int32: (4, "IntStorage", "I32")
    case .int16: (2, "ShortStorage", "I16")
    case .int8: (1, "CharStorage", "I8")
    case .uint8: (1, "ByteStorage", "U8")
    case .bool: (1, "BoolStorage", "BOOL")
    }
  }

  init?(torchStorageName name: String) {
    guard let match = Self.allCases.first(where: { $0.torchStorageName == name }) else { return nil }
    self = match
  }

  init?(safetensorsName name: String) {
    guard let match = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = match
  }
}
