import Foundation

/// An origin such as `https://app.example:8443` in the form in which origins are compared: lower case, without the
/// scheme's own port. Schemes of apps, such as `app://obsidian.md`, are origins too.
public struct WebOrigin: Sendable, Hashable {
  private let text: String

  /// - Parameter text: may end in a slash, as addresses are copied.
  /// - Returns: nil for a text without a scheme, or with a path, a user or a wildcard.
  public init?(_ text: String) {
    var text = text.trimmingCharacters(in: .whitespaces).lowercased()
    if text == "null" {
      self.text = text
      return
    }
    if text.hasSuffix("/") { text.removeLast() }
    guard text.wholeMatch(of: /[a-z][a-z0-9+.\-]*:\/\/[^\/?#@*\\\s]+/) != nil else { return nil }
    for (scheme, port) in [("http:", ":80"), ("https:", ":443")] where text.hasPrefix(scheme) && text.hasSuffix(port) {
      text.removeLast(port.count)
    }
    self.text = text
  }
}
