import Checkpoint

extension PickleValue {
  var intValue: Int? {
    if case .int(let value) = self { value } else { nil }
  }

  var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }
}
