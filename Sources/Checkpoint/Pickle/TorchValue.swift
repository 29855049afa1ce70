/// The values that `TorchZipWriter` writes and `torch.load` returns.
public indirect enum TorchValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case list([TorchValue])
  case dictionary([(key: String, value: TorchValue)])
  /// A `collections.OrderedDict`, as a state dict is.
  case orderedDictionary([(key: String, value: TorchValue)])
  case tensor(TensorSource)
  /// An instance of a Python class by its name, with its attributes; `torch.load` imports the class.
  case object(module: String, name: String, attributes: [(key: String, value: TorchValue)])
}
