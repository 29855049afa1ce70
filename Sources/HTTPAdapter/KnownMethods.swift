import Hummingbird

/// A known path with another method is 405 and says which ones there are, where the router alone would say 404.
struct KnownMethods: RouterMiddleware {
  private struct Path {
    var segments: [Substring]
    var allowed: String

    func matches(_ other: [Substring]) -> Bool {
      segments.count == other.count
        && zip(segments, other).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
    }
  }

  private let paths: [Path]

  init(_ endpoints: [Endpoint]) {
    // A path without parameters is more exact than one that has them.
    let known = Dictionary(grouping: endpoints, by: \.path).sorted { left, right in
      left.key.count { $0 == "{" } < right.key.count { $0 == "{" }
    }
    paths = known.map { path, siblings in
      var methods = siblings.map(\.method.rawValue)
      if methods.contains("GET") { methods.append("HEAD") }
      return Path(segments: path.split(separator: "/"), allowed: methods.sorted().joined(separator: ", "))
    }
  }

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound && error.body == nil {
      let segments = request.uri.path.split(separator: "/")
      guard let path = paths.first(where: { $0.matches(segments) }) else { throw error }
      throw HTTPError(.methodNotAllowed, headers: [.allow: path.allowed])
    }
  }
}
