#if DEBUG
  import Synchronization

  /// Counts the scalars that searches look at, so that a test can prove that the work grows no faster than the text.
  /// Debug builds only.
  final class WorkCounter: Sendable {
    @TaskLocal static var current: WorkCounter?

    private let total = Atomic<Int>(0)

    var steps: Int { total.load(ordering: .relaxed) }

    func add(_ steps: Int) {
      total.wrappingAdd(steps, ordering: .relaxed)
    }
  }
#endif
