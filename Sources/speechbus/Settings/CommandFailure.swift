import ArgumentParser
import SpeechCore

/// An operation that failed, in one line that names the remedy.
struct CommandFailure: Error, CustomStringConvertible {
  var description: String
  /// Bad usage ends with exit code 64, a failed operation with 1.
  var isUsage: Bool

  init(_ description: String, isUsage: Bool = false) {
    self.description = description
    self.isUsage = isUsage
    ErrorTrace.record("CommandFailure", description)
  }
}

/// Bad usage of one command: exit code 64, with the command's usage.
func badUsage(_ message: String) -> ValidationError {
  ErrorTrace.record("ValidationError", message)
  return ValidationError(message)
}
