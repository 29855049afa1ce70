import Foundation
import Synchronization

/// A `speechbus serve` process with its own folder. It is started again after it was killed.
final class Worker: Sendable {
  let name: String
  let directory: URL
  /// The folder of the database, voices and stored audio; a small separate file system if the run could mount one.
  let disk: URL
  private let executable: URL
  private let environment: [String: String]
  private let state = Mutex(State())

  private struct State {
    var pid: pid_t?
    var starts = 0
  }

  private static let keyFileName = "replicas.key"
  /// Shared by the workers.
  var keyFile: String { directory.appendingPathComponent(Self.keyFileName).path }

  /// - Parameter clock: the library of tools/clock, for a worker whose clock is moved.
  init(name: String, directory: URL, executable: URL, environment: [String: String], clock: String?) throws {
    self.name = name
    self.directory = directory
    self.executable = executable
    disk = directory.appendingPathComponent("disk-\(name)")
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    var environment = environment.merging([
      "SPEECHBUS_KEY_FILE": directory.appendingPathComponent(Self.keyFileName).path,
      "SPEECHBUS_DATABASE": disk.appendingPathComponent("speechbus.sqlite").path,
      "XTTS_VOICE_DIR": disk.appendingPathComponent("voices").path,
      "XTTS_STORE_DIR": disk.appendingPathComponent("generated").path,
      "SPEECHBUS_HTTP_PORT": "0", "SPEECHBUS_LOG_FORMAT": "json",
    ]) { $1 }
    if let clock {
      environment["LD_PRELOAD"] = clock
      environment["SOAK_CLOCK_FILE"] = directory.appendingPathComponent("clock-\(name)").path
    }
    self.environment = environment
    if clock != nil { try setClock(offsetSeconds: 0) }
  }

  var pid: pid_t? { state.withLock(\.pid) }
  var startCount: Int { state.withLock(\.starts) }

  /// Moves the wall clock of the process. The process has this file mapped, so the file is written in place and never
  /// replaced.
  func setClock(offsetSeconds: Int) throws {
    let path = directory.appendingPathComponent("clock-\(name)").path
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    guard file >= 0 else { throw SoakFailure("can't open \(path)") }
    defer { close(file) }
    var offset = Int64(offsetSeconds)
    guard pwrite(file, &offset, MemoryLayout<Int64>.size, 0) == MemoryLayout<Int64>.size else {
      throw SoakFailure("can't write \(path)")
    }
  }

  /// Starts the process and returns immediately. The worker is ready when it consumes.
  func start() throws {
    let log = directory.appendingPathComponent("serve-\(name).log")
    if !FileManager.default.fileExists(atPath: log.path) {
      _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    }
    let output = try FileHandle(forWritingTo: log)
    try output.seekToEnd()
    let process = Process()
    process.executableURL = executable
    process.arguments = ["serve"]
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardError = output
    process.standardOutput = output
    try process.run()
    state.withLock { state in
      state.pid = process.processIdentifier
      state.starts += 1
    }
  }

  /// Whether the log of the latest start reports that requests can be served.
  func isReady() -> Bool { logCount("ready") >= startCount }

  /// The number of lines of the log with this message.
  func logCount(_ message: String) -> Int {
    let log = (try? String(contentsOf: directory.appendingPathComponent("serve-\(name).log"), encoding: .utf8)) ?? ""
    return log.components(separatedBy: "\"message\":\"\(message)\"").count - 1
  }

  /// The HTTP address; nil before the worker listens.
  func url() -> URL? {
    let log = (try? String(contentsOf: directory.appendingPathComponent("serve-\(name).log"), encoding: .utf8)) ?? ""
    let line = log.split(separator: "\n").last { $0.contains("\"message\":\"listening\"") }
    let port = line.flatMap { try? JSONDecoder().decode(Listening.self, from: Data($0.utf8)) }?.port
    return port.flatMap { URL(string: "http://127.0.0.1:\($0)") }
  }

  private struct Listening: Decodable { var port: Int }

  func kill(_ signal: Int32 = SIGKILL) async {
    guard let pid else { return }
    Foundation.kill(pid, signal)
    // Longer than a drain.
    for _ in 0..<1200 where Foundation.kill(pid, 0) == 0 { try? await Task.sleep(for: .milliseconds(50)) }
    state.withLock { $0.pid = nil }
  }

  /// Resident bytes and open descriptors now; nil when the process is not running.
  func usage() -> (residentBytes: Int, descriptors: Int)? {
    guard let pid,
      let fields = (try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8))?.split(separator: " "),
      fields.count > 1, let pages = Int(fields[1]), pages > 0,
      let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    else { return nil }
    return (pages * 4096, descriptors)
  }

  /// Fills the disk completely, or empties it again. It requires a separate file system.
  func setDiskFull(_ isFull: Bool) throws {
    let ballast = disk.appendingPathComponent("ballast").path
    guard isFull else {
      unlink(ballast)
      return
    }
    guard isOwnDisk else { throw SoakFailure("\(disk.path) is not a separate file system") }
    let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw SoakFailure("can't fill \(disk.path)") }
    defer { close(descriptor) }
    for size in [1 << 20, 4096] {
      let block = [UInt8](repeating: 1, count: size)
      while write(descriptor, block, size) == size {}
    }
  }

  /// Whether the disk is a separate file system: then its device number differs from that of the folder it is in.
  var isOwnDisk: Bool {
    var (own, parent) = (stat(), stat())
    return stat(disk.path, &own) == 0 && stat(directory.path, &parent) == 0 && own.st_dev != parent.st_dev
  }
}
