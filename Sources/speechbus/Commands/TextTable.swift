/// The tables that commands print: aligned columns, the last one without padding.
enum TextTable {
  /// - Returns: no line for no rows, else a line of titles and one line per row.
  static func lines(_ titles: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let table = ([titles] + rows).map { $0.map(printable) }
    let widths = titles.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      let padded = zip(row.dropLast(), widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return (padded + row.suffix(1)).joined(separator: "  ")
    }
  }

  static func print(_ titles: [String], _ rows: [[String]]) {
    for line in lines(titles, rows) { Swift.print(line) }
  }

  /// Clients choose some of these texts, so control characters must not reach the terminal.
  private static func printable(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
  }
}
