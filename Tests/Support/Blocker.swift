import Dispatch

/// Blocks threads until it is opened.
public final class Blocker: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  public init() {}

  public func wait() {
    semaphore.wait()
    semaphore.signal()
  }

  public func open() { semaphore.signal() }
}
