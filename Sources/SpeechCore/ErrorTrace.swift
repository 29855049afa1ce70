import Foundation

/// Appends the message of each error to the file that the variable `ERROR_TRACE_FILE` names, so that `tools/messages` can
/// list the messages that no test triggers. Debug builds only.
public enum ErrorTrace {
  #if DEBUG
    private static let path = ProcessInfo.processInfo.environment["ERROR_TRACE_FILE"]
  #endif

  /// Writes one line: the kind of the error, a tab, its message.
  public static func record(_ kind: String, _ message: String) {
    #if DEBUG
      guard let path else { return }
      let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
      guard file >= 0 else { return }
      defer { close(file) }
      let line = Array("\(kind)\t\(message.replacing("\n", with: " "))\n".utf8)
      _ = write(file, line, line.count)
    #endif
  }
}
