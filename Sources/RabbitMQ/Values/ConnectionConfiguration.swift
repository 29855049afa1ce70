import SpeechCore

/// The host and port of a broker.
public struct BrokerEndpoint: Sendable, Equatable, Hashable, CustomStringConvertible {
  var host: String
  var port: Int

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The settings of a connection. Its endpoints are tried in turn.
public struct ConnectionConfiguration: Sendable, Equatable {
  /// TLS settings. All files are PEM.
  struct TLS: Sendable, Equatable {
    var certificateAuthorityFile: String?
    var certificateFile: String?
    var keyFile: String?
    /// Whether the broker's certificate and host name are checked. Disable it in tests only.
    var verifiesPeer = true
  }

  /// Never empty.
  public var endpoints: [BrokerEndpoint]
  var virtualHost = "/"
  var user = "guest"
  var password: Secret = "guest"
  var tls: TLS?
  /// The heartbeat interval that is proposed to the broker.
  var heartbeatSeconds = 30
  /// The time limit of each step: TCP, TLS and login.
  public var connectTimeoutSeconds = 10
  /// The time limit of the broker's reply to a method.
  public var methodTimeout: Duration = .seconds(30)
  /// The time limit from sending a message to its confirm.
  var confirmTimeout: Duration = .seconds(30)
  /// The largest body that is kept, 128 MiB. A larger body is discarded; the message has its size.
  public var maxBodyBytes = 128 << 20
  /// Whether the connection only receives. It then reads headers that exceed the negotiated frame size: the broker adds
  /// headers to messages that it redelivers or dead-letters, and sends all headers of a message in one frame. Publishing
  /// on such a connection fails.
  public var onlyReceives = false
  /// The name that the broker's management tools show.
  public var connectionName = ""
}
