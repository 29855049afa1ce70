/// Byte counts for people: decimal units, three digits.
enum ByteAmount {
  static func text(_ byteCount: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var value = Double(max(byteCount, 0))
    var unit = 0
    // 999.5 would be shown as 1000.
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    if unit == 0 { return "\(Int(value)) \(units[0])" }
    let decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    return "\(fixed(value, decimals)) \(units[unit])"
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    let scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1
    let scaled = Int((value * Double(scale)).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let fraction = "\(scaled % scale)"
    return "\(scaled / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
  }
}
