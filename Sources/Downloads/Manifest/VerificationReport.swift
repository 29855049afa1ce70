/// What a check of a model's files found.
public struct VerificationReport: Sendable, Equatable, CustomStringConvertible {
  public enum Origin: String, Sendable {
    /// The files were compared with the manifest that is built in, or one that was given.
    case manifest
    /// The files were compared with the record that the pull left beside them.
    case record
  }

  public enum Finding: Sendable, Equatable {
    case intact
    /// Not there, and not needed.
    case absentOptional
    case missing
    case wrongLength(found: Int)
    case wrongDigest(found: String)
    case unreadable(String)
  }

  public struct File: Sendable, Equatable, CustomStringConvertible {
    public let expected: RepositoryFile
    public let finding: Finding

    public var isIntact: Bool { finding == .intact || finding == .absentOptional }

    public var description: String {
      let reason =
        switch finding {
        case .intact: "ok"
        case .absentOptional: "absent, not needed"
        case .missing: "missing"
        case .wrongLength(let found): "has \(found) bytes; it must have \(expected.byteCount)"
        case .wrongDigest(let found): "has SHA-256 \(found); it must be \(expected.digest.hexadecimal)"
        case .unreadable(let reason): reason
        }
      return "\(expected.name): \(reason)"
    }
  }

  public let repositoryID: String
  public let revision: String
  public let origin: Origin
  public let files: [File]

  public var isIntact: Bool { files.allSatisfy(\.isIntact) }

  /// One line a file.
  public var description: String { files.map(\.description).joined(separator: "\n") }
}
