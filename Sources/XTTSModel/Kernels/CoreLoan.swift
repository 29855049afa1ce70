import Synchronization

/// Whether a context currently reserves some of its cores for another context. Any thread may set it.
public final class CoreLoan: Sendable {
  private let out = Atomic(false)

  public var isOut: Bool { out.load(ordering: .relaxed) }
  public func begin() { out.store(true, ordering: .relaxed) }
  public func end() { out.store(false, ordering: .relaxed) }
}
