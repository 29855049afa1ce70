import Foundation
import Logging
import SpeechCore

/// Brings a model from Hugging Face's hub, or a server that speaks its protocol, into a folder: one file after the other,
/// continued where an earlier pull ended, checked against digests, and under its final names only when right.
public struct ModelHub: Sendable {
  let configuration: HubConfiguration
  let logger: Logger
  /// Waits before another attempt in place of sleeping; for tests.
  var pause: (@Sendable (Duration) -> Void)?
  /// Bytes available to a folder.
  var availableByteCount: @Sendable (String) -> Int? = FreeSpace.available
  /// Between two reports of progress.
  var progressInterval: Duration = .milliseconds(100)

  public init(configuration: HubConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// What a pull did.
  public struct Outcome: Sendable, Equatable {
    public let repositoryID: String
    public let revision: String
    /// Names of the files that were fetched; empty when everything was there, and then nothing was asked of the network.
    public var fetched: [String] { sha256.keys.sorted() }
    /// Of the files that were fetched, by name, as computed while they came.
    public var sha256: [String: String] = [:]
  }

  /// Makes the model in `directory` complete. It touches no network when it is, and never asks the user anything.
  /// Throws ``DownloadError``; what can be continued is kept for the next pull.
  @discardableResult
  public func pull(
    into directory: String, progress: @escaping ProgressHandler = { _ in }
  ) async throws(DownloadError) -> Outcome {
    try await DedicatedThread.run("download") { cancellation throws(DownloadError) in
      let meter = ProgressMeter(interval: progressInterval, progress)
      return try Pull(self, into: directory, cancellation, meter).run()
    }
  }
}
