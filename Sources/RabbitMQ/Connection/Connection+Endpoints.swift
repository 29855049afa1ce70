extension Connection {
  /// Opens a connection to the first endpoint that accepts it.
  /// - Throws: the last endpoint's error.
  public static func openAny(
    _ configuration: ConnectionConfiguration, onEvent: @escaping @Sendable (ConnectionEvent) -> Void = { _ in }
  ) async throws(RabbitMQError) -> Connection {
    var failure = RabbitMQError(.invalidConfiguration, "the broker URL names no host")
    for endpoint in configuration.endpoints {
      do throws(RabbitMQError) {
        return try await open(configuration, endpoint: endpoint, onEvent: onEvent)
      } catch {
        failure = error
      }
    }
    throw failure
  }
}
