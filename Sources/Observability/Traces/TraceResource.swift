import Foundation

/// The attributes of the process that all its spans have: `service.name` and others.
public struct TraceResource: Sendable, Equatable {
  /// By key.
  var attributes: [String: String]

  /// - Parameters:
  ///   - serviceName: `OTEL_SERVICE_NAME`; nil takes the list's `service.name`, else the one of `defaults`.
  ///   - list: `OTEL_RESOURCE_ATTRIBUTES`.
  public init(serviceName: String?, list: [String: String], defaults: [String: String]) {
    attributes = defaults.merging(list) { $1 }
    attributes["service.name"] = serviceName ?? attributes["service.name"]
  }

  /// Reads `key=value,key=value`, the form of `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_EXPORTER_OTLP_HEADERS`. Values may have
  /// percent encoding.
  /// - Returns: nil for another form.
  public static func list(_ text: String) -> [String: String]? {
    var found: [String: String] = [:]
    for pair in text.split(separator: ",") where !pair.allSatisfy(\.isWhitespace) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces).removingPercentEncoding
      }
      guard parts.count == 2, let key = parts[0], let value = parts[1], !key.isEmpty else { return nil }
      found[key] = value
    }
    return found
  }
}
