import Dispatch
import SpeechCore
import Synchronization

/// A thread that decodes one window at a time while the engine's thread computes decode steps. Meanwhile the kernels of
/// the engine's thread reserve some of their cores for it.
///
/// A decode step reads all weights of the GPT and computes little; a window computes much and reads little. In parallel
/// they take less time than in turn.
///
/// Only the engine's thread may call its methods. The bytes of a window do not depend on the thread that decodes it.
public final class VocoderThread {
  private let reservation: CoreReservation
  private let exchange = Exchange()

  /// - Parameters:
  ///   - workspace: has as many threads as `context` reserves.
  ///   - context: the threads of the engine's thread.
  public init(_ workspace: VocoderWorkspace, reserving context: KernelContext) {
    reservation = context.reservation
    // Capture only these two: a reference to `self` would keep `deinit`, which stops the thread, from ever running.
    DedicatedThread.start("speech-vocoder") { [exchange, reservation] in
      while let window = exchange.next() {
        let result: Result<[Float], ModelError>
        do throws(ModelError) {
          result = .success(try window.decode(at: workspace))
        } catch {
          result = .failure(error)
        }
        // Before the result is taken, because the engine's thread may be in the middle of a step.
        reservation.end()
        exchange.finish(result)
      }
    }
  }

  deinit { exchange.close() }

  /// Starts a window. The result of the last one must have been taken.
  func begin(_ window: KernelVocoderWindow) {
    reservation.begin()
    exchange.put(window)
  }

  /// Whether the window is decoded.
  var isDone: Bool { exchange.isDone }

  /// The samples of the window; blocks until they are decoded.
  func take() -> Result<[Float], ModelError> { exchange.take() }
}

/// Passes one window to the thread, then its samples to the caller.
private final class Exchange: Sendable {
  private enum State {
    case idle
    case due(KernelVocoderWindow)
    case running
    case done(Result<[Float], ModelError>)
    case closed
  }

  private let state = Mutex(State.idle)
  private let due = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  // MARK: The engine's thread

  func put(_ window: KernelVocoderWindow) {
    state.withLock { $0 = .due(window) }
    due.signal()
  }

  var isDone: Bool {
    state.withLock { state in
      if case .done = state { true } else { false }
    }
  }

  func take() -> Result<[Float], ModelError> {
    done.wait()
    return state.withLock { state in
      guard case .done(let result) = state else {
        return .failure(ModelError(.backend, "no window was being decoded"))
      }
      state = .idle
      return result
    }
  }

  func close() {
    state.withLock { $0 = .closed }
    due.signal()
  }

  // MARK: The vocoder's thread

  /// Waits for a window; nil when the exchange is closed.
  func next() -> KernelVocoderWindow? {
    due.wait()
    return state.withLock { state in
      guard case .due(let window) = state else { return nil }
      state = .running
      return window
    }
  }

  func finish(_ result: Result<[Float], ModelError>) {
    state.withLock { state in
      if case .running = state { state = .done(result) }
    }
    done.signal()
  }
}
