import Foundation

/// The HTTP adapter's settings.
public struct HTTPConfiguration: Sendable, Equatable {
  /// `SPEECHBUS_HTTP_HOST`.
  public var host = "127.0.0.1"
  /// `SPEECHBUS_HTTP_PORT`; 0 takes any free one.
  public var port = 8081
  /// `SPEECHBUS_ADMIN_PORT`: health and metrics have this port, and the main port has no metrics. Nil: the main port has
  /// both. 0 takes any free port.
  public var adminPort: Int?
  /// `SPEECHBUS_HTTP_TOKEN` and `SPEECHBUS_TOKENS_FILE`; without a token the service is open.
  public var tokens = AccessTokens()
  /// `XTTS_ALLOW_ORIGINS`: `*` or a list of origins.
  public var allowedOrigins = ["*"]
  /// `SPEECHBUS_HTTP_HOSTS`: values of `Host` that are answered; empty allows any.
  public var allowedHosts: [String] = []
  /// `SPEECHBUS_PAGE`: whether `/` shows the page for people.
  public var servesPage = true
  /// `SPEECHBUS_MAX_TEXT`, for the published schema.
  public var maximumText = 5_000
  /// Bytes of a request body: reference audio comes as base64.
  public var maximumBodyBytes = 32 << 20
  /// The folder of uploaded files while a request uses them; they have no names there.
  public var uploadFolder = FileManager.default.temporaryDirectory.path
  /// For a whole request body, and for one write of an answer that a slow client does not take.
  public var transferTimeout = Duration.seconds(60)
  /// `SPEECHBUS_HTTP_IDLE_SECONDS`: a connection with no request under way is closed after this time, also one whose head
  /// never ends. Longer than the 60 s of most proxies, which otherwise reuse a connection that is just being closed.
  public var idleTimeout = Duration.seconds(75)
  /// Open connections of all clients together.
  public var maximumConnections = 1_024
  /// `SPEECHBUS_HTTP_ADDRESS_CONNECTIONS`: of one client address; 0 is no limit.
  public var connectionsPerAddress = 512

  public init() {}
}
