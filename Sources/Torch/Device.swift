import CTorch

/// The device of a tensor.
public enum Device: Sendable, Equatable, Hashable {
  case cpu
  case cuda(Int)

  var code: ct_device {
    switch self {
    case .cpu: ct_device(kind: CT_CPU, index: 0)
    case .cuda(let index): ct_device(kind: CT_CUDA, index: Int32(clamping: index))
    }
  }

  init(code: ct_device) {
    self = code.kind == CT_CUDA ? .cuda(Int(code.index)) : .cpu
  }
}

extension Device: CustomStringConvertible {
  /// `cpu` or `cuda:N`.
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    }
  }
}
