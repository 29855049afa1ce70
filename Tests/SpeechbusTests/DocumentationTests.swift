import ArgumentParser
import Foundation
import Observability
import Testing

@testable import speechbus

/// What an operator looks up has to be there.
struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test func everySettingIsDescribed() throws {
    let document = try text("docs/operating.md")
    let folder = "Sources/speechbus/Settings"
    let sources = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent(folder).path)
      .map { try text("\(folder)/\($0)") }.joined()
    let names = sources.matches(of: /"((?:XTTS|SPEECHBUS)_[A-Z_]+)"/)
    #expect(names.count > 25)
    for name in names { #expect(document.contains("`\(name.output.1)`"), "\(name.output.1) is not described") }
  }

  @Test func everyMetricIsDescribed() throws {
    let document = try text("docs/operating.md")
    for metric in MetricCatalog.all { #expect(document.contains("`\(metric.name)"), "\(metric.name) is not described") }
  }

  /// Alert rules and documents must not name a metric that nobody exports.
  @Test func rulesNameOnlyMetricsThatExist() throws {
    let known = Set(MetricCatalog.all.map(\.name))
    let suffixes = ["_bucket", "_sum", "_count"]
    for name in try text("docs/prometheus-rules.yml").matches(of: /\b(speechbus|process)_[a-z_]+\b/).map({
      String($0.output.0)
    }) {
      let base = suffixes.first(where: name.hasSuffix).map { String(name.dropLast($0.count)) } ?? name
      #expect(known.contains(name) || known.contains(base), "\(name) is not exported")
    }
  }

  @Test func everyCommandShowsExamples() {
    for command in commands(below: Speechbus.self) {
      let help = Speechbus.helpMessage(for: command, columns: 100)
      #expect(help.contains("EXAMPLES"), "\(command) has no examples")
    }
  }

  /// A command and all below it.
  private func commands(below command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    [command] + command.configuration.subcommands.flatMap { commands(below: $0) }
  }
}
