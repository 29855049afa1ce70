import Foundation

/// `openssl s_server` on the loopback, which answers every path with the file of that name: whole responses, headers
/// included. Its certificate signs itself.
final class TLSServer {
  private static let executable = "/usr/bin/openssl"
  static var canRun: Bool { FileManager.default.isExecutableFile(atPath: executable) }

  let address: String
  /// A PEM file.
  let certificate: String
  private let folder: URL
  private let server: Process

  /// - Parameter redirects: where files lead that are not served here.
  init(_ files: [String: [UInt8]], redirects: [String: String] = [:]) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    let revision = folder.appending(path: "coqui/XTTS-v2/resolve/6c2b0d75eae4b7047358e3b6bd9325f857d43f77")
    try FileManager.default.createDirectory(at: revision, withIntermediateDirectories: true)
    for (name, content) in files {
      let head =
        redirects[name].map { "HTTP/1.0 302 Found\r\nLocation: \($0)\r\n\r\n" }
        ?? "HTTP/1.0 200 OK\r\nContent-Length: \(content.count)\r\n\r\n"
      try (Data(head.utf8) + Data(redirects[name] == nil ? content : [])).write(to: revision.appending(path: name))
    }
    certificate = folder.appending(path: "cert.pem").path
    let request = Self.process(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2"
        + " -subj /CN=speechbus-test -addext subjectAltName=IP:127.0.0.1", in: folder)
    try request.run()
    request.waitUntilExit()
    server = Self.process("s_server -accept 127.0.0.1:0 -cert cert.pem -key key.pem -HTTP", in: folder)
    let output = Pipe()
    server.standardOutput = output
    try server.run()
    // It names its port: "ACCEPT 127.0.0.1:12345".
    var text = ""
    while !text.hasSuffix("\n") || !text.contains("ACCEPT ") {
      let bytes = output.fileHandleForReading.availableData
      if bytes.isEmpty { break }
      text += String(decoding: bytes, as: UTF8.self)
    }
    address = "https://127.0.0.1:" + (text.split(separator: ":").last.map { $0.filter(\.isNumber) } ?? "0")
  }

  deinit {
    server.terminate()
    try? FileManager.default.removeItem(at: folder)
  }

  private static func process(_ arguments: String, in folder: URL) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }
}
