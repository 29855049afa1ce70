/// Writes Prometheus' text exposition format 0.0.4.
struct PrometheusText {
  private(set) var text = ""

  mutating func header(_ description: MetricDescription?, name: String, kind: MetricDescription.Kind?) {
    if let description { text += "# HELP \(name) \(description.help)\n" }
    if let kind = description?.kind ?? kind { text += "# TYPE \(name) \(kind.rawValue)\n" }
  }

  mutating func sample(_ name: String, labels: String, value: Double) {
    text += labels.isEmpty ? "\(name) \(Self.number(value))\n" : "\(name){\(labels)} \(Self.number(value))\n"
  }

  mutating func histogram(_ name: String, labels: String, _ snapshot: HistogramCell.Snapshot) {
    let separator = labels.isEmpty ? "" : ","
    var total: UInt64 = 0
    let bounds = snapshot.buckets.map(Self.number) + ["+Inf"]
    for (bound, count) in zip(bounds, snapshot.counts) {
      total += count
      text += "\(name)_bucket{\(labels)\(separator)le=\"\(bound)\"} \(total)\n"
    }
    sample("\(name)_sum", labels: labels, value: snapshot.sum)
    sample("\(name)_count", labels: labels, value: Double(total))
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  static func labels(_ dimensions: [(String, String)]) -> String {
    dimensions.map { "\(sanitized($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
  }

  /// Replaces characters that names must not contain. Allowed are ASCII letters, digits (not first), `_` and `:`.
  static func sanitized(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || scalar == ":"
      let isDigit = ("0"..."9").contains(scalar) && !result.isEmpty
      result.unicodeScalars.append(isLetter || isDigit ? scalar : "_")
    }
    return result.isEmpty ? "_" : result
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
