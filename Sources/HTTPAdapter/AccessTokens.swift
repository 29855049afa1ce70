import Foundation
import SpeechCore

/// The requests that a token allows.
public enum AccessScope: String, Sendable, CaseIterable {
  /// Synthesis, and stored audio.
  case synthesize
  /// Changes of voices and lexicons, and voices as files.
  case voices
  /// Queues, dead-lettered messages, recorded requests and totals of users.
  case operate
  /// `/metrics`.
  case metrics
}

/// A bearer token that the service accepts.
struct AccessToken: Sendable, Equatable {
  /// For audit rows; nil for the token of `SPEECHBUS_HTTP_TOKEN`.
  var name: String?
  /// SHA-256 of the token.
  var digest: [UInt8]
  var scopes = Set(AccessScope.allCases)

  init(name: String? = nil, digest: [UInt8], scopes: Set<AccessScope> = Set(AccessScope.allCases)) {
    (self.name, self.digest, self.scopes) = (name, digest, scopes)
  }

  init(_ token: Secret) { self.init(digest: Self.digest(token.reveal())) }

  static func digest(_ text: some StringProtocol) -> [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}

/// The bearer tokens that the service accepts; without one, it is open.
public struct AccessTokens: Sendable, Equatable {
  private var tokens: [AccessToken] = []

  /// No token: the service is open.
  public init() {}

  /// - Parameter token: allows everything; nil or empty leaves the service open.
  public init(_ token: Secret?) {
    if let token, !token.isEmpty { tokens = [AccessToken(token)] }
  }

  /// Whether the service is open.
  public var isEmpty: Bool { tokens.isEmpty }

  /// Adds the tokens of a file: `{"tokens": [{"name", "token" or "token_sha256", "scopes"}]}`.
  /// - Throws: `invalid_request`, naming the member.
  public mutating func add(json: Data) throws(SpeechError) {
    let fields: StrictFields<SpeechError>
    do {
      fields = try StrictFields(json: json) { name, text, _ in SpeechError(.invalidRequest, "\(name) \(text)") }
    } catch {
      throw SpeechError(.invalidRequest, "it is not a JSON object")
    }
    for entry in try fields.required("tokens", fields.objects("tokens", in: 1...1_000)) {
      let name = try entry.required("name", entry.text("name", atMost: 64))
      let scopes: Set<AccessScope> = try entry.required("scopes", entry.choices("scopes"))
      let digest = try Self.digest(entry)
      guard !name.isEmpty, !tokens.contains(where: { $0.name == name }) else {
        throw entry.error("name", "must be there, and only once in the file")
      }
      guard !scopes.isEmpty else { throw entry.error("scopes", "must have at least one scope") }
      guard !tokens.contains(where: { $0.digest == digest }) else {
        throw entry.error("token", "must differ from every other token")
      }
      tokens.append(AccessToken(name: name, digest: digest, scopes: scopes))
    }
  }

  private static func digest(_ entry: StrictFields<SpeechError>) throws(SpeechError) -> [UInt8] {
    if let token = try entry.text("token") {
      guard token.utf8.count >= 16, token.utf8.allSatisfy({ (33...126).contains($0) }) else {
        throw entry.error("token", "must have at least 16 visible ASCII characters")
      }
      return AccessToken.digest(token)
    }
    guard let bytes = try entry.text("token_sha256").flatMap({ [UInt8](hexadecimal: $0) }), bytes.count == 32 else {
      throw entry.error("token_sha256", "must have 64 hexadecimal digits, unless there is a token")
    }
    return bytes
  }

  /// The token that a request sent. The comparisons take the same time for any text, so they reveal nothing about it.
  func token(_ text: some StringProtocol) -> AccessToken? {
    let digest = AccessToken.digest(text)
    return tokens.reduce(nil) { found, token in
      zip(token.digest, digest).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0 ? token : found
    }
  }
}
