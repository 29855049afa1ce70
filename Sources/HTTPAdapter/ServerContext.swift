import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SpeechCore

/// The context of a request: its connection and path parameters.
struct ServerContext: Hummingbird.RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// The token of the request; nil on an open path, or if the service has no tokens.
  var token: AccessToken?
  /// Has the span of the request, if it is recorded, and the id that its audit row will have.
  var arrival = SpeechCore.RequestContext(transport: .http)

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Runs `work` in a task that is cancelled when the client goes away.
  func cancelledOnDisconnect<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task(operation: work)
    let signal = await disconnectSignal()
    let registration = signal?.onDisconnect { task.cancel() }
    defer { registration.map { signal?.remove($0) } }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  /// Nil if there is no connection, as for requests that a test sends directly to the router.
  func disconnectSignal() async -> DisconnectSignal? {
    let signal = channel.eventLoop.submit { [channel] in
      try channel.pipeline.syncOperations.handler(type: ConnectionObserver.self).signal
    }
    return try? await signal.get()
  }
}

extension Request {
  /// The path as the router reads it: repeated and trailing slashes count for nothing.
  var routedPath: String { "/" + uri.path.split(separator: "/").joined(separator: "/") }

  /// The fields of the query as a JSON object of strings. A plus sign is a space, as browsers write it.
  /// - Throws: `invalid_request` for a value that is not percent-encoded UTF-8.
  func queryJSON() throws(SpeechError) -> Data {
    var fields: [String: JSONValue] = [:]
    for field in (uri.query ?? "").split(separator: "&") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let value = parts.dropFirst().joined().replacing("+", with: " ").removingPercentEncoding else {
        throw SpeechError(.invalidRequest, "\(name.prefix(64)) is not percent-encoded UTF-8", field: name)
      }
      fields[name] = .string(value)
    }
    return Data(JSONValue(fields).json().utf8)
  }

  /// The request's context for the use cases.
  /// - Throws: `invalid_request` for an idempotency key with other than visible ASCII characters.
  func speechContext(_ server: ServerContext) throws(SpeechError) -> SpeechCore.RequestContext {
    var context = SpeechCore.RequestContext(requestID: server.arrival.requestID, transport: .http)
    context.span = server.arrival.span
    context.tokenName = server.token?.name
    if let key = headers.value("Idempotency-Key") {
      guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (33...126).contains($0) }) else {
        throw SpeechError(
          .invalidRequest, "Idempotency-Key may have 1 to 255 visible ASCII characters", field: "Idempotency-Key")
      }
      context.idempotencyKey = key
    }
    context.correlationID = headers.value("X-Request-ID").map { String($0.prefix(128)) }
    context.traceparent = server.arrival.traceparent
    return context
  }
}

extension HTTPFields {
  /// The field with a name that has no constant.
  func value(_ name: String) -> String? {
    HTTPField.Name(name).flatMap { self[$0] }
  }

  /// `X-Request-ID` with the id of the request in the audit.
  /// - Parameter warnings: notes about ignored fields, for answers that are bare audio.
  static func requestID(_ id: String, warnings: [String] = []) -> HTTPFields {
    var fields = HTTPFields()
    if let name = HTTPField.Name("X-Request-ID") { fields[name] = id }
    if let name = HTTPField.Name("X-Speechbus-Warnings"), !warnings.isEmpty {
      let text = warnings.joined(separator: "; ").unicodeScalars.map {
        (32...126).contains($0.value) ? Character($0) : "?"
      }
      fields[name] = String(text.prefix(1_024))
    }
    return fields
  }
}
