import Foundation
import TestSupport
import Testing

@testable import speechbus

/// The one line of a command that failed, and its exit code.
@Suite(.timeLimit(.minutes(5)))
struct CommandMessageTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var settings: [String: String]
    var status: Int32
    var message: String

    /// - Parameter status: 64 is bad usage.
    init(_ arguments: String, with settings: [String: String] = [:], status: Int32 = 64, _ message: String) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.settings = settings
      self.status = status
      self.message = message
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let rows = [
    Row("audit verify --database missing.sqlite", status: 1, "there is no database at missing.sqlite: --database or"),
    Row("audit prune", "--days or SPEECHBUS_AUDIT_DAYS must give the days to keep, above 0"),
    Row("voices add missing.wav --name x --database new.sqlite", status: 1, "can't read missing.wav"),
    Row(
      "voices add /etc/hostname --name x --language klingon --database new.sqlite",
      "--language is \"klingon\", but must be one of"),
    Row("health --timeout 0", "--timeout takes seconds, at most 600"),
    Row("request Hi. -o a.wav --timeout 100000", "--timeout, --wait and --deadline take seconds, at most a day"),
    Row("request Hi. -o a.wav --priority 10", "--priority must be 0 to 9"),
    Row("request Hi. -o a.wav --speed nan", "the options hold a number that is not finite"),
    Row("request Hi. -o a.wav --reference-audio missing.wav", status: 1, "can't read missing.wav"),
    Row("request Hi. -o a.wav --amqp-url http://x", "--amqp-url: the broker URL must start with amqp:// or amqps://"),
    Row(
      "health --url http://127.0.0.1:1", status: 1,
      "no answer from http://127.0.0.1:1/health/ready: is the service running there?"),
    Row("voices show v1 --database new.sqlite", status: 1, "there is no database at new.sqlite"),
    Row("bench --streams x", "--streams takes numbers from 1 to 256 with commas, --codes one from 1 to 600"),
    Row(
      "dead drop", "choose messages with --message-id, --correlation-id, --error-code or --from-queue, or take --all"),
    Row(
      "model verify", with: ["SPEECHBUS_MODEL_MANIFEST": "missing.json"], status: 1,
      "SPEECHBUS_MODEL_MANIFEST: missing.json can't be read"),
    Row("model info --model-dir missing", status: 1, "there is no model directory at missing"),
    Row(
      "serve", with: ["SPEECHBUS_HTTP_HOST": "no host"],
      "SPEECHBUS_HTTP_HOST is \"no host\", which is no address or name of this machine"),
    Row("serve", with: ["SPEECHBUS_LOG_FORMAT": "xml"], "SPEECHBUS_LOG_FORMAT is \"xml\", but must be"),
  ]

  @Test(arguments: rows)
  func aCommandThatFailsSaysWhy(row: Row) async throws {
    let folder = try ScratchDirectory()
    let run = try await CommandRun(
      row.arguments, in: folder.url, settings: ["SPEECHBUS_LOG": "critical"].merging(row.settings) { $1 })
    #expect(run.status == row.status)
    #expect(run.errors.contains(row.message), "\(run.errors)")
  }

  @Test func aFullDeviceIsNamed() throws {
    let file = try OutputFile("/dev/full")
    let error = #expect(throws: CommandFailure.self) { try file.append(Data("x".utf8)) }
    #expect(error?.description == "can't write /dev/full: its reader has ended, or the device is full")
  }

  @Test func anotherServerIsNotTakenForTheService() async throws {
    let folder = try ScratchDirectory()
    let server = try LoopbackSocket(listens: true)
    server.serve { connection in
      let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".utf8)
      _ = write(connection, answer, answer.count)
    }
    let run = try await CommandRun(["health", "--url", server.address], in: folder.url)
    #expect(run.status == 1 && run.errors.contains("does not answer as speechbus does; check --url"), "\(run.errors)")
    let secure = server.address.replacing("http:", with: "https:")
    let refused = try await CommandRun(["health", "--url", secure], in: folder.url)
    #expect(refused.status == 1 && refused.errors.contains("TLS failed"), "\(refused.errors)")
  }
}
