import Foundation
import Logging
import NIOHTTP1

/// Asks the hub what a repository holds that no manifest pins: sizes and digests of the files that a model is made of.
struct AnnouncedRepository: Sendable {
  let reference: RepositoryReference
  let client: HubClient
  let configuration: HubConfiguration
  let pause: @Sendable (Duration) async throws -> Void
  let logger: Logger

  struct Listing: Sendable, Equatable {
    /// The commit that the revision stands for, or the revision where the hub doesn't tell.
    let revision: String
    let files: [WantedFile]
  }

  /// Throws `notFound` when a required file is not there, and `noDigest` when it could not be checked.
  func listing() async throws(HubError) -> Listing {
    var reference = reference
    var files: [WantedFile] = []
    func take(_ name: String, isRequired: Bool) async throws(HubError) -> Bool {
      guard let announcement = try await announcement(of: name, reference, isRequired: isRequired) else { return false }
      guard let digest = announcement.digest else {
        throw HubError(
          .noDigest,
          "\(name): the hub announces no SHA-256 or git digest for it, so it could not be checked; pin it in a manifest"
        )
      }
      guard let byteCount = announcement.byteCount else {
        throw HubError(.invalidResponse, "\(name): the hub announces no length for it, or one over the limit")
      }
      files.append(WantedFile(name: name, byteCount: byteCount, digest: digest, isRequired: isRequired))
      // All files come from one commit, even if the branch moves meanwhile.
      if let commit = announcement.commit {
        reference = try RepositoryReference(repositoryID: reference.repositoryID, revision: commit)
      }
      return true
    }
    for name in LocalModel.requiredNames { _ = try await take(name, isRequired: true) }
    var hasWeights = false
    for (index, name) in LocalModel.weightsNames.enumerated() where !hasWeights {
      // The last name that is tried brings the error.
      hasWeights = try await take(name, isRequired: index == LocalModel.weightsNames.count - 1)
    }
    for name in LocalModel.optionalNames { _ = try await take(name, isRequired: false) }
    files = files.map { file in
      WantedFile(
        name: file.name, byteCount: file.byteCount, digest: file.digest,
        isRequired: !LocalModel.optionalNames.contains(file.name))
    }
    return Listing(revision: reference.revision, files: files)
  }

  /// Nil when a file is absent that may be.
  private func announcement(
    of name: String, _ reference: RepositoryReference, isRequired: Bool
  ) async throws(HubError) -> FileAnnouncement? {
    let address = try reference.address(of: name, at: configuration.endpoint)
    var failureCount = 0
    while true {
      let failure: TransientFailure
      do throws(RequestFailure) {
        let head = try await client.send(.HEAD, address, file: name).head
        if head.status == 200 {
          guard !head.isWebPage else {
            throw .permanent(HubError(.notAFile, "\(name): \(head.shownAddress) answered with a web page"))
          }
          return head.announcement
        }
        throw ResponseVerdict.failure(head, file: name, now: Date())
      } catch {
        switch error {
        case .permanent(let error) where error.code == .notFound && !isRequired && !error.isRepositoryMissing:
          return nil
        case .permanent(let error): throw error
        case .transient(let transient): failure = transient
        }
      }
      failureCount += 1
      switch configuration.retry.decision(after: failure, failureCount: failureCount, jitter: .random(in: 0..<1)) {
      case .giveUp(let reason): throw HubError(.unavailable, "\(name): \(reason)")
      case .wait(let delay):
        logger.warning(
          "asking the hub again",
          metadata: ["file": "\(name)", "reason": "\(failure.reason)", "after": "\(delay)"])
        do {
          try await pause(delay)
        } catch {
          throw HubError(.cancelled, "\(name): the download was cancelled")
        }
      }
    }
  }
}

extension HubError {
  /// The hub's `X-Error-Code`, which ``ResponseVerdict`` quotes.
  fileprivate var isRepositoryMissing: Bool {
    message.contains("RepoNotFound") || message.contains("RevisionNotFound")
  }
}
