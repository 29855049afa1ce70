import Foundation

/// The processes that run FFmpeg.
enum HelperProcess {
  /// Starts a process with C's form of its arguments and environment.
  static func start(
    _ arguments: [String],
    _ body: ([UnsafeMutablePointer<CChar>?], [UnsafeMutablePointer<CChar>?]) -> pid_t
  ) -> pid_t {
    // The environment of the service may hold secrets.
    let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map { ["LD_LIBRARY_PATH=\($0)"] } ?? []
    return withPointers(["speechbus"] + arguments) { arguments in
      withPointers(libraries) { body(arguments, $0) }
    }
  }

  /// Ends a process and waits for its exit.
  static func end(_ process: pid_t) {
    kill(process, SIGKILL)
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// C's form of a list of strings, which ends with NULL.
  private static func withPointers<Value>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
  ) -> Value {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}
