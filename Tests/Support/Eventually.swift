public struct Timeout: Error, CustomStringConvertible {
  public var description: String

  public init(description: String) { self.description = description }
}

/// Polls a condition until it is true; throws ``Timeout`` after `limit`.
public func eventually(
  _ what: String = "condition", within limit: Duration = .seconds(120), _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < end else { throw Timeout(description: "\(what): not within \(limit)") }
    try await Task.sleep(for: .milliseconds(20))
  }
}
