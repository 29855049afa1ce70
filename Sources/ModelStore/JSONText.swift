import Checkpoint

/// Writes plain values as JSON with the keys in their order, which Foundation's encoder doesn't keep.
enum JSONText {
  static func of(_ value: TorchValue, indent: String = "") -> String {
    let inner = indent + "  "
    switch value {
    case .bool(let flag): return flag ? "true" : "false"
    case .int(let number): return String(number)
    case .float(let number): return String(number)
    case .string(let text): return quoted(text)
    case .list(let elements):
      let isFlat = elements.count <= 4
      let parts = elements.map { of($0, indent: inner) }
      return isFlat
        ? "[" + parts.joined(separator: ", ") + "]"
        : "[\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)]"
    case .dictionary(let entries), .orderedDictionary(let entries), .object(_, _, let entries):
      guard !entries.isEmpty else { return "{}" }
      let lines = entries.map { "\(inner)\(quoted($0.key)): \(of($0.value, indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .none, .tensor: return "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
