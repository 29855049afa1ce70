import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import ModelHub

/// How headers and statuses are read.
@Suite struct ProtocolTests {
  private let sha256 = String(repeating: "ab", count: 32)
  private let gitDigest = String(repeating: "cd", count: 20)

  @Test func entityTagsAreDigestsOrNothing() {
    #expect(ContentDigest(entityTag: "\"\(sha256)\"") == .sha256(sha256))
    #expect(ContentDigest(entityTag: sha256.uppercased()) == .sha256(sha256))
    #expect(ContentDigest(entityTag: "W/\"\(gitDigest)\"") == .gitBlobSHA1(gitDigest))
    // A content network's own tags: MD5, with the number of parts.
    #expect(ContentDigest(entityTag: "\"d41d8cd98f00b204e9800998ecf8427e-12\"") == nil)
    #expect(ContentDigest(entityTag: "") == nil)
    #expect(ContentDigest(entityTag: "\"") == nil)
    #expect(ContentDigest.sha256(sha256).contradicts(.sha256(gitDigest)))
    #expect(!ContentDigest.sha256(sha256).contradicts(.gitBlobSHA1(gitDigest)))
  }

  @Test func onlyTheHubAnnouncesLinkedFiles() {
    var announcement = FileAnnouncement()
    let commit = String(repeating: "1", count: 40)
    announcement.read(
      ["X-Linked-ETag": "\"\(sha256)\"", "X-Linked-Size": "12", "X-Repo-Commit": commit], isHub: true, isLast: false)
    announcement.read(
      ["X-Linked-ETag": "\"\(gitDigest)\"", "X-Linked-Size": "13", "ETag": "\"\(gitDigest)\"", "Content-Length": "14"],
      isHub: false, isLast: true)
    #expect(announcement.digest == .sha256(sha256))
    #expect(announcement.byteCount == 12)
    #expect(announcement.commit == commit)

    var foreign = FileAnnouncement()
    foreign.read(["X-Linked-Size": "13", "X-Repo-Commit": commit], isHub: false, isLast: false)
    #expect(foreign == FileAnnouncement())
  }

  @Test func lengthsAreBounded() {
    #expect(FileAnnouncement.byteCount("1099511627776") == 1 << 40)
    #expect(FileAnnouncement.byteCount("1099511627777") == nil)
    #expect(FileAnnouncement.byteCount("-1") == nil)
    #expect(FileAnnouncement.byteCount("") == nil)
    #expect(FileAnnouncement.byteCount("99999999999999999999") == nil)
  }

  @Test func contentRangesAreReadStrictly() {
    #expect(ContentRange("bytes 5-9/10")?.first == 5)
    #expect(ContentRange("bytes 5-9/*")?.total == nil)
    #expect(ContentRange("bytes 5-9/*") != nil)
    for text in ["bytes */10", "bytes 9-5/10", "bytes 5-10/10", "5-9/10", "bytes 5-9", "bytes a-b/c", "bytes 5-9/x"] {
      #expect(ContentRange(text) == nil)
    }
  }

  @Test func redirectsCarryTheTokenToTheOriginOnly() throws {
    let endpoint = try HubEndpoint("https://hub.example")
    let start = try #require(URL(string: "https://hub.example/a/resolve/main/f"))
    var policy = RedirectPolicy(endpoint: endpoint, start: start)
    #expect(policy.isHub(start))
    let renamed = try policy.follow(from: start, location: "/b/resolve/main/f", file: "f")
    #expect(renamed.absoluteString == "https://hub.example/b/resolve/main/f")
    #expect(policy.isHub(renamed))
    let content = try policy.follow(from: renamed, location: "https://cdn.example/f?sig=1", file: "f")
    #expect(!policy.isHub(content))
    for other in [
      "https://hub.example:444/", "http://hub.example/", "https://hub.example.evil/", "https://xhub.example/",
    ] {
      #expect(!policy.isHub(try #require(URL(string: other))))
    }
    #expect(policy.isHub(try #require(URL(string: "HTTPS://HUB.example:443/x"))))
  }

  @Test(arguments: [
    "http://hub.example/f", "http://cdn.example/f", "ftp://cdn.example/f", "https://a:b@cdn.example/f",
    "https://hub.example/start", "", "//",
  ])
  func somePlacesAreNotFollowed(location: String) throws {
    let start = try #require(URL(string: "https://hub.example/start"))
    let policy = RedirectPolicy(endpoint: try HubEndpoint("https://hub.example"), start: start)
    let error = #expect(throws: HubError.self) {
      var policy = policy
      _ = try policy.follow(from: start, location: location, file: "f")
    }
    #expect(error?.code == .refusedRedirect)
  }

  @Test func aPlainHubMayRedirectToPlainText() throws {
    let start = try #require(URL(string: "http://127.0.0.1:1/start"))
    var policy = RedirectPolicy(endpoint: try HubEndpoint("http://127.0.0.1:1"), start: start)
    let next = try policy.follow(from: start, location: "http://127.0.0.1:2/f", file: "f")
    #expect(next.absoluteString == "http://127.0.0.1:2/f")
  }

  @Test func messagesLeaveSignaturesOut() throws {
    let url = try #require(URL(string: "https://cdn.example/f?signature=secret"))
    #expect(RedirectPolicy.shown(url) == "https://cdn.example:443/f")
  }

  private func head(_ status: Int, _ headers: HTTPHeaders, isHub: Bool = true) -> HubResponse.Head {
    var announcement = FileAnnouncement()
    announcement.read(headers, isHub: isHub, isLast: true)
    return .init(
      status: status, headers: headers, isHub: isHub, announcement: announcement, shownAddress: "https://hub.example/f")
  }

  private func verdict(_ head: HubResponse.Head, offset: Int = 0) -> ResponseVerdict {
    let file = WantedFile(name: "f", byteCount: 10, digest: .sha256(sha256), isRequired: true)
    return ResponseVerdict(head, to: file, offset: offset, now: Date())
  }

  @Test func contentGoesWhereItBelongs() {
    #expect(verdict(head(200, ["Content-Length": "10"])) == .write(at: 0))
    #expect(verdict(head(200, [:])) == .write(at: 0))
    #expect(verdict(head(200, ["Content-Length": "10"]), offset: 4) == .write(at: 0))
    #expect(verdict(head(206, ["Content-Range": "bytes 4-9/10", "Content-Length": "6"]), offset: 4) == .write(at: 4))
    #expect(verdict(head(206, ["Content-Range": "bytes 0-9/10"]), offset: 4) == .retry(.uselessPart))
    #expect(verdict(head(206, [:]), offset: 4) == .retry(.uselessPart))
    #expect(verdict(head(206, ["Content-Range": "bytes 0-9/10"])) == .retry(.uselessPart))
    #expect(verdict(head(416, [:]), offset: 10) == .retry(.uselessPart))
  }

  private func refusal(_ head: HubResponse.Head, offset: Int = 0) -> HubError.Code? {
    guard case .refuse(let error) = verdict(head, offset: offset) else { return nil }
    return error.code
  }

  @Test func refusalsHaveTheirCodes() {
    #expect(refusal(head(200, ["Content-Length": "11"])) == .wrongLength)
    #expect(refusal(head(206, ["Content-Range": "bytes 4-9/11"]), offset: 4) == .wrongLength)
    #expect(refusal(head(200, ["X-Linked-ETag": "\"\(String(repeating: "0", count: 64))\""])) == .wrongDigest)
    #expect(refusal(head(200, ["Content-Type": "Text/HTML"])) == .notAFile)
    #expect(refusal(head(401, [:])) == .unauthorized)
    #expect(refusal(head(403, ["X-Error-Code": "GatedRepo"])) == .unauthorized)
    #expect(refusal(head(404, [:])) == .notFound)
    #expect(refusal(head(416, [:])) == .invalidResponse)
    #expect(refusal(head(400, [:])) == .invalidResponse)
    #expect(refusal(head(204, [:])) == .invalidResponse)
  }

  @Test func passingFaultsAreTriedAgain() {
    #expect(verdict(head(429, ["Retry-After": "9"])) == .retry(.status(429, retryAfter: .seconds(9))))
    for status in [408, 425, 500, 502, 503, 504] {
      #expect(verdict(head(status, [:])) == .retry(.status(status, retryAfter: nil)))
    }
    #expect(verdict(head(403, [:], isHub: false)) == .retry(.expiredAddress(403)))
  }

  @Test func webPagesAreKnownByTheirFirstBytes() {
    #expect(WebPage.begins(ByteBuffer(string: "\r\n <!DOCTYPE HTML><html>")))
    #expect(WebPage.begins(ByteBuffer(string: "<html lang=en>")))
    #expect(!WebPage.begins(ByteBuffer(string: "{\"a\": \"<html>\"}")))
    #expect(!WebPage.begins(ByteBuffer(bytes: [0x50, 0x4B, 3, 4])))
  }

  @Test func textFromOutsideIsTamed() {
    #expect("a\u{1B}[2Jb\nc".excerpt() == "a [2Jb c")
    #expect(String(repeating: "x", count: 500).excerpt(10) == "xxxxxxxxxx…")
  }
}
