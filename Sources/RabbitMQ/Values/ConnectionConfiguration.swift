import SpeechCore

/// Where a broker listens.
public struct BrokerEndpoint: Sendable, Equatable, Hashable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Everything needed to open a connection. Hosts are tried in turn.
public struct ConnectionConfiguration: Sendable, Equatable {
  /// Files are PEM.
  public struct TLS: Sendable, Equatable {
    public var certificateAuthorityFile: String?
    public var certificateFile: String?
    public var keyFile: String?
    /// Checks the broker's certificate and host name; off is for tests only.
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
  public var heartbeatSeconds: Int
  /// For TCP, TLS and the login together, each step.
  public var connectTimeoutSeconds: Int
  /// For each method the broker answers.
  public var methodTimeout: Duration
  /// From sending a message to its confirm.
  public var confirmTimeout: Duration
  /// Larger bodies arrive empty, with their size.
  public var maxBodyBytes: Int
  /// Shown by the broker's management tools.
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
