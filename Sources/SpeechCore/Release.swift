import CRelease

/// This release, as the program, OpenAPI and AsyncAPI name it.
public enum Release {
  public static let version = "0.1.0"
  /// The commit of the build; nil unless `SPEECHBUS_COMMIT` was set for it.
  public static let commit: String? = {
    let commit = String(cString: speechbus_commit())
    return commit.isEmpty ? nil : commit
  }()
  /// For `--version`.
  public static let description = commit.map { "\(version) (\($0))" } ?? version
}
