import Crypto
import Foundation
import SpeechCore

/// What a test server holds, and how it answers without faults. A value.
struct ServedRepository: Sendable {
  var repositoryID = "coqui/XTTS-v2"
  var commit = String(repeating: "ab12", count: 10)
  var files: [String: [UInt8]] = [:]
  /// Names of files that are stored on the content network, with a SHA-256; git's digest stands for the others.
  var linked: Set<String> = []
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
    guard isContentNetwork || path.hasPrefix("/\(repositoryID)/resolve/") else {
      return HubReply(status: 404, headers: [("X-Error-Code", "RepoNotFound")], announcedByteCount: 0)
    }
    if !isContentNetwork, let requiredToken, request.authorization != "Bearer \(requiredToken)" {
      return HubReply(status: 401, headers: [("X-Error-Code", "GatedRepo")], announcedByteCount: 0)
    }
    guard let content = files[file] else { return .notFound }
    let headers = isContentNetwork ? [] : announcement(file, content, fault)
    if !isContentNetwork, linked.contains(file), fault?.isAboutHub != true {
      return .redirect(302, to: "\(contentAddress)/blobs/\(file)?signature=secret", headers)
    }
    return contentReply(content, request, headers, fault)
  }

  private func announcement(_ file: String, _ content: [UInt8], _ fault: HubFault?) -> [(String, String)] {
    var headers = [("X-Repo-Commit", commit)]
    if case .noDigest? = fault?.inner { return headers }
    if linked.contains(file) {
      headers.append(("X-Linked-ETag", "\"\(SHA256.hash(data: content).hexadecimal)\""))
      headers.append(("X-Linked-Size", "\(content.count)"))
    } else {
      headers.append(("ETag", "\"\(Self.gitBlobDigest(content))\""))
    }
    return headers
  }

  static func gitBlobDigest(_ content: [UInt8]) -> String {
    Insecure.SHA1.hash(data: Array("blob \(content.count)\0".utf8) + content).hexadecimal
  }

  private func contentReply(
    _ content: [UInt8], _ request: HubServer.Request, _ headers: [(String, String)], _ fault: HubFault?
  ) -> HubReply {
    var reply = HubReply(headers: headers, body: content)
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
    case .ignoredRange, .wrongRange, .noDigest: break
    case .always(let fault): fault.apply(to: &reply, path: path)
    }
  }

  private static func resized(_ body: [UInt8], by difference: Int) -> [UInt8] {
    difference < 0 ? Array(body.dropLast(-difference)) : body + [UInt8](repeating: 7, count: difference)
  }
}
