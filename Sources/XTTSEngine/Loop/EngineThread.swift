import Dispatch
import SpeechCore
import Synchronization

/// The thread that runs the model, except for the windows that a ``VocoderThread`` decodes. Other threads post commands,
/// which it runs between two steps.
///
/// libtorch and the kernels keep state per thread, so their objects are created, used and freed here.
final class EngineThread: Sendable {
  typealias Command = @Sendable (EngineLoop) -> Void

  private struct Mailbox {
    var commands: [Command] = []
    var isClosed = false
  }

  private let mailbox = Mutex(Mailbox())
  private let wake = DispatchSemaphore(value: 0)

  /// The size of a main thread's stack, because libtorch's convolutions need a large one.
  private static let stackBytes = 8 << 20

  /// Starts the thread.
  /// - Parameter make: creates the loop on the thread, and reports a failure itself; nil ends the thread.
  func start(_ make: @escaping @Sendable () -> EngineLoop?) {
    DedicatedThread.start("speech-engine", stackBytes: Self.stackBytes) { [self] in
      guard let loop = make() else { return close() }
      run(loop)
    }
  }

  /// Adds a command.
  /// - Returns: false if the thread has ended or is ending; the command then does not run.
  @discardableResult
  func post(_ command: @escaping Command) -> Bool {
    let isOpen = mailbox.withLock { mailbox in
      if !mailbox.isClosed { mailbox.commands.append(command) }
      return !mailbox.isClosed
    }
    if isOpen { wake.signal() }
    return isOpen
  }

  /// Ends the thread after its current step and the commands that were posted before.
  func close() {
    mailbox.withLock { $0.isClosed = true }
    wake.signal()
  }

  private func run(_ loop: EngineLoop) {
    while true {
      let (commands, isClosed) = mailbox.withLock { mailbox in
        defer { mailbox.commands.removeAll(keepingCapacity: true) }
        return (mailbox.commands, mailbox.isClosed)
      }
      for command in commands { command(loop) }
      if isClosed { return loop.close() }
      if !loop.step() { wake.wait() }
    }
  }
}
