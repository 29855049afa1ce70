import ArgumentParser
import Foundation

/// What a run is given.
struct SoakOptions {
  var directory: URL
  var executable: URL
  var model: URL
  var seconds: Double
  var load: Double
  var faults: [SoakPlan.Fault]
  var overload: Double
  var overloadSeconds: Double
  var capacitySeconds: Double
  var seed: UInt64
  /// The library that moves a process's clock.
  var clock: String?
  var workerSettings: [String: String]
  /// Requests open at once while capacity is measured.
  var openRequests = 40
  /// Longer than the longest pause between two attempts.
  var patience = Duration.seconds(150)
}

@main struct Soak: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Loads two workers while things break, and reports what came of every request.",
    discussion: """
      Starts a broker and the workers itself, all on loopback. Filling disks needs DIRECTORY/disk-a and disk-b to be small \
      disks of their own; moving a clock needs a library. tools/soak sees to both. Exits 1 when a guarantee was broken.
      """)

  @Option(help: "The speechbus executable.")
  var speechbus = ".build/release/speechbus"

  @Option(help: "The model's folder.")
  var model: String

  @Option(help: "Folder for databases, logs and the report.")
  var directory = ".run/soak"

  @Option(help: "Seconds of load, without the overload.")
  var seconds = 600.0

  @Option(help: "Offered requests over capacity.")
  var load = 1.2

  @Option(help: "Faults in their order, with commas; none for no faults.")
  var faults = SoakPlan.Fault.allCases.map(\.rawValue).joined(separator: ",")

  @Option(help: "Offered requests over capacity in the overload.")
  var overload = 3.0

  @Option(help: "Seconds of overload.")
  var overloadSeconds = 60.0

  @Option(help: "Seconds for measuring capacity.")
  var capacitySeconds = 30.0

  @Option(help: "Decides which requests are made.")
  var seed: UInt64 = 1

  @Option(help: "The library of tools/clock, for the clock jump.")
  var clock: String?

  @Option(help: "A setting of the workers, NAME=VALUE; repeatable.")
  var setting: [String] = []

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    let run = try await SoakRun(try options())
    let result: SoakResult
    do {
      result = try await run.run()
    } catch {
      await run.stop()
      throw error
    }
    await run.stop()
    let report = SoakReport(result: result)
    try Data(report.markdown.utf8).write(to: run.options.directory.appendingPathComponent("report.md"))
    try Data(report.chart.svg.utf8).write(to: run.options.directory.appendingPathComponent("soak.svg"))
    print(report.markdown)
    guard result.verdicts.allSatisfy(\.holds) else { throw ExitCode.failure }
  }

  private func options() throws -> SoakOptions {
    let names = faults == "none" ? [] : faults.split(separator: ",").map(String.init)
    let parsed = names.compactMap(SoakPlan.Fault.init(rawValue:))
    guard parsed.count == names.count else {
      throw ValidationError("--faults takes \(SoakPlan.Fault.allCases.map(\.rawValue).joined(separator: ","))")
    }
    let pairs = try setting.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--setting takes NAME=VALUE, not \(text)") }
      return (parts[0], parts[1])
    }
    return SoakOptions(
      directory: URL(fileURLWithPath: directory), executable: URL(fileURLWithPath: speechbus),
      model: URL(fileURLWithPath: model), seconds: seconds, load: load, faults: parsed, overload: overload,
      overloadSeconds: overloadSeconds, capacitySeconds: capacitySeconds, seed: seed, clock: clock,
      workerSettings: Dictionary(pairs) { $1 })
  }
}
