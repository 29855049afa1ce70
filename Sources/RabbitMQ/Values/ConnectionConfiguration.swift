import SpeechCore

/// The host and port of a broker.
public struct BrokerEndpoint: Sendable, Equatable, Hashable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The settings of a connection. Its endpoints are tried in turn.
public struct ConnectionConfiguration: Sendable, Equatable {
  /// TLS settings. All files are PEM.
  public struct TLS: Sendable, Equatable {
    public var certificateAuthorityFile: String?
    public var certificateFile: String?
    public var keyFile: String?
    /// Whether the broker's certificate and host name are checked. Disable it in tests only.
    public var verifiesPeer: Bool

    public init(
      certificateAuthorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
      verifiesPeer: Bool = true
    ) {
      self.certificateAuthorityFile = certificateAuthorityFile
      self.certificateFile = certificateFile
      self.keyFile = keyFile
      self.verifiesPeer = verifiesPeer
    }
  }

  public var endpoints: [BrokerEndpoint]
  public var virtualHost: String
  public var user: String
  public var password: Secret
  public var tls: TLS?
  /// The heartbeat interval that is proposed to the broker; default 30.
  public var heartbeatSeconds: Int
  /// The time limit of each step: TCP, TLS and login; default 10.
  public var connectTimeoutSeconds: Int
  /// The time limit of the broker's reply to a method; default 30 s.
  public var methodTimeout: Duration
  /// The time limit from sending a message to its confirm; default 30 s.
  public var confirmTimeout: Duration
  /// The largest body that is kept, default 128 MiB. A larger body is discarded; the message has its size.
  public var maxBodyBytes: Int
  /// Whether the connection only receives. It then reads headers that exceed the negotiated frame size: the broker adds
  /// headers to messages that it redelivers or dead-letters, and sends all headers of a message in one frame. Publishing
  /// on such a connection fails.
  public var onlyReceives = false
  /// The name that the broker's management tools show.
  public var connectionName: String

  public init(endpoints: [BrokerEndpoint]) {
    self.endpoints = endpoints
    virtualHost = "/"
    user = "guest"
    password = "guest"
    heartbeatSeconds = 30
    connectTimeoutSeconds = 10
    methodTimeout = .seconds(30)
    confirmTimeout = .seconds(30)
    maxBodyBytes = 128 << 20
    connectionName = ""
  }
}
