/// Writes a `JSONValue` as text, members in their order.
struct JSONWriter {
  /// Lists of at most this many elements stay on one line.
  private static let shortList = 4

  let isIndented: Bool
  private(set) var text = ""

  mutating func write(_ value: JSONValue, margin: String = "\n") {
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .number(let number): text += number
    case .string(let string): quote(string)
    case .array(let elements):
      let isShort = elements.count <= Self.shortList
      list("[", elements, "]", margin, separator: isShort ? ", " : nil) { $0.write($1, margin: $2) }
    case .object(let members):
      list("{", members, "}", margin, separator: members.isEmpty ? "" : nil) { writer, member, margin in
        writer.quote(member.name)
        writer.text += writer.isIndented ? ": " : ":"
        writer.write(member.value, margin: margin)
      }
    }
  }

  /// - Parameter separator: the text between elements on one line; nil starts a line for each element.
  private mutating func list<Element>(
    _ open: String, _ elements: [Element], _ close: String, _ margin: String, separator: String?,
    _ element: (inout JSONWriter, Element, String) -> Void
  ) {
    let inner = margin + "  "
    let startsLines = isIndented && separator == nil
    text += open
    for (index, value) in elements.enumerated() {
      if index > 0 { text += isIndented ? separator ?? "," : "," }
      if startsLines { text += inner }
      element(&self, value, inner)
    }
    if startsLines { text += margin }
    text += close
  }

  private mutating func quote(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue {
  /// The document as text: on one line, or with a line for each member.
  public func json(isIndented: Bool = false) -> String {
    var writer = JSONWriter(isIndented: isIndented)
    writer.write(self)
    return writer.text
  }
}
