import ArgumentParser
import Downloads
import Foundation
import SpeechCore

struct Health: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Asks a running service how it is: exit code 0 when it is ready, 1 otherwise.",
    discussion: """
      Meant for container health checks: it asks the address that SPEECHBUS_HTTP_HOST and SPEECHBUS_HTTP_PORT name, and \
      needs no token.

      EXAMPLES
        speechbus health
        speechbus health --live
        speechbus health --url http://tts-3.internal:8081 --timeout 2
      """)

  @OptionGroup var http: HTTPAddressFlags

  @Option(help: "The service's address, instead of host and port.")
  var url: String?

  @Flag(help: "Ask only whether the process answers, not whether it can serve.")
  var live = false

  @Option(help: "Seconds to wait for the answer.")
  var timeout = 5.0

  func validate() throws {
    guard timeout > 0, timeout <= 600 else { throw badUsage("--timeout takes seconds, at most 600") }
  }

  func run() async throws {
    let base = try url ?? address()
    let path = live ? "/health/live" : "/health/ready"
    let report = try await ask(base.trimmingSuffix("/") + path)
    let parts = report.components.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    print(([report.status.rawValue] + parts).joined(separator: ", "))
    guard report.isReady else { throw ExitCode.failure }
  }

  /// The address of a service with these settings, for clients on the same machine.
  func address(_ environment: Environment = .process) throws(BadSetting) -> String {
    let host = try environment(Settings.httpHost, flag: http.httpHost)
    let port = try environment(Settings.httpPort, flag: http.httpPort)
    let reachable = ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
    return "http://\(reachable.contains(":") ? "[\(reachable)]" : reachable):\(port)"
  }

  private func ask(_ url: String) async throws -> HealthReport {
    do {
      return try JSONDecoder().decode(
        HealthReport.self, from: try await HTTPProbe.body(of: url, timeout: .milliseconds(Int(timeout * 1_000))))
    } catch is DecodingError {
      throw CommandFailure("\(url) does not answer as speechbus does; check --url")
    } catch let error as DownloadError {
      throw CommandFailure(error.message)
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
