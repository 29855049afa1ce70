import CTorch

/// A queue of work on a device: its work runs in order, in parallel with other streams. On the CPU there is one, and its
/// work is done when the call returns.
///
/// Not thread-safe: for the one thread that calls libtorch.
public final class DeviceStream {
  /// The device of the stream.
  public let device: Device
  /// Nil on the CPU.
  private let handle: OpaquePointer?

  /// A stream of the device's pool.
  public init(on device: Device) throws(TorchError) {
    self.device = device
    guard case .cuda = device else {
      handle = nil
      return
    }
    var made: OpaquePointer?
    try TorchError.check(ct.stream_make(device.code, &made))
    handle = made
  }

  deinit {
    if let handle { ct.stream_free(handle) }
  }

  /// Gives all further work of the calling thread to this stream.
  public func enter() throws(TorchError) {
    if let handle { try TorchError.check(ct.stream_enter(handle, nil)) }
  }

  /// Gives the work of `body` to this stream, after what the thread's own stream was given so far.
  public func run<Value>(_ body: () throws(TorchError) -> Value) throws(TorchError) -> Value {
    guard let handle else { return try body() }
    let given = try DeviceEvent(on: device)
    var previous: OpaquePointer?
    try TorchError.check(ct.stream_enter(handle, &previous))
    defer {
      if let previous {
        _ = ct.stream_enter(previous, nil)
        ct.stream_free(previous)
      }
    }
    try given.await()
    return try body()
  }

  /// Waits until all that the stream was given is done.
  public func synchronize() throws(TorchError) {
    if let handle { try TorchError.check(ct.stream_synchronize(handle)) }
  }
}

/// A mark in a stream's work.
public final class DeviceEvent {
  private let handle: OpaquePointer?

  /// After all that the calling thread's stream was given so far.
  public init(on device: Device) throws(TorchError) {
    guard case .cuda = device else {
      handle = nil
      return
    }
    var made: OpaquePointer?
    try TorchError.check(ct.event_record(device.code, &made))
    handle = made
  }

  deinit {
    if let handle { ct.event_free(handle) }
  }

  /// Whether the work before the mark is done; always on the CPU.
  public func isDone() throws(TorchError) -> Bool {
    guard let handle else { return true }
    var done = false
    try TorchError.check(ct.event_query(handle, &done))
    return done
  }

  /// Holds the calling thread's stream, not the thread, until the work before the mark is done.
  func await() throws(TorchError) {
    if let handle { try TorchError.check(ct.event_await(handle)) }
  }
}
