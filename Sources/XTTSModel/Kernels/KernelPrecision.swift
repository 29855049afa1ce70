/// The number format in which the kernels compute the GPT's linear layers.
public enum KernelPrecision: String, Sendable {
  case float32
  case int8
}
