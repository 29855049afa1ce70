/// Why a model can't be fetched or checked. The message names the file and the reason.
public struct HubError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// A setting has a value that is not allowed.
    case invalidSetting
    /// A manifest, or the record beside a model, can't be used.
    case invalidManifest
    /// The model's licence has not been agreed to.
    case licenceNotAgreed
    /// Files lack and the network is switched off.
    case offline
    /// The hub has no such repository, revision or file.
    case notFound
    /// The hub wants a token, or another one.
    case unauthorized
    /// The hub could not be reached, or kept failing, until patience ended.
    case unavailable
    /// The hub answered with something that is not its protocol.
    case invalidResponse
    /// A redirect that is not followed.
    case refusedRedirect
    /// The server's certificate or TLS is not acceptable.
    case tlsFailure
    /// A web page came where a file was expected.
    case notAFile
    /// The file has another length than it must have.
    case wrongLength
    /// The file has another digest than it must have.
    case wrongDigest
    /// The hub announces nothing that the file could be checked against.
    case noDigest
    /// The file system has too little space.
    case noSpace
    /// A file or folder can't be written.
    case unwritable
    /// A file or folder can't be read.
    case unreadable
    /// Another model's file is in the way.
    case differentFile
    /// Another process holds the folder.
    case locked
    /// The task was cancelled.
    case cancelled
  }

  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}

extension String {
  /// At most `limit` characters without control characters: text from outside, fit for a message.
  func excerpt(_ limit: Int = 200) -> String {
    let clean = String(
      prefix(limit + 1).map { character in
        character.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : character
      })
    return clean.count > limit ? String(clean.prefix(limit)) + "…" : clean
  }
}
