/// The result of a check of a model's files.
public struct VerificationReport: Sendable, Equatable, CustomStringConvertible {
  enum Origin: String, Sendable {
    /// The files were compared with the built-in manifest, or with the caller's.
    case manifest
    /// The files were compared with the record that the pull wrote next to them.
    case record
  }

  enum Finding: Sendable, Equatable {
    case intact
    /// The file does not exist and is not required.
    case absentOptional
    case missing
    case wrongLength(found: Int)
    case wrongDigest(found: String)
    case unreadable(String)
  }

  struct File: Sendable, Equatable, CustomStringConvertible {
    let expected: RepositoryFile
    let finding: Finding

    var isIntact: Bool { finding == .intact || finding == .absentOptional }

    var description: String {
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

  let repositoryID: String
  let revision: String
  let origin: Origin
  let files: [File]

  /// Whether every file is right, or absent and not needed.
  public var isIntact: Bool { files.allSatisfy(\.isIntact) }

  /// One line per file.
  public var description: String { files.map(\.description).joined(separator: "\n") }
}
