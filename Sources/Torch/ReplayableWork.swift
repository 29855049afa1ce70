import CTorch

/// A fixed sequence of operations on tensors that stay where they are. On a GPU it is recorded once as a CUDA graph and
/// replayed with one call; elsewhere its operations run each time.
///
/// Not thread-safe: for the one thread that calls libtorch, on its own stream (``DeviceStream/enter()``).
public final class ReplayableWork {
  private let body: () throws(TorchError) -> Void
  private let graph: OpaquePointer?

  /// On a GPU runs the body once, and once more to record it. The body must always do the same, wait for nothing, and
  /// read and write only tensors that outlive this object, or that it makes itself.
  /// - Parameter other: work that is never replayed at the same time; memory for what the body makes is shared with it.
  public init(
    on device: Device, sharingMemoryOf other: ReplayableWork? = nil, _ body: @escaping () throws(TorchError) -> Void
  ) throws(TorchError) {
    self.body = body
    guard case .cuda = device else {
      graph = nil
      return
    }
    // The first run sets up what may not be set up while recording.
    try body()
    graph = try Self.record(sharingMemoryOf: other?.graph, body)
  }

  deinit {
    if let graph { ct.graph_free(graph) }
  }

  /// Replays the graph, or runs the operations.
  public func run() throws(TorchError) {
    guard let graph else { return try body() }
    try TorchError.check(ct.graph_replay(graph))
  }

  private static func record(
    sharingMemoryOf other: OpaquePointer?, _ body: () throws(TorchError) -> Void
  ) throws(TorchError) -> OpaquePointer? {
    var made: OpaquePointer?
    try TorchError.check(ct.graph_begin(other, &made))
    do throws(TorchError) {
      try body()
      try TorchError.check(ct.graph_end(made))
    } catch {
      // A recording must be ended before anything else can run.
      _ = ct.graph_end(made)
      ct.graph_free(made)
      throw error
    }
    return made
  }
}
