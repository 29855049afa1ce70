/// What the kernels compute the GPT's linear layers in.
public enum KernelPrecision: String, Sendable {
  case float32
  case int8
}
