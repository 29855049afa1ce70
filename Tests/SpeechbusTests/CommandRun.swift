import Foundation
import TestSupport

/// `speechbus` run to its end. Nothing waits on a thread of Swift's pool, which other tests need.
struct CommandRun {
  var status: Int32
  var output: Data
  var errors: String

  init(
    _ arguments: [String], in directory: URL, settings: [String: String] = [:], input: String? = nil
  ) async throws {
    let name = UUID().uuidString
    let files = ["out", "err"].map { directory.appending(path: "\(name).\($0)") }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    let process = Process()
    process.executableURL = ServiceProcess.executable
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
    if let input {
      let file = directory.appending(path: "\(name).in")
      try Data(input.utf8).write(to: file)
      process.standardInput = try FileHandle(forReadingFrom: file)
    }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    status = await (try ChildProcess(process)).exitStatus()
    output = try Data(contentsOf: files[0])
    errors = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
  }
}
