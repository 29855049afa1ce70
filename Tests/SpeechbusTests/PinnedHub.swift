import Foundation
import SpeechCore
import Synchronization
import TestSupport

/// Serves one pinned revision of the demo model on the loopback, and a manifest of it. It can be held in the middle of
/// the weights.
final class PinnedHub: Sendable {
  static let names = ["config.json", "vocab.json", "model.pth", "speakers_xtts.pth"]
  private static let revision = String(repeating: "0123456789", count: 4)

  private let socket: LoopbackSocket
  private let state: Mutex<State>
  private let arrivals: AsyncStream<Void>
  private let arrived: AsyncStream<Void>.Continuation
  /// Signalled once per held request.
  private let gate = DispatchSemaphore(value: 0)

  private struct State {
    var isHolding: Bool
    var requests: [String] = []
  }

  init(isHolding: Bool) throws {
    socket = try LoopbackSocket(listens: true)
    state = Mutex(State(isHolding: isHolding))
    (arrivals, arrived) = AsyncStream.makeStream()
    socket.serve { [weak self] in self?.answer($0) }
  }

  var address: String { socket.address }

  /// Settings of a process that fetches from here.
  func settings(_ folder: URL) throws -> [String: String] {
    let files = try Self.names.map { name -> String in
      let data = try Self.content(name)
      let digest = SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
      return #"{"path":"\#(name)","size":\#(data.count),"sha256":"\#(digest)","required":true}"#
    }
    let manifest = folder.appending(path: "manifest.json")
    try Data(
      (#"{"version":1,"repositories":[{"repo_id":"coqui/XTTS-v2","revision":"\#(Self.revision)","#
        + #""license":"coqui-public-model-license","files":[\#(files.joined(separator: ","))]}]}"#).utf8
    ).write(to: manifest)
    return [
      "HF_ENDPOINT": address, "SPEECHBUS_MODEL_MANIFEST": manifest.path, "COQUI_TOS_AGREED": "1",
      "XTTS_REPO_ID": "coqui/XTTS-v2",
    ]
  }

  /// The requested paths, by their last component.
  var requests: [String] { state.withLock { $0.requests } }

  /// Returns when half of the weights are sent and the rest is held.
  func isHalfway() async { for await _ in arrivals { return } }

  /// Sends the rest.
  func release() {
    state.withLock { $0.isHolding = false }
    gate.signal()
  }

  static func content(_ name: String) throws -> Data {
    try Data(contentsOf: ServiceProcess.modelDirectory.appending(path: name))
  }

  private func answer(_ connection: Int32) {
    while let path = Self.request(connection) {
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      state.withLock { $0.requests.append(name) }
      guard Self.names.contains(name), path.contains("/resolve/\(Self.revision)/"), let data = try? Self.content(name)
      else {
        Self.send(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8)[...], connection)
        continue
      }
      Self.send(Array("HTTP/1.1 200 OK\r\nContent-Length: \(data.count)\r\n\r\n".utf8)[...], connection)
      let bytes = [UInt8](data)
      guard name == "model.pth", state.withLock(\.isHolding) else {
        Self.send(bytes[...], connection)
        continue
      }
      Self.send(bytes[..<(bytes.count / 2)], connection)
      arrived.yield()
      gate.wait()
      Self.send(bytes[(bytes.count / 2)...], connection)
    }
  }

  /// The path of the next request; nil when there is none.
  private static func request(_ connection: Int32) -> String? {
    var request: [UInt8] = []
    var byte: UInt8 = 0
    while !request.suffix(4).elementsEqual([13, 10, 13, 10]) {
      guard recv(connection, &byte, 1, 0) == 1 else { return nil }
      request.append(byte)
    }
    let line = String(decoding: request, as: UTF8.self).split(separator: " ")
    return line.count > 1 ? String(line[1]) : nil
  }

  private static func send(_ bytes: ArraySlice<UInt8>, _ connection: Int32) {
    var rest = bytes
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }
}
