import ArgumentParser
import Foundation
import SpeechCore

/// Exit codes are the contract's: 0 success, 1 a failed operation, 64 bad usage.
@main struct Main {
  static func main() async {
    // A client that hangs up must not end the service.
    signal(SIGPIPE, SIG_IGN)
    if let mistake = CommandNames.mistake(in: Array(CommandLine.arguments.dropFirst()), below: Speechbus.self) {
      StandardError.write("speechbus: \(mistake)")
      Foundation.exit(EX_USAGE)
    }
    do {
      var command = try Speechbus.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as BadSetting {
      StandardError.write("speechbus: \(error)")
      Foundation.exit(EX_USAGE)
    } catch let error as CommandFailure {
      StandardError.write("speechbus: \(error)")
      Foundation.exit(error.isUsage ? EX_USAGE : EXIT_FAILURE)
    } catch {
      Speechbus.exit(withError: error)
    }
  }
}

struct Speechbus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speechbus",
    abstract: "Turns synthesis requests from RabbitMQ queues into XTTS-v2 speech.",
    discussion: """
      An option with a variable in brackets can be set there too; the option wins. \
      Exit codes: 0 success, 1 a failed operation, 64 bad usage.

      EXAMPLES
        speechbus serve
        speechbus request "Hello there." -o hello.wav
        speechbus voices add me.wav --name Me
        speechbus serve --help
      """,
    version: Release.description,
    subcommands: [
      Serve.self, Health.self, Request.self, Synthesize.self, Tokenize.self, Voices.self, LexiconCommand.self,
      Model.self, Topology.self, Dead.self, Key.self, Audit.self, Bench.self, DecodeAudio.self, EncodeAudio.self,
    ])
}
