import Foundation

/// A line chart as SVG: several panels over one time axis, with the phases marked.
struct Chart {
  struct Line {
    var name: String
    var color: String
    /// Seconds and value; a gap where the value is nil.
    var points: [(x: Double, y: Double?)]
  }

  struct Panel {
    var title: String
    var lines: [Line]
  }

  var panels: [Panel]
  /// Name and first second of each phase.
  var phases: [(name: String, start: Double)]
  var seconds: Double

  private static let width = 960.0
  private static let panelHeight = 150.0
  private static let left = 70.0

  var svg: String {
    let gap = 48.0
    let height = 40 + Double(panels.count) * (Self.panelHeight + gap)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(height))" font-family="sans-serif" \
      font-size="11"><rect width="100%" height="100%" fill="#fff"/>

      """
    for (index, panel) in panels.enumerated() {
      text += draw(panel, top: 30 + Double(index) * (Self.panelHeight + gap))
    }
    return text + "</svg>\n"
  }

  private func x(_ seconds: Double) -> Double {
    Self.left + seconds / max(1, self.seconds) * (Self.width - Self.left - 20)
  }

  private func draw(_ panel: Panel, top: Double) -> String {
    let values = panel.lines.flatMap { $0.points.compactMap(\.y) }
    let maximum = Self.roundedUp(values.max() ?? 1)
    func y(_ value: Double) -> Double { top + Self.panelHeight * (1 - value / maximum) }
    var text = "<text x=\"\(Self.left)\" y=\"\(top - 8)\" font-weight=\"bold\">\(panel.title)</text>\n"
    for (index, phase) in phases.enumerated() {
      let end = index + 1 < phases.count ? phases[index + 1].start : seconds
      if index.isMultiple(of: 2) {
        text += """
          <rect x="\(Self.form(x(phase.start)))" y="\(top)" width="\(Self.form(x(end) - x(phase.start)))" \
          height="\(Self.panelHeight)" fill="#f0f0f4"/>

          """
      }
      text += """
        <text x="\(Self.form(x(phase.start) + 2))" y="\(top + Self.panelHeight + 12)" font-size="9" \
        fill="#555">\(phase.name)</text>

        """
    }
    for step in 0...2 {
      let value = maximum * Double(step) / 2
      text += """
        <line x1="\(Self.left)" x2="\(Self.width - 20)" y1="\(y(value))" y2="\(y(value))" stroke="#ccc"/>
        <text x="\(Self.left - 6)" y="\(y(value) + 4)" text-anchor="end">\(Self.form(value))</text>

        """
    }
    for (index, line) in panel.lines.enumerated() {
      text += "<path fill=\"none\" stroke=\"\(line.color)\" stroke-width=\"1.3\" d=\"\(path(line, y))\"/>\n"
      text += """
        <text x="\(Self.width - 20 - 110 * Double(panel.lines.count - 1 - index))" y="\(top - 8)" text-anchor="end" \
        fill="\(line.color)">\(line.name)</text>

        """
    }
    return text
  }

  private func path(_ line: Line, _ y: (Double) -> Double) -> String {
    var isDrawing = false
    return line.points.map { point -> String in
      guard let value = point.y else {
        isDrawing = false
        return ""
      }
      defer { isDrawing = true }
      return "\(isDrawing ? "L" : "M")\(Self.form(x(point.x))) \(Self.form(y(value)))"
    }.joined()
  }

  /// The next 1, 2 or 5 times a power of ten.
  static func roundedUp(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 1 }
    let power = pow(10, floor(log10(value)))
    return ([1, 2, 5, 10].first { $0 * power >= value } ?? 10) * power
  }

  private static func form(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
  }
}
