import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real server on the loopback that speaks the hub's protocol, with faults switched on one by one. A second one plays
/// the content network.
final class HubServer: Sendable {
  struct Request: Sendable, Equatable {
    let method: String
    let path: String
    let range: String?
    let authorization: String?
  }

  private struct State {
    var repository: ServedRepository
    var faults: [String: [HubFault]] = [:]
    var requests: [Request] = []
  }

  private let state: Mutex<State>
  private let channel: any Channel
  let port: Int

  var address: String { "http://127.0.0.1:\(port)" }

  static func start(_ repository: ServedRepository) async throws -> HubServer {
    let pending = Mutex<HubServer?>(nil)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(
            HubConnection { request in pending.withLock { $0 }?.reply(to: request) ?? .notFound })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = HubServer(repository, channel: channel, port: channel.localAddress?.port ?? 0)
    pending.withLock { $0 = server }
    return server
  }

  private init(_ repository: ServedRepository, channel: any Channel, port: Int) {
    state = Mutex(State(repository: repository))
    self.channel = channel
    self.port = port
  }

  func stop() async {
    try? await channel.close()
  }

  /// The next requests for the file meet these faults, one each. The file list goes by its revision's name.
  func inject(_ faults: [HubFault], into file: String) {
    state.withLock { $0.faults[file, default: []] += faults }
  }

  func change(_ change: (inout ServedRepository) -> Void) {
    state.withLock { change(&$0.repository) }
  }

  var requests: [Request] { state.withLock { $0.requests } }

  func gets(_ file: String) -> [Request] {
    requests.filter { $0.method == "GET" && $0.path.split(separator: "?")[0].hasSuffix("/\(file)") }
  }

  private func reply(to request: Request) -> HubReply {
    state.withLock { state in
      state.requests.append(request)
      let path = request.path.split(separator: "?")[0]
      let file = String(path.split(separator: "/").last ?? "")
      var fault: HubFault?
      if let faults = state.faults[file], let first = faults.first {
        fault = first
        if !first.isPermanent { state.faults[file] = Array(faults.dropFirst()) }
      }
      return state.repository.reply(to: request, file: file, fault: fault)
    }
  }
}
