import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SpeechCore

/// The HTTP adapter: routes to the use cases of the service.
public struct SpeechHTTPServer: Sendable {
  /// The parts of the service that the server calls.
  public typealias Ports = HTTPPorts

  /// Accepted connections above the limit: some are about to be refused, others to be closed for a new one.
  private static let connectionsInTransit = 64

  private let configuration: HTTPConfiguration
  private let ports: Ports
  private let logger: Logger

  public init(configuration: HTTPConfiguration, ports: Ports, logger: Logger) {
    self.configuration = configuration
    self.ports = ports
    self.logger = logger
  }

  /// Every endpoint of the interface, in the order the OpenAPI document lists them.
  var endpoints: [Endpoint] {
    let body = BodyReader(
      maximumBytes: configuration.maximumBodyBytes, timeout: configuration.transferTimeout, budgets: ports.budgets,
      uploads: UploadLimits(folder: configuration.uploadFolder))
    let described =
      SynthesisEndpoints(ports: ports, body: body, maximumText: configuration.maximumText).all
      + VoiceEndpoints(ports: ports, body: body).all + LexiconEndpoints(ports: ports, body: body).all
      + OpenAIEndpoints(ports: ports, body: body, maximumText: configuration.maximumText).all
      + XTTSServerEndpoints(ports: ports, body: body, maximumText: configuration.maximumText).all
      + OperationsEndpoints(ports: ports).all(includesMetrics: configuration.adminPort == nil)
      + OperatorEndpoints(ports: ports).all
      + [BusDescription.endpoint]
    let document = OpenAPIDocument(endpoints: described + [OpenAPIDocument.endpoint("{}")], isProtected: isProtected)
    return described + [OpenAPIDocument.endpoint(document.json)]
  }

  private var isProtected: Bool { !configuration.tokens.isEmpty }

  /// The server as a service for a `ServiceGroup`. On graceful shutdown it finishes running answers.
  /// - Parameter onServerRunning: receives the bound port.
  public func application(
    onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    application(router(), port: configuration.port, onServerRunning)
  }

  /// The server of health and metrics, with separate connection limits. Nil without `SPEECHBUS_ADMIN_PORT`.
  /// - Parameter onServerRunning: receives the bound port.
  public func administration(
    onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) -> (any ApplicationProtocol)? {
    configuration.adminPort.map { port in
      application(router(of: OperationsEndpoints(ports: ports).administration), port: port, onServerRunning)
    }
  }

  private func application(
    _ router: Router<ServerContext>, port: Int, _ onServerRunning: @escaping @Sendable (Int) async -> Void
  ) -> some ApplicationProtocol {
    let timeout = TimeAmount(configuration.idleTimeout)
    let connections = OpenConnections(
      maximum: configuration.maximumConnections, maximumPerAddress: configuration.connectionsPerAddress)
    return Application(
      router: router,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionLimit(connections), ConnectionObserver()], idleTimeout: timeout)),
      configuration: .init(
        address: .hostname(configuration.host, port: port), serverName: "speechbus",
        availableConnectionsDelegate: MaximumAvailableConnections(
          configuration.maximumConnections + Self.connectionsInTransit, logger: logger)),
      onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? 0) },
      logger: serverLogger)
  }

  /// The server's own messages repeat ours, so they are for the debug level only.
  private var serverLogger: Logger {
    var logger = logger
    if logger.logLevel == .info { logger.logLevel = .notice }
    return logger
  }

  func router() -> Router<ServerContext> {
    router(of: endpoints + (configuration.servesPage ? PageEndpoints().all : []))
  }

  private func router(of endpoints: [Endpoint]) -> Router<ServerContext> {
    let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestSpans())
    router.add(middleware: SlowClientGuard(timeout: configuration.transferTimeout))
    router.add(
      middleware: CrossOriginRules(
        CrossOriginPolicy(
          allowedOrigins: configuration.allowedOrigins, allowedHosts: configuration.allowedHosts,
          needsToken: isProtected)))
    router.add(middleware: ErrorAnswers(logger: logger))
    let openPaths = Set(endpoints.filter(\.isOpen).map(\.path))
    router.add(middleware: BearerToken(tokens: configuration.tokens, openPaths: openPaths))
    router.add(middleware: KnownMethods(endpoints))
    for endpoint in endpoints {
      router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
        try endpoint.require(context.token)
        return try await endpoint.answer(request, context)
      }
    }
    return router
  }
}
