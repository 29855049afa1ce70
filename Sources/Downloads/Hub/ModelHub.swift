import Foundation
import Logging
import SpeechCore

/// Pulls a model from Hugging Face's hub, or from a server with the same protocol, into a folder. It fetches one file
/// after the other, continues where an earlier pull ended, and checks digests. A file gets its final name only when it
/// is correct.
public struct ModelHub: Sendable {
  let configuration: HubConfiguration
  let logger: Logger
  /// Replaces the sleep before the next attempt, for tests.
  var pause: (@Sendable (Duration) -> Void)?
  /// The number of bytes available to a folder; nil when unknown.
  var availableByteCount: @Sendable (String) -> Int? = FreeSpace.available
  /// The time between two progress reports.
  var progressInterval: Duration = .milliseconds(100)

  public init(configuration: HubConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// The result of a pull.
  public struct Outcome: Sendable, Equatable {
    /// `owner/name`.
    public let repositoryID: String
    /// The commit if it is known, else the requested revision.
    public let revision: String
    /// Names of the fetched files. Empty when the model was complete; in that case no network request was made.
    public var fetched: [String] { sha256.keys.sorted() }
    /// The SHA-256 of the fetched files, by name, computed during the download.
    public var sha256: [String: String] = [:]
  }

  /// Makes the model in `directory` complete. It uses no network when the model is complete, and never prompts the
  /// user. Throws ``DownloadError``; after an error, unfinished files that can be continued stay for the next pull.
  @discardableResult
  public func pull(
    into directory: String, progress: @escaping ProgressHandler = { _ in }
  ) async throws(DownloadError) -> Outcome {
    try await DedicatedThread.run("model-pull") { cancellation throws(DownloadError) in
      let meter = ProgressMeter(interval: progressInterval, progress)
      return try Pull(self, into: directory, cancellation, meter).run()
    }
  }
}
