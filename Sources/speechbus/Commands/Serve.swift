import AMQPAdapter
import ArgumentParser
import Foundation
import HTTPAdapter
import Logging
import Metrics
import Observability
import SQLiteStorage
import ServiceLifecycle
import SpeechCore
import SpeechService

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the service: the bus consumer and the HTTP adapter.",
    discussion: """
      SIGTERM or SIGINT drains: the consumer takes no new requests, HTTP is served for SPEECHBUS_DRAIN_LISTEN_SECONDS, \
      and running requests finish within SPEECHBUS_DRAIN_SECONDS. A second signal, more than a second later, stops \
      immediately; the broker redelivers unfinished requests. SPEECHBUS_START names the parts that the start waits for: \
      auto (the broker), wait (broker, database and model) or exit (none).

      Every setting is an environment variable and an option, except secrets: SPEECHBUS_HTTP_TOKEN, HF_TOKEN and \
      OTEL_EXPORTER_OTLP_HEADERS are variables only. The option wins. A page for people is at / of the HTTP adapter.

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
  @OptionGroup(title: "Traces") var traces: TraceFlags

  private static let loopbackHosts: Set = ["127.0.0.1", "::1", "localhost"]

  func run() async throws {
    try LoggingSetup.install(logs)
    // The database, recordings and stored audio are for this user alone.
    umask(0o077)
    let logger = Logger(label: "speechbus")
    let settings = try ServiceSettings(
      engine: engine, downloads: downloads, bus: bus, consumer: consumer, limits: limits, defaults: defaults,
      storage: storage, retention: retention)
    let webConfiguration = try httpConfiguration(settings)
    warn(webConfiguration, logger)
    // Before the model is loaded.
    try ListenAddress(host: webConfiguration.host, port: webConfiguration.port).check(
      "SPEECHBUS_HTTP_HOST", "SPEECHBUS_HTTP_PORT")
    if let port = webConfiguration.adminPort {
      try ListenAddress(host: webConfiguration.host, port: port).check("SPEECHBUS_HTTP_HOST", "SPEECHBUS_ADMIN_PORT")
    }
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    Gauge(
      label: "speechbus_build_info",
      dimensions: [("version", Release.version), ("commit", Release.commit ?? "unknown")]
    ).record(1)
    let traces = Traces(try TraceSettings(traces, settings.environment), logger)

    let state = ServiceState(policy: settings.start)
    let requests = RequestHandler(
      .closed(SpeechError(.modelUnavailable, "the service waits for its database; try again soon")),
      auditText: settings.auditText, onEnd: RequestMeters.observe)
    let admission = AdmissionControl(limits: settings.bus.userLimits, replies: settings.budgets.replies) {
      Counter(label: "speechbus_user_refused_total", dimensions: [("transport", "http")]).increment()
    }
    let clips = ClipDirectory(path: settings.storeDirectory, baseURL: settings.storeURL)
    let meters = BusMeters()
    let previewer = TextPreviewer(settings) { state.database.map { SQLiteLexiconStore($0) } }
    let intake = VoiceIntake(
      decoder: DecoderMeters.counting(settings.decoder), fetcher: nil, budgets: settings.budgets)
    let server = SpeechHTTPServer(
      configuration: webConfiguration,
      ports: .init(
        requests: requests, preview: { request throws(SpeechError) in try await previewer.preview(request) },
        cleaned: { audio, field throws(SpeechError) in try await intake.cleaned(audio, field: field) },
        admission: admission, budgets: settings.budgets, health: state,
        audit: { state.database.map(SQLiteAuditLog.init) }, queues: { state.queues }, clips: clips,
        metrics: {
          state.bus.map { meters.record($0) }
          meters.record(settings.budgets)
          return metrics.exposition()
        }),
      logger: logger)
    let provisioner = ServiceProvisioner(
      settings: settings, state: state, requests: requests, admission: admission, clips: clips, logger: logger)

    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    let administration = server.administration {
      logger.info(
        "listening for health and metrics",
        metadata: ["event": "listening_for_health", "port": .stringConvertible($0)])
    }
    // Stopped in reverse order: health is answered during the drain.
    let group = ServiceGroup(
      configuration: .init(
        services: (administration.map { [.init(service: $0)] } ?? []) + [
          .init(service: server.application { Self.announce(webConfiguration, port: $0, logger) }),
          .init(service: provisioner, successTerminationBehavior: .gracefullyShutdownGroup),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      try await traces.exporting { try await group.run() }
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw CommandFailure("the service stopped: \(error)")
    }
    try state.database?.close()
    logger.info("stopped", metadata: ["event": "stopped"])
  }

  private static func announce(_ configuration: HTTPConfiguration, port: Int, _ logger: Logger) {
    let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][configuration.host] ?? configuration.host
    var metadata: Logger.Metadata = ["event": "listening", "port": .stringConvertible(port)]
    let address = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/"
    metadata["address"] = "\(address)"
    if configuration.servesPage { metadata["page"] = "\(address)" }
    logger.info("listening", metadata: metadata)
  }

  private func warn(_ configuration: HTTPConfiguration, _ logger: Logger) {
    for name in Environment.process.unknownSettings {
      logger.warning("not a setting, so it has no effect", metadata: ["variable": "\(name)"])
    }
    if let form = Environment.process.variables["OTEL_EXPORTER_OTLP_PROTOCOL"], form != "http/json" {
      logger.warning(
        "traces are sent as http/json, which OTLP receivers accept on port 4318",
        metadata: ["OTEL_EXPORTER_OTLP_PROTOCOL": "\(form)"])
    }
    if configuration.tokens.isEmpty, !Self.loopbackHosts.contains(configuration.host) {
      logger.warning(
        "other machines can reach the HTTP port, and no token is set: set SPEECHBUS_HTTP_TOKEN",
        metadata: ["host": "\(configuration.host)"])
    }
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func add(_ path: String, to tokens: inout AccessTokens) throws {
    guard let json = FileManager.default.contents(atPath: path) else {
      throw CommandFailure("can't read \(path): SPEECHBUS_TOKENS_FILE must be a readable file")
    }
    do {
      try tokens.add(json: json)
    } catch {
      throw CommandFailure("SPEECHBUS_TOKENS_FILE \(path): \(error.message)")
    }
  }

  private func httpConfiguration(_ settings: ServiceSettings) throws -> HTTPConfiguration {
    let environment = settings.environment
    var web = HTTPConfiguration()
    web.host = try environment(Settings.httpHost, flag: http.address.httpHost)
    web.port = try environment(Settings.httpPort, flag: http.address.httpPort)
    web.adminPort = try environment(Settings.adminPort, flag: http.adminPort)
    web.tokens = AccessTokens(try environment(Settings.httpToken).map { Secret($0) })
    if let path = try environment(Settings.tokensFile, flag: http.tokensFile) { try add(path, to: &web.tokens) }
    web.allowedOrigins = try environment(Settings.allowedOrigins, flag: http.allowOrigins)
    web.allowedHosts = Self.list(try environment(Settings.allowedHosts, flag: http.httpHosts))
    web.servesPage = try environment(Settings.page, flag: http.page)
    web.maximumText = settings.limits.maximumText
    web.maximumBodyBytes = min(web.maximumBodyBytes, settings.budgets.bodies.limit)
    web.uploadFolder = try environment(Settings.voiceDirectory, flag: storage.voiceDir)
    web.idleTimeout = .seconds(try environment(Settings.httpIdleSeconds, flag: http.httpIdleSeconds))
    web.connectionsPerAddress = try environment(Settings.httpAddressConnections, flag: http.httpAddressConnections)
    return web
  }
}
