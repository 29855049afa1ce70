import AMQPAdapter
import ArgumentParser
import Downloads
import Foundation
import HTTPAdapter
import Logging
import Metrics
import Observability
import RabbitMQ
import SQLiteStorage
import ServiceLifecycle
import SpeechCore
import SpeechService

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the service: the bus consumer and the HTTP adapter.",
    discussion: """
      SIGTERM or SIGINT drains: nothing new is taken, running requests are finished within SPEECHBUS_DRAIN_SECONDS. A \
      second one stops at once; what was in flight is delivered again. SPEECHBUS_START says what is waited for at the \
      start: auto (the broker), wait (broker, database and model) or exit (nothing).

      Every setting is an environment variable and an option, except secrets: SPEECHBUS_HTTP_TOKEN and HF_TOKEN are \
      variables only. The option wins. A page for people is at / of the HTTP adapter.

      EXAMPLES
        speechbus serve
        speechbus serve --amqp-url amqps://tts:secret@mq-1.internal,mq-2.internal/voice --slots 8
        SPEECHBUS_HTTP_HOST=0.0.0.0 SPEECHBUS_HTTP_TOKEN=secret speechbus serve --model-dir /models/xtts
      """)

  @OptionGroup(title: "Model and engine") var engine: EngineFlags
  @OptionGroup(title: "Downloads") var downloads: DownloadFlags
  @OptionGroup(title: "Defaults") var defaults: DefaultFlags
  @OptionGroup(title: "Bus") var bus: BusFlags
  @OptionGroup(title: "Bus") var consumer: ConsumerFlags
  @OptionGroup(title: "Limits") var limits: LimitFlags
  @OptionGroup(title: "Storage and records") var storage: StorageFlags
  @OptionGroup(title: "Storage and records") var retention: RetentionFlags
  @OptionGroup(title: "HTTP") var http: HTTPFlags
  @OptionGroup(title: "Logs") var logs: LogFlags

  private static let loopbackHosts: Set = ["127.0.0.1", "::1", "localhost"]

  func run() async throws {
    try LoggingSetup.install(logs)
    // The database, recordings and stored audio are for this user alone.
    umask(0o077)
    let logger = Logger(label: "speechbus")
    for name in Environment.process.unknownSettings {
      logger.warning("not a setting, so it has no effect", metadata: ["variable": "\(name)"])
    }
    let settings = try ServiceSettings(
      engine: engine, downloads: downloads, bus: bus, consumer: consumer, limits: limits, defaults: defaults,
      storage: storage, retention: retention)
    let webConfiguration = try httpConfiguration(settings)
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    if webConfiguration.token == nil, !Self.loopbackHosts.contains(webConfiguration.host) {
      logger.warning(
        "other machines can reach the HTTP port, and no token is set: set SPEECHBUS_HTTP_TOKEN",
        metadata: ["host": "\(webConfiguration.host)"])
    }
    let health = ServiceHealth()
    if !settings.start.waits(for: .broker) { try await findBroker(settings) }
    let opened = try await DatabaseOpening.open(
      settings.databasePath, policy: settings.start, health: health, configuration: webConfiguration, logger: logger)
    guard let database = opened else { return }
    let clips = ClipDirectory(path: settings.storeDirectory)
    let replies = SQLiteReplyStore(
      database, maximumAge: settings.retention.replyAge, maximumBytes: settings.retention.replyBytes)
    let journal = SQLiteRequestJournal(database, replies: replies)
    let loading = JournaledRequests(UnavailableSpeech(), journal: journal, auditText: settings.auditText)
    let gate = HandlerGate(MeteredRequests(base: loading))

    // Until the model is loaded, every request is answered at once.
    let admission = AdmissionControl(limits: settings.bus.userLimits) {
      Counter(label: "speechbus_user_refused_total", dimensions: [("transport", "http")]).increment()
    }

    let meters = BusMeters()
    let server = SpeechHTTPServer(
      configuration: webConfiguration,
      ports: .init(
        requests: gate, admission: admission, budgets: settings.budgets, health: health,
        audit: SQLiteAuditLog(database), clips: clips,
        metrics: {
          health.bus.map { meters.record($0) }
          meters.record(settings.budgets)
          return metrics.exposition()
        }),
      logger: logger)
    let backbone = SpeechBackbone(
      settings: settings, database: database, journal: journal, clips: clips,
      retention: Retention(
        settings: settings.retention, audit: SQLiteAuditLog(database), replies: replies, clips: clips, logger: logger),
      gate: gate, admission: admission, health: health,
      fetcher: AudioDownloader(allowedHosts: settings.allowedURLHosts), logger: logger)

    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    // Stopped in reverse: the bus drains while health still answers.
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(service: server.application { logger.info("listening", metadata: ["port": "\($0)"]) }),
          .init(service: backbone, successTerminationBehavior: .gracefullyShutdownGroup),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      try await group.run()
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw CommandFailure("the service stopped: \(error)")
    }
    try database.close()
    logger.info("stopped")
  }

  /// Where the start is not to wait for the broker, it must be there now.
  private func findBroker(_ settings: ServiceSettings) async throws {
    do throws(RabbitMQError) {
      await (try await Connection.openAny(settings.bus.connection)).close()
    } catch {
      throw CommandFailure("the broker: \(error); SPEECHBUS_START=auto would wait for it")
    }
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func httpConfiguration(_ settings: ServiceSettings) throws -> HTTPConfiguration {
    let environment = settings.environment
    return HTTPConfiguration(
      host: try environment(Settings.httpHost, flag: http.address.httpHost),
      port: try environment(Settings.httpPort, flag: http.address.httpPort),
      token: try environment(Settings.httpToken).map { Secret($0) },
      allowedOrigins: Self.list(try environment(Settings.allowedOrigins, flag: http.allowOrigins)),
      allowedHosts: Self.list(try environment(Settings.allowedHosts, flag: http.httpHosts)),
      servesPage: try environment(Settings.page, flag: http.page),
      maximumText: settings.limits.maximumText,
      maximumBodyBytes: min(32 << 20, settings.budgets.bodies.limit),
      connectionsPerAddress: try environment(Settings.httpAddressConnections, flag: http.httpAddressConnections))
  }
}
