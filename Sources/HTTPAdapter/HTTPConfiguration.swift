import Foundation
import SpeechCore

/// The HTTP adapter's settings.
public struct HTTPConfiguration: Sendable, Equatable {
  /// `SPEECHBUS_HTTP_HOST`.
  public var host: String
  /// `SPEECHBUS_HTTP_PORT`; 0 takes any free one.
  public var port: Int
  /// `SPEECHBUS_ADMIN_PORT`: health and metrics have this port, and the main port has no metrics. Nil: the main port has
  /// both. 0 takes any free port.
  public var adminPort: Int?
  /// `SPEECHBUS_HTTP_TOKEN`; nil leaves the service open.
  public var token: Secret?
  /// `XTTS_ALLOW_ORIGINS`: `*` or a list of origins.
  public var allowedOrigins: [String]
  /// `SPEECHBUS_HTTP_HOSTS`: values of `Host` that are answered; empty allows any.
  public var allowedHosts: [String]
  /// `SPEECHBUS_PAGE`: whether `/` shows the page for people.
  public var servesPage: Bool
  /// `SPEECHBUS_MAX_TEXT`, for the published schema.
  public var maximumText: Int
  /// Bytes of a request body: reference audio comes as base64.
  public var maximumBodyBytes: Int
  /// For a whole request body, and for one write of an answer that a slow client does not take.
  public var transferTimeout: Duration
  /// A connection with no request under way is closed after this time, also one whose head never ends.
  public var idleTimeout: Duration
  public var maximumConnections: Int
  /// `SPEECHBUS_HTTP_ADDRESS_CONNECTIONS`: of one client address; 0 is no limit.
  public var connectionsPerAddress: Int

  public init(
    host: String = "127.0.0.1", port: Int = 8081, adminPort: Int? = nil, token: Secret? = nil,
    allowedOrigins: [String] = ["*"],
    allowedHosts: [String] = [],
    servesPage: Bool = true, maximumText: Int = 5_000, maximumBodyBytes: Int = 32 << 20,
    transferTimeout: Duration = .seconds(60),
    idleTimeout: Duration = .seconds(60), maximumConnections: Int = 1_024, connectionsPerAddress: Int = 512
  ) {
    self.host = host
    self.port = port
    self.adminPort = adminPort
    self.token = token.flatMap { $0.isEmpty ? nil : $0 }
    self.allowedOrigins = allowedOrigins
    self.allowedHosts = allowedHosts
    self.servesPage = servesPage
    self.maximumText = maximumText
    self.maximumBodyBytes = maximumBodyBytes
    self.transferTimeout = transferTimeout
    self.idleTimeout = idleTimeout
    self.maximumConnections = maximumConnections
    self.connectionsPerAddress = connectionsPerAddress
  }
}
