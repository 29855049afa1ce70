import Foundation
import HTTPTypes
import Hummingbird
import SpeechCore

/// The page at `/` and its files. They need no token: all data comes from endpoints that do.
struct PageEndpoints {
  var all: [Endpoint] { SpeechPage.files.map(endpoint) }

  /// The page loads and runs only files of this service, and no other page may frame it.
  private static let contentSecurityPolicy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "media-src blob:",
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].joined(separator: "; ")

  private static let protection: [(name: String, value: String)] = [
    ("Content-Security-Policy", contentSecurityPolicy),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
  ]

  private func endpoint(_ file: PageFile) -> Endpoint {
    let data = Data(file.bytes)
    let tag = "\"" + SHA256.hash(data: data).hexadecimal.prefix(16) + "\""
    var headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
    for field in Self.protection {
      if let name = HTTPField.Name(field.name) { headers[name] = field.value }
    }
    return Endpoint(
      method: .get, path: file.path, operationID: "page", summary: "A file of the page.", answers: [:], isOpen: true
    ) { [headers] request, _ in
      if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
      return .bytes(data, mediaType: file.mediaType, headers: headers)
    }
  }
}
