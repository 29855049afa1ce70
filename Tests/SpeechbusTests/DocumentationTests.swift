import ArgumentParser
import Foundation
import Testing

@testable import Observability
@testable import speechbus

/// The documentation names every setting, metric and message that an operator looks up.
struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Defaults, options and allowed values in the documentation are those of the program. SPEECHBUS_UPDATE_DOCS=1 writes them.
  @Test func theSettingsInTheDocumentationAreThoseOfTheProgram() throws {
    let path = "docs/operating.md"
    let document = try text(path)
    let start = try #require(document.range(of: "<!-- settings: "))
    let first = try #require(document[start.upperBound...].range(of: "-->\n"))
    let last = try #require(document.range(of: "<!-- end of settings -->"))
    if ProcessInfo.processInfo.environment["SPEECHBUS_UPDATE_DOCS"] == "1" {
      let updated = document[..<first.upperBound] + Settings.markdown + document[last.lowerBound...]
      try updated.write(to: Self.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
    } else {
      #expect(document[first.upperBound..<last.lowerBound] == Settings.markdown)
    }
  }

  @Test func everySettingIsInTheTable() throws {
    let folder = "Sources/speechbus/Settings"
    let source = try text("\(folder)/Settings.swift") + text("\(folder)/Settings+Traces.swift")
    let names = source.matches(of: /^ +(?:static let .*\()?"([A-Z][A-Z_0-9]+)",/.anchorsMatchLineEndings()).map {
      String($0.output.1)
    }
    #expect(names.count > 40 && Set(names) == Set(Settings.all.map(\.name)))
    #expect(Set(Settings.all.map(\.name)).count == Settings.all.count)
    let readme = try text("README.md")
    for name in readme.matches(of: /`((?:XTTS|SPEECHBUS)_[A-Z_0-9]+)`/).map({ String($0.output.1) }) {
      #expect(names.contains(name), "\(name) is not a setting")
    }
  }

  @Test func everySettingIsAnOptionOfServeUnlessItIsSecret() {
    let help = Speechbus.helpMessage(for: Serve.self, columns: 200)
    let secrets = ["HF_TOKEN", "SPEECHBUS_HTTP_TOKEN", "OTEL_EXPORTER_OTLP_HEADERS"]
    for setting in Settings.all {
      let option = setting.flag ?? setting.name.lowercased().replacing("_", with: "-")
      #expect(
        ["--\(option) ", "--\(option),"].contains(where: help.contains) == (setting.flag != nil), "\(setting.name)")
      if let flag = setting.flag { #expect(help.contains("(\(setting.name); "), "--\(flag)") }
    }
    #expect(Settings.all.filter { $0.flag == nil }.map(\.name) == secrets)
  }

  @Test func variablesThatAreNoSettingsAreFound() {
    let environment = Environment(variables: [
      "SPEECHBUS_LOGS": "debug", "XTTS_MODEL_DIR": "models", "HF_HOME": "/", "PATH": "/bin", "XTTS_USE_CPU": "1",
    ])
    #expect(environment.unknownSettings == ["SPEECHBUS_LOGS", "XTTS_USE_CPU"])
  }

  @Test func everyMetricIsDescribed() throws {
    let document = try text("docs/operating.md")
    for metric in MetricCatalog.all { #expect(document.contains("`\(metric.name)"), "\(metric.name) is not described") }
  }

  /// Alert rules and documents must not name a metric that is not exported.
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
