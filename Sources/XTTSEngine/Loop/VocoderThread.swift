import Dispatch
import SpeechCore
import Synchronization
import XTTSModel

/// A thread that decodes a window while the engine's goes on, on cores that the engine's kernels lend it meanwhile.
///
/// A decode step reads all weights of the GPT and computes little, a window computes much and reads little: side by side
/// they take less time than one after the other.
///
/// All methods are for the engine's thread. The kernels' bytes don't depend on the number of threads, so neither do they
/// on where a window was decoded.
final class VocoderThread: PendingAudio {
  private let loan: CoreLoan
  private let exchange = Exchange()

  /// - Parameters:
  ///   - place: on as many threads of its own as `lender` lends.
  ///   - lender: what the engine's thread computes on.
  init(_ place: KernelVocoderPlace, lender: KernelContext) {
    loan = lender.loan
    // Capture only these two: a reference to `self` would keep `deinit`, which stops the thread, from ever running.
    DedicatedThread.start("speech-vocoder", priority: .low) { [exchange, loan] in
      while let window = exchange.next() {
        let result: Result<[Float], ModelError>
        do throws(ModelError) {
          result = .success(try window.decode(at: place))
        } catch {
          result = .failure(error)
        }
        // At once: the engine's thread is in the middle of a step.
        loan.end()
        exchange.finish(result)
      }
    }
  }

  deinit { exchange.close() }

  /// Starts a window; not before the last one was taken.
  func begin(_ window: KernelVocoderWindow) {
    loan.begin()
    exchange.put(window)
  }

  func isDone() -> Bool { exchange.isDone }

  func take() throws(ModelError) -> [[Float]] { [try exchange.take().get()] }
}

/// What the two threads hand each other: one window, then its samples.
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
        return .failure(ModelError(.backend, "no window was under way"))
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

  /// Waits for a window; nil when there will be none.
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
