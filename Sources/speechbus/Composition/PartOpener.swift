import Logging
import ServiceLifecycle

/// Opens what a start needs, again and again where the policy says to wait for it.
struct PartOpener: Sendable {
  /// Between two attempts.
  static let pause = Duration.seconds(2)

  let policy: StartPolicy
  let logger: Logger

  /// - Parameter isMissing: told whenever an attempt fails, before the pause.
  /// - Returns: nil when a graceful shutdown came first.
  /// - Throws: ``CommandFailure`` of the first attempt where the policy is not to wait.
  func open<Opened: Sendable>(
    _ part: StartPolicy.Part, isMissing: @Sendable () -> Void = {}, _ attempt: @Sendable () async throws -> Opened
  ) async throws -> Opened? {
    var told = LastReason()
    while !Task.isShuttingDownGracefully {
      do {
        return try await attempt()
      } catch let failure as CommandFailure where policy.waits(for: part) {
        isMissing()
        // A line every pause would only fill the log.
        if told.isNew(failure.description) {
          logger.warning("waiting for the \(part.rawValue)", metadata: ["reason": "\(failure)"])
        }
      }
      do {
        try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.pause) }
      } catch {
        return nil
      }
    }
    return nil
  }
}
