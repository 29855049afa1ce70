/// A password or token. It is never printed: not as text, not by a debugger's description, and not inside another value.
public struct Secret: Sendable, Hashable {
  private let value: String

  public init(_ value: String) { self.value = value }

  /// For the one place that needs the secret itself: a login or a header.
  public func reveal() -> String { value }

  /// Whether the secret has no characters.
  public var isEmpty: Bool { value.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "<secret>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}
