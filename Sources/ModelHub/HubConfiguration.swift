/// What to fetch, from where, and with how much patience.
public struct HubConfiguration: Sendable {
  /// What happens to files that are already in the folder.
  public enum ExistingFiles: Sendable, Equatable {
    /// A file of another size stops the pull: it may be the user's own model.
    case keep
    /// A file of another size is replaced, once its successor is complete and checked.
    case replaceWrongSize
    /// Files are hashed first; one of another size or digest is replaced.
    case replaceWrongDigest
  }

  public var endpoint = HubEndpoint.huggingFace
  public var repositoryID = HubConfiguration.defaultRepositoryID
  /// Branch, tag or commit; nil: what the manifest pins, else `main`.
  public var revision: String?
  /// Sent to the endpoint's own scheme, host and port only.
  public var token: String?
  public var isOffline = false
  public var hasAgreedToLicence = false
  /// The pinned repositories.
  public var manifest = HubManifest.published
  public var existingFiles = ExistingFiles.replaceWrongSize
  public var retry = RetryPolicy()
  public var timeouts = Timeouts()
  /// Files fetched at the same time.
  public var parallelDownloads = 4
  /// A PEM file of certificate authorities that replaces the system's.
  public var certificateAuthorityFile: String?

  public init() {}

  public static let defaultRepositoryID = "coqui/XTTS-v2"

  public struct Timeouts: Sendable, Equatable {
    public var connect: Duration = .seconds(15)
    /// From the request to the response's headers.
    public var response: Duration = .seconds(60)
    /// Longest silence within a body.
    public var silence: Duration = .seconds(30)
    /// A body must bring `pace.byteCount` in every window of `pace.window`, or the connection counts as stalled.
    public var pace = Pace()
    /// How long to wait for another process that is pulling into the same folder.
    public var lock: Duration = .seconds(3600)

    public init() {}
  }

  /// The slowest transfer that is not given up.
  public struct Pace: Sendable, Equatable {
    public var byteCount = 16 << 10
    public var window: Duration = .seconds(30)

    public init() {}
  }
}
