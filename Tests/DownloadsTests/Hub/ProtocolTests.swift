import Foundation
import Testing

@testable import Downloads

/// The interpretation of headers and status codes.
@Suite struct ProtocolTests {
  private let sha256 = String(repeating: "ab", count: 32)
  private let gitDigest = String(repeating: "cd", count: 20)

  @Test func contentRangesAreReadStrictly() {
    #expect(ContentRange("bytes 5-9/10")?.first == 5)
    #expect(ContentRange("bytes 5-9/*")?.total == nil)
    #expect(ContentRange("bytes 5-9/*") != nil)
    for text in ["bytes */10", "bytes 9-5/10", "bytes 5-10/10", "5-9/10", "bytes 5-9", "bytes a-b/c", "bytes 5-9/x"] {
      #expect(ContentRange(text) == nil)
    }
  }

  @Test func messagesLeaveSignaturesOut() {
    #expect("https://cdn.example/f?signature=secret#x".shownAddress == "https://cdn.example/f")
    #expect("https://user:secret@cdn.example/f".shownAddress == "https://cdn.example/f")
  }

  @Test func theHubIsKnownByItsAddress() throws {
    let endpoint = try HubEndpoint("https://hub.example/mirror/")
    #expect(endpoint.serves("https://HUB.example/mirror/a/resolve/main/f"))
    for other in ["https://hub.example.evil/mirror/f", "http://hub.example/mirror/f", "https://cdn.example/mirror/f"] {
      #expect(!endpoint.serves(other))
    }
    #expect(endpoint.redirectSchemes == "https")
    #expect(!endpoint.isOnThisMachine)
    #expect(try HubEndpoint("http://[::1]:80").isOnThisMachine && HubEndpoint("http://localhost/x").isOnThisMachine)
    #expect(try HubEndpoint("http://127.0.0.1:1").redirectSchemes == "http,https")
  }

  private func head(_ status: Int, _ headers: [String: String] = [:], retryAfter: Duration? = nil) -> HTTPClient.Head {
    .init(status: status, headers: headers, url: "https://hub.example/f", retryAfter: retryAfter)
  }

  private func verdict(_ head: HTTPClient.Head, offset: Int = 0, isHub: Bool = true) -> ResponseDisposition {
    let file = RepositoryFile(name: "f", byteCount: 10, digest: .sha256(sha256), isRequired: true)
    return ResponseDisposition(head, to: file, offset: offset, isHub: isHub)
  }

  @Test func contentGoesWhereItBelongs() {
    #expect(verdict(head(200, ["content-length": "10"])) == .write(at: 0))
    #expect(verdict(head(200)) == .write(at: 0))
    #expect(verdict(head(200, ["content-length": "10"]), offset: 4) == .write(at: 0))
    #expect(verdict(head(206, ["content-range": "bytes 4-9/10", "content-length": "6"]), offset: 4) == .write(at: 4))
    #expect(verdict(head(206, ["content-range": "bytes 0-9/10"]), offset: 4) == .retry(.uselessPart))
    #expect(verdict(head(206), offset: 4) == .retry(.uselessPart))
    #expect(verdict(head(206, ["content-range": "bytes 0-9/10"])) == .retry(.uselessPart))
    #expect(verdict(head(416), offset: 10) == .retry(.uselessPart))
  }

  private func refusal(_ head: HTTPClient.Head, offset: Int = 0) -> DownloadError.Code? {
    guard case .refuse(let error) = verdict(head, offset: offset) else { return nil }
    return error.code
  }

  @Test func refusalsHaveTheirCodes() {
    #expect(refusal(head(200, ["content-length": "11"])) == .wrongLength)
    #expect(refusal(head(206, ["content-range": "bytes 4-9/11"]), offset: 4) == .wrongLength)
    #expect(refusal(head(200, ["content-type": "Text/HTML"])) == .notAFile)
    #expect(refusal(head(401)) == .unauthorized)
    #expect(refusal(head(403, ["x-error-code": "GatedRepo"])) == .unauthorized)
    #expect(refusal(head(404)) == .notFound)
    #expect(refusal(head(416)) == .invalidResponse)
    #expect(refusal(head(400)) == .invalidResponse)
    #expect(refusal(head(204)) == .invalidResponse)
  }

  @Test func passingFaultsAreTriedAgain() {
    #expect(verdict(head(429, retryAfter: .seconds(9))) == .retry(.status(429, retryAfter: .seconds(9))))
    for status in [408, 425, 500, 502, 503, 504] {
      #expect(verdict(head(status)) == .retry(.status(status, retryAfter: nil)))
    }
    #expect(verdict(head(403), isHub: false) == .retry(.expiredAddress(403)))
  }

  @Test(arguments: [
    ("\r\n <!DOCTYPE HTML><html>", true), ("<html lang=en>", true), ("{\"a\": \"<html>\"}", false),
    ("PK\u{3}\u{4}", false),
  ])
  func webPagesAreKnownByTheirFirstBytes(text: String, isPage: Bool) {
    #expect(Array(text.utf8).withUnsafeBytes { ResponseDisposition.isWebPage($0) } == isPage)
  }

  private func listing(_ siblings: String) throws -> HubListing {
    let json = #"{"id": "a/b", "sha": "\#(String(repeating: "1", count: 40))", "siblings": [\#(siblings)]}"#
    return try HubListing(json: Data(json.utf8), RepositoryReference(repositoryID: "a/b", revision: "main"))
  }

  @Test func fileListsAreReadStrictly() throws {
    let small = #"{"rfilename": "config.json", "size": 3, "blobId": "\#(gitDigest)"}"#
    let vocabulary = #"{"rfilename": "vocab.json", "size": 4, "blobId": "\#(gitDigest.uppercased())"}"#
    let large = #"{"rfilename": "model.pth", "size": 9, "blobId": "x", "lfs": {"sha256": "\#(sha256)", "size": 9}}"#
    let listing = try listing([small, vocabulary, large, #"{"rfilename": "README.md"}"#].joined(separator: ","))
    #expect(listing.revision == String(repeating: "1", count: 40))
    #expect(listing.files.map(\.name) == ["config.json", "vocab.json", "model.pth"])
    #expect(listing.files.map(\.digest) == [.gitBlobSHA1(gitDigest), .gitBlobSHA1(gitDigest), .sha256(sha256)])
    func code(_ siblings: String...) -> DownloadError.Code? {
      #expect(throws: DownloadError.self) { try self.listing(siblings.joined(separator: ",")) }?.code
    }
    #expect(code(small, vocabulary) == .notFound)
    #expect(code(small, vocabulary, large.replacingOccurrences(of: sha256, with: "x")) == .noDigest)
    #expect(code(small.replacingOccurrences(of: "3", with: "-3"), vocabulary, large) == .invalidResponse)
    #expect(code(small.replacingOccurrences(of: "3", with: "1099511627777"), vocabulary, large) == .invalidResponse)
    #expect(code("1") == .invalidResponse)
  }

  @Test func textFromOutsideIsTamed() {
    #expect("a\u{1B}[2Jb\nc".excerpt() == "a [2Jb c")
    #expect(String(repeating: "x", count: 500).excerpt(10) == "xxxxxxxxxx…")
  }
}
