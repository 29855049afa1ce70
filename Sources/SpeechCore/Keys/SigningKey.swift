import CCrypto
import Foundation

/// A secret of 32 bytes that signs and verifies with HMAC-SHA-256. It is never printed.
public struct SigningKey: Sendable, Equatable {
  static let byteCount = 32

  /// The kinds of signed data. A signature of one kind is no signature of another.
  public enum Purpose: String, Sendable {
    case voiceLog = "voice log"
    case replyLog = "reply log"
    case audit
    case auditEnd = "audit end"
  }

  private let bytes: [UInt8]
  /// 16 hex digits that name the key and do not reveal it.
  public let id: String

  /// - Parameter hexadecimal: 64 hex digits; nil for other text.
  init?(hexadecimal: some StringProtocol) {
    guard let bytes = [UInt8](hexadecimal: hexadecimal), bytes.count == Self.byteCount else { return nil }
    self.init(bytes)
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    id = String(Self.code(bytes, Data("speechbus key id".utf8)).hexadecimal.prefix(16))
  }

  /// A new key from the system's random numbers; nil if there are none.
  static func random() -> SigningKey? {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard RAND_bytes(&bytes, Int32(byteCount)) == 1 else { return nil }
    return SigningKey(bytes)
  }

  /// For the key file alone.
  var hexadecimal: String { bytes.hexadecimal }

  /// The signature of some data: the key's id, a colon and 64 hex digits.
  public func signature(of data: some ContiguousBytes, as purpose: Purpose) -> String {
    "\(id):\(code(of: data, purpose).hexadecimal)"
  }

  private func code(of data: some ContiguousBytes, _ purpose: Purpose) -> [UInt8] {
    var message = Data("\(purpose.rawValue)\0".utf8)
    data.withUnsafeBytes { message.append(contentsOf: $0) }
    return Self.code(bytes, message)
  }

  fileprivate func verifies(_ digits: Substring, of data: some ContiguousBytes, as purpose: Purpose) -> Bool {
    let (given, expected) = (Array(digits.utf8), Array(code(of: data, purpose).hexadecimal.utf8))
    return given.count == expected.count && CRYPTO_memcmp(given, expected, expected.count) == 0
  }

  private static func code(_ key: [UInt8], _ message: Data) -> [UInt8] {
    var (code, count) = ([UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE)), UInt32(0))
    message.withUnsafeBytes { bytes in
      _ = HMAC(
        EVP_sha256(), key, Int32(key.count), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &code, &count)
    }
    return Array(code.prefix(Int(count)))
  }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "<key \(id)>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The keys that replicas share. The first one signs, and all of them verify.
public struct KeyRing: Sendable, Equatable {
  /// The result of a check.
  public enum Verdict: Sendable, Equatable {
    case valid
    /// Signed with a key that is not in the ring. Has the key's id.
    case otherKey(String)
    /// No signature, or one of other data.
    case forged
  }

  /// The key that signs.
  public let current: SigningKey
  let earlier: [SigningKey]

  var keys: [SigningKey] { [current] + earlier }
  /// Changes when a key is added or removed.
  public var fingerprint: String { SHA256.hash(data: Data(keys.map(\.id).joined().utf8)).hexadecimal }

  /// Checks a signature that ``SigningKey/signature(of:as:)`` made.
  public func check(
    _ signature: String?, of data: some ContiguousBytes, as purpose: SigningKey.Purpose
  ) -> Verdict {
    let parts = (signature ?? "").split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return .forged }
    guard let key = keys.first(where: { $0.id == parts[0] }) else { return .otherKey(String(parts[0].prefix(16))) }
    return key.verifies(parts[1], of: data, as: purpose) ? .valid : .forged
  }
}
