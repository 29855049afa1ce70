import Dispatch
import SpeechCore
import Synchronization

/// The one thread on which the model runs, but for the windows that a ``VocoderThread`` decodes beside it. Others leave it
/// commands; between two steps it takes them all.
///
/// Libtorch and the kernels keep state a thread, so everything of theirs is made, used and freed here.
final class EngineThread: Sendable {
  typealias Command = @Sendable (EngineLoop) -> Void

  private struct Mailbox {
    var commands: [Command] = []
    var isClosed = false
  }

  private let mailbox = Mutex(Mailbox())
  private let wake = DispatchSemaphore(value: 0)

  /// The stack of a main thread: libtorch's convolutions are not written for a small one.
  private static let stackBytes = 8 << 20

  /// Starts the thread; `make` builds the loop on it and says itself how that went.
  /// - Parameter make: nil ends the thread at once.
  func start(_ make: @escaping @Sendable () -> EngineLoop?) {
    // Threads that the kernels start on this one inherit the priority.
    DedicatedThread.start("speech-engine", priority: .low, stackBytes: Self.stackBytes) { [self] in
      guard let loop = make() else { return close() }
      run(loop)
    }
  }

  /// Leaves a command.
  /// - Returns: false when the thread has ended or is about to; the command is not run then.
  @discardableResult
  func post(_ command: @escaping Command) -> Bool {
    let isOpen = mailbox.withLock { mailbox in
      if !mailbox.isClosed { mailbox.commands.append(command) }
      return !mailbox.isClosed
    }
    if isOpen { wake.signal() }
    return isOpen
  }

  /// Ends the thread after the step it is in; commands left are still run.
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
