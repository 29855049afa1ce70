import AMQPAdapter
import ArgumentParser
import Foundation
import RabbitMQ

/// Runs an operator's task on a new connection and closes it, after a failure too.
struct BrokerSession {
  let bus: BusFlags
  /// Whether the task only receives messages.
  var onlyReceives = false

  func run<Result: Sendable>(
    _ body: (Connection, AMQPConfiguration) async throws(RabbitMQError) -> Result
  ) async throws -> Result {
    var configuration = try bus.configuration()
    configuration.connection.connectionName = "speechbus operator"
    configuration.connection.onlyReceives = onlyReceives
    do throws(RabbitMQError) {
      return try await Progress.during("waiting for the broker") { () throws(RabbitMQError) in
        let connection = try await Connection.openAny(configuration.connection)
        do throws(RabbitMQError) {
          let result = try await body(connection, configuration)
          await connection.close()
          return result
        } catch {
          await connection.close()
          throw error
        }
      }
    } catch {
      throw CommandFailure("the broker: \(error)")
    }
  }
}

struct Topology: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The queues and exchanges on the broker.",
    discussion: """
      serve declares what it needs by itself. Declaring beforehand lets it run with an account that may not configure. \
      SPEECHBUS_QUEUE and SPEECHBUS_QUEUE_TYPE name and shape the request queue.

      EXAMPLES
        speechbus topology show
        speechbus topology declare --amqp-url amqp://admin:secret@mq/voice
      """,
    subcommands: [Declare.self, Show.self])

  struct Declare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Creates missing queues and exchanges. Those that exist with other arguments are reported and not changed.",
      discussion: """
        EXAMPLES
          speechbus topology declare
        """)

    @OptionGroup var bus: BusFlags

    @Flag(help: "Write JSON instead of a table.")
    var json = false

    func run() async throws {
      let report = try await BrokerSession(bus: bus).run { (connection, configuration) throws(RabbitMQError) in
        try await TopologyPlan(configuration).declare(on: connection)
      }
      report.print(asJSON: json)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the queues and exchanges, and changes nothing.",
      discussion: """
        EXAMPLES
          speechbus topology show
          speechbus topology show --json
        """)

    @OptionGroup var bus: BusFlags

    @Flag(help: "Write JSON instead of a table.")
    var json = false

    func run() async throws {
      let report = try await BrokerSession(bus: bus).run { (connection, configuration) throws(RabbitMQError) in
        try await TopologyPlan(configuration).inspect(on: connection)
      }
      report.print(asJSON: json)
    }
  }
}

extension TopologyReport {
  fileprivate func print(asJSON: Bool) {
    guard !asJSON else { return JSONOutput.pretty(self) }
    let entries = exchanges.map { ("exchange", $0) } + queues.map { ("queue", $0) }
    let rows = entries.map { kind, entry -> [String] in
      let counts = [entry.messages, entry.consumers].map { $0.map(String.init) ?? "" }
      return [kind, entry.name, entry.state.rawValue] + counts
    }
    TextTable.print(["kind", "name", "state", "messages", "consumers"], rows)
  }
}

struct Dead: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Requests that could not be answered, parked in tts.dead.",
    discussion: """
      The headers x-error-code and x-error-message of a message have the reason. The broker is SPEECHBUS_AMQP_URL.

      EXAMPLES
        speechbus dead list
        speechbus dead requeue --message-id order-4711
      """,
    subcommands: [List.self, Requeue.self, Drop.self])

  struct FilterFlags: ParsableArguments {
    @Option(help: "Only messages with this message id.")
    var messageID: String?

    @Option(help: "Only messages with this correlation id.")
    var correlationID: String?

    @Option(help: "Only messages with this error code.")
    var errorCode: String?

    @Option(help: "Only messages that came from this queue.")
    var fromQueue: String?

    var selection: DeadLetters.Selection {
      .init(messageID: messageID, correlationID: correlationID, errorCode: errorCode, originalQueue: fromQueue)
    }
  }

  struct SelectionFlags: ParsableArguments {
    @OptionGroup var filter: FilterFlags

    @Flag(help: "All messages.")
    var all = false

    func validate() throws {
      guard all == (filter.selection == DeadLetters.Selection()) else {
        throw badUsage(
          "choose messages with --message-id, --correlation-id, --error-code or --from-queue, or take --all")
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the messages, the oldest first.",
      discussion: """
        The message id, or else the correlation id, is in the column id.

        EXAMPLES
          speechbus dead list
          speechbus dead list --error-code worker_lost --json
        """)

    @OptionGroup var bus: BusFlags
    @OptionGroup var filter: FilterFlags

    @Flag(help: "Write JSON lines instead of a table.")
    var json = false

    func run() async throws {
      let selection = filter.selection
      let letters = try await BrokerSession(bus: bus, onlyReceives: true).run {
        (connection, configuration) throws(RabbitMQError) in
        try await DeadLetters(connection: connection, names: configuration.names).list(selection)
      }
      if json {
        for letter in letters { JSONOutput.line(letter) }
      } else {
        for line in DeadLetterTable.lines(letters, now: Date()) { print(line) }
      }
    }
  }

  struct Requeue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sends messages back to the queue they came from.",
      discussion: """
        EXAMPLES
          speechbus dead requeue --all
          speechbus dead requeue --message-id order-4711
        """)

    @OptionGroup var bus: BusFlags
    @OptionGroup var flags: SelectionFlags

    func run() async throws {
      let selection = flags.filter.selection
      let count = try await BrokerSession(bus: bus).run { (publishing, configuration) throws(RabbitMQError) in
        var receiving = configuration.connection
        receiving.onlyReceives = true
        let connection = try await Connection.openAny(receiving)
        defer { Task { await connection.close() } }
        return try await DeadLetters(connection: connection, publishing: publishing, names: configuration.names)
          .requeue(selection)
      }
      print("\(count) sent back")
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Deletes messages.",
      discussion: """
        EXAMPLES
          speechbus dead drop --correlation-id 3f0c8b1e
        """)

    @OptionGroup var bus: BusFlags
    @OptionGroup var flags: SelectionFlags

    func run() async throws {
      let selection = flags.filter.selection
      let count = try await BrokerSession(bus: bus, onlyReceives: true).run {
        (connection, configuration) throws(RabbitMQError) in
        try await DeadLetters(connection: connection, names: configuration.names).drop(selection)
      }
      print("\(count) deleted")
    }
  }
}
