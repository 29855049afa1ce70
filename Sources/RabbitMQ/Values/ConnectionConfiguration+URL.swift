import Foundation
import SpeechCore

extension ConnectionConfiguration {
  /// Reads `amqp[s]://user:password@host:port,host:port/vhost?option=value`.
  ///
  /// Options have the names of RabbitMQ's clients: `cacertfile`, `certfile`, `keyfile`, `verify` (`verify_peer` or
  /// `verify_none`), `heartbeat` (seconds) and `connection_timeout` (milliseconds).
  /// - Throws: `invalidConfiguration`; the message names the invalid part and never quotes the password.
  public init(url: String) throws(RabbitMQError) {
    let (scheme, afterScheme) = try Self.split(url: url)
    let defaultPort = scheme == "amqps" ? 5671 : 5672
    let (beforeQuery, query) = Self.cut(afterScheme, at: "?")
    let (authority, path) = Self.cut(beforeQuery, at: "/")

    // An unencoded slash in a password ends the authority, and the first part of the password would be read as a port.
    if !authority.contains("@"), path?.contains("@") == true {
      throw RabbitMQError(
        .invalidConfiguration, "the broker URL's user and password must be percent-encoded: write / as %2F")
    }
    var hosts = authority
    var credentials: Substring?
    if let at = authority.lastIndex(of: "@") {
      credentials = authority[..<at]
      hosts = authority[authority.index(after: at)...]
    }
    var endpoints: [BrokerEndpoint] = []
    for part in hosts.split(separator: ",", omittingEmptySubsequences: false) {
      endpoints.append(try Self.endpoint(part, defaultPort: defaultPort))
    }
    self.init(endpoints: endpoints)

    if let credentials {
      let (user, password) = Self.cut(credentials, at: ":")
      self.user = try Self.decoded(user, "user")
      self.password = Secret(
        try password.map { value throws(RabbitMQError) in try Self.decoded(value, "password") } ?? "")
    }
    if let path, !path.isEmpty { virtualHost = try Self.decoded(path, "virtual host") }
    if scheme == "amqps" { tls = TLS() }
    for option in (query ?? "").split(separator: "&") { try apply(option: option) }
    if let tls, (tls.certificateFile == nil) != (tls.keyFile == nil) {
      throw RabbitMQError(.invalidConfiguration, "certfile and keyfile are needed together")
    }
  }

  private static func split(url: String) throws(RabbitMQError) -> (scheme: String, rest: Substring) {
    for scheme in ["amqp", "amqps"] where url.lowercased().hasPrefix("\(scheme)://") {
      return (scheme, url.dropFirst(scheme.count + 3))
    }
    throw RabbitMQError(.invalidConfiguration, "the broker URL must start with amqp:// or amqps://")
  }

  private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
    guard let index = text.firstIndex(of: mark) else { return (text, nil) }
    return (text[..<index], text[text.index(after: index)...])
  }

  private static func endpoint(_ text: Substring, defaultPort: Int) throws(RabbitMQError) -> BrokerEndpoint {
    var host = text
    var portText: Substring?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      if rest.hasPrefix(":") { portText = rest.dropFirst() }
    } else {
      (host, portText) = cut(text, at: ":")
    }
    guard !host.isEmpty else { throw RabbitMQError(.invalidConfiguration, "the broker URL has an empty host") }
    guard let portText else { return BrokerEndpoint(host: String(host), port: defaultPort) }
    guard let port = Int(portText), (1...65535).contains(port) else {
      throw RabbitMQError(.invalidConfiguration, "the broker URL has a port that is not a number from 1 to 65535")
    }
    return BrokerEndpoint(host: String(host), port: port)
  }

  private static func decoded(_ text: Substring, _ part: String) throws(RabbitMQError) -> String {
    guard let decoded = String(text).removingPercentEncoding, !decoded.contains("\0") else {
      throw RabbitMQError(.invalidConfiguration, "the broker URL's \(part) is not percent-encoded UTF-8")
    }
    return decoded
  }

  private mutating func apply(option: Substring) throws(RabbitMQError) {
    let (name, rawValue) = Self.cut(option, at: "=")
    let value = try Self.decoded(rawValue ?? "", String(name))
    switch name {
    case "cacertfile", "cacert": tls?.certificateAuthorityFile = value
    case "certfile", "cert": tls?.certificateFile = value
    case "keyfile", "key": tls?.keyFile = value
    case "verify":
      guard ["verify_peer", "verify_none"].contains(value) else {
        throw RabbitMQError(.invalidConfiguration, "verify must be verify_peer or verify_none, not \(value)")
      }
      tls?.verifiesPeer = value == "verify_peer"
    case "heartbeat": heartbeatSeconds = try Self.number(value, in: 1...3600, name: "heartbeat")
    case "connection_timeout":
      connectTimeoutSeconds = (try Self.number(value, in: 1...600_000, name: "connection_timeout") + 999) / 1000
    default:
      throw RabbitMQError(.invalidConfiguration, "the broker URL's option \(name) is not known")
    }
  }

  private static func number(
    _ text: String, in range: ClosedRange<Int>, name: String
  ) throws(RabbitMQError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw RabbitMQError(
        .invalidConfiguration, "\(name) must be \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }
}
