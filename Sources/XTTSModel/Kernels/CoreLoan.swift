import Synchronization

/// Whether a context leaves some of its cores to another. Any thread may say that they are free again.
public final class CoreLoan: Sendable {
  private let out = Atomic(false)

  public var isOut: Bool { out.load(ordering: .relaxed) }
  public func begin() { out.store(true, ordering: .relaxed) }
  public func end() { out.store(false, ordering: .relaxed) }
}
