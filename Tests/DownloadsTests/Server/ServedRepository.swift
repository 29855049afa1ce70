import Foundation
import SpeechCore

/// What a test server holds, and how it answers without faults. A value.
struct ServedRepository: Sendable {
  var repositoryID = "coqui/XTTS-v2"
  var commit = String(repeating: "ab12", count: 10)
  var files: [String: [UInt8]] = [:]
  /// Names of files that are stored on the content network, with a SHA-256; git's digest stands for the others.
  var linked: Set<String> = []
  /// Names of files that the list gives no digest of.
  var undigested: Set<String> = []
  /// Base address of the content network.
  var contentAddress = ""
  /// An earlier name of the repository, which redirects.
  var formerRepositoryID: String?
  /// The token that must be sent, where one must.
  var requiredToken: String?

  func reply(to request: HubServer.Request, file: String, fault: HubFault?) -> HubReply {
    let path = request.path
    if let formerRepositoryID, path.hasPrefix("/\(formerRepositoryID)/") {
      return .redirect(307, to: path.replacingOccurrences(of: formerRepositoryID, with: repositoryID))
    }
    let isContentNetwork = path.hasPrefix("/blobs/")
    let isListing = path.hasPrefix("/api/models/\(repositoryID)/revision/") && path.hasSuffix("?blobs=true")
    guard isContentNetwork || isListing || path.hasPrefix("/\(repositoryID)/resolve/") else {
      return HubReply(status: 404, headers: [("X-Error-Code", "RepoNotFound")], announcedByteCount: 0)
    }
    if !isContentNetwork, let requiredToken, request.authorization != "Bearer \(requiredToken)" {
      return HubReply(status: 401, headers: [("X-Error-Code", "GatedRepo")], announcedByteCount: 0)
    }
    if isListing { return contentReply(listing, request, fault) }
    guard let content = files[file] else { return .notFound }
    if !isContentNetwork, linked.contains(file), fault?.isAboutHub != true {
      return .redirect(302, to: "\(contentAddress)/blobs/\(file)?signature=secret")
    }
    return contentReply(content, request, fault)
  }

  /// The hub's file list, as `GET /api/models/REPO/revision/REVISION?blobs=true` gives it.
  private var listing: [UInt8] {
    let entries = files.sorted { $0.key < $1.key }.map { name, content in
      let size = #""rfilename": "\#(name)", "size": \#(content.count)"#
      if linked.contains(name) {
        let sha256 = SHA256.hash(data: content).hexadecimal
        return
          #"{\#(size), "blobId": "0", "lfs": {"sha256": "\#(sha256)", "size": \#(content.count), "pointerSize": 134}}"#
      }
      return undigested.contains(name)
        ? "{\(size)}" : #"{\#(size), "blobId": "\#(Self.gitBlobDigest(content))"}"#
    }
    return Array(
      #"{"id": "\#(repositoryID)", "sha": "\#(commit)", "siblings": [\#(entries.joined(separator: ", "))]}"#.utf8)
  }

  static func gitBlobDigest(_ content: [UInt8]) -> String {
    var hash = RunningHash(.sha1)
    hash.update(data: Array("blob \(content.count)\0".utf8) + content)
    return hash.finalize().hexadecimal
  }

  private func contentReply(
    _ content: [UInt8], _ request: HubServer.Request, _ fault: HubFault?
  ) -> HubReply {
    var reply = HubReply(body: content)
    if let range = request.range, let first = Int(range.dropFirst(6).dropLast()) {
      guard first < content.count else {
        return HubReply(
          status: 416, headers: [("Content-Range", "bytes */\(content.count)")], announcedByteCount: 0)
      }
      if case .ignoredRange? = fault?.inner {
      } else {
        reply.status = 206
        reply.body = Array(content[first...])
        var shown = first
        if case .wrongRange? = fault?.inner { shown = 0 }
        reply.headers.append(("Content-Range", "bytes \(shown)-\(content.count - 1)/\(content.count)"))
      }
    }
    reply.announcedByteCount = reply.body.count
    fault?.inner.apply(to: &reply, path: request.path)
    return reply
  }
}

extension HubFault {
  /// Whether it replaces the redirect of a linked file, and not what the content network sends.
  fileprivate var isAboutHub: Bool {
    switch inner {
    case .status(let status, _): status == 429 || status == 503 || status == 401
    case .redirect, .endlessRedirect: true
    default: false
    }
  }

  fileprivate func apply(to reply: inout HubReply, path: String) {
    switch self {
    case .drop(let fraction):
      reply.body = Array(reply.body.prefix(Int(Double(reply.body.count) * fraction)))
      reply.ending = .close
    case .status(let status, let headers):
      reply = HubReply(status: status, headers: headers.map { ($0.key, $0.value) }, announcedByteCount: 0)
    case .announcedLength(let difference):
      reply.body = Self.resized(reply.body, by: difference)
      reply.announcedByteCount = reply.body.count
    case .unannouncedLength(let difference):
      reply.body = Self.resized(reply.body, by: difference)
      reply.announcedByteCount = nil
    case .wrongBytes:
      if !reply.body.isEmpty { reply.body[reply.body.count / 2] ^= 0xFF }
    case .webPage(let contentType):
      reply.body = Array("\n<!DOCTYPE html><html><body>Sign in to this network</body></html>".utf8)
      reply.announcedByteCount = contentType == nil ? nil : reply.body.count
      if let contentType { reply.headers.append(("Content-Type", contentType)) }
    case .redirect(let location): reply = .redirect(302, to: location)
    case .endlessRedirect:
      let parts = path.split(separator: "?")
      let count = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      reply = .redirect(302, to: "\(parts[0])?\(count + 1)")
    case .stall(let count):
      reply.body = Array(reply.body.prefix(count))
      reply.ending = .stall
    case .trickle(let count):
      reply.trickle = Array(reply.body.dropFirst(count))
      reply.body = Array(reply.body.prefix(count))
      reply.ending = .trickle
    case .ignoredRange, .wrongRange: break
    case .always(let fault): fault.apply(to: &reply, path: path)
    }
  }

  private static func resized(_ body: [UInt8], by difference: Int) -> [UInt8] {
    difference < 0 ? Array(body.dropLast(-difference)) : body + [UInt8](repeating: 7, count: difference)
  }
}
