import Synchronization

/// Whether a context currently leaves some of its cores to another context. Any thread may set it.
public final class CoreReservation: Sendable {
  private let active = Atomic(false)

  /// Whether the cores are reserved.
  public var isActive: Bool { active.load(ordering: .relaxed) }
  /// Reserves the cores for the other context.
  public func begin() { active.store(true, ordering: .relaxed) }
  /// Ends the reservation.
  public func end() { active.store(false, ordering: .relaxed) }
}
