import Foundation
import Logging
import NIOCore

/// Fetches one file: attempts, each continuing where the last one ended, until it is whole and right or given up.
struct FileDownload: Sendable {
  /// Bytes gathered before they are written.
  private static let pieceByteCount = 1 << 20

  let file: WantedFile
  let address: URL
  let directory: String
  let client: HubClient
  let configuration: HubConfiguration
  let pause: @Sendable (Duration) async throws -> Void
  let meter: ProgressMeter
  let logger: Logger

  /// Returns the SHA-256. On failure the part stays if it can be continued, and nothing has the final name.
  func run() async throws(HubError) -> String {
    let part = try await BlockingWork.run { [file, directory] _ throws(HubError) in
      try PartFile(file, in: directory)
    }
    let resumed = try await BlockingWork.run { [meter, file] isCancelled throws(HubError) in
      try part.resume(isCancelled: isCancelled) { meter.set(file.name, byteCount: $0) }
    }
    if resumed > 0 { logger.info("continuing a download", metadata: ["file": "\(file.name)", "bytes": "\(resumed)"]) }
    do {
      return try await complete(part, isResumed: resumed > 0)
    } catch {
      // What is empty or wrong is no use to the next run.
      if part.byteCount == 0 || [.wrongDigest, .wrongLength, .notAFile].contains(error.code) { part.delete() }
      throw error
    }
  }

  private func complete(_ part: PartFile, isResumed: Bool) async throws(HubError) -> String {
    try await receiveAll(part)
    let outcome = part.outcome
    if !outcome.matches {
      guard isResumed else {
        throw HubError(
          .wrongDigest, "\(file.name): what came has \(outcome.found); it must be \(file.digest); it was deleted")
      }
      // The part may have been damaged before this run; only a download from the start tells.
      logger.warning("the part on disk was wrong; starting over", metadata: ["file": "\(file.name)"])
      try await BlockingWork.run { _ throws(HubError) in try part.restart() }
      meter.set(file.name, byteCount: 0)
      return try await complete(part, isResumed: false)
    }
    try await BlockingWork.run { _ throws(HubError) in try part.publish() }
    meter.complete(file.name)
    return outcome.sha256
  }

  /// Attempts until the part has all its bytes.
  private func receiveAll(_ part: PartFile) async throws(HubError) {
    var failureCount = 0
    while part.byteCount < file.byteCount {
      let start = part.byteCount
      let failure: TransientFailure
      do throws(RequestFailure) {
        try await attempt(part)
        continue
      } catch {
        switch error {
        case .permanent(let error): throw error
        case .transient(let transient): failure = transient
        }
      }
      failureCount = part.byteCount - start >= configuration.retry.progressByteCount ? 1 : failureCount + 1
      let decision = configuration.retry.decision(
        after: failure, failureCount: failureCount, jitter: .random(in: 0..<1))
      guard case .wait(let delay) = decision else {
        guard case .giveUp(let reason) = decision else { continue }
        let kept = part.byteCount > 0 ? "; \(part.byteCount) bytes are kept, so run it again to continue" : ""
        throw HubError(.unavailable, "\(file.name): \(reason)\(kept)")
      }
      logger.warning(
        "trying a download again",
        metadata: ["file": "\(file.name)", "reason": "\(failure.reason)", "after": "\(delay)"])
      do {
        try await pause(delay)
      } catch {
        throw HubError(.cancelled, "\(file.name): the download was cancelled")
      }
    }
  }

  private func attempt(_ part: PartFile) async throws(RequestFailure) {
    let response = try await client.send(.GET, address, file: file.name, from: part.byteCount)
    switch ResponseVerdict(response.head, to: file, offset: part.byteCount, now: Date()) {
    case .refuse(let error): throw .permanent(error)
    case .retry(let failure):
      if failure == .uselessPart { try await restart(part) }
      throw .transient(failure)
    case .write(let offset):
      if offset == 0 { try await restart(part) }
      try await receive(response, into: part)
    }
  }

  private func receive(_ response: HubResponse, into part: PartFile) async throws(RequestFailure) {
    var pending = ByteBuffer()
    var failure: RequestFailure?
    do {
      var pace = TransferPace(configuration.timeouts.pace, start: .now)
      for try await var bytes in response.body {
        guard pace.isKept(adding: bytes.readableBytes, at: .now) else { throw RequestFailure.transient(.stalled) }
        try check(bytes, after: part.byteCount + pending.readableBytes)
        pending.writeBuffer(&bytes)
        guard pending.readableBytes >= Self.pieceByteCount else { continue }
        try await write(pending, to: part)
        pending.clear()
      }
      // A cancelled body looks like one that ended.
      try Task.checkCancellation()
    } catch let error as RequestFailure {
      failure = error
    } catch {
      failure = HubClient.failure(error, file: file.name, server: response.head.shownAddress)
    }
    // What came before a broken connection is good and need not come again.
    if pending.readableBytes > 0, failure?.keepsBytes != false { try await write(pending, to: part) }
    if let failure { throw failure }
    guard part.byteCount == file.byteCount else {
      throw .transient(.truncated(received: part.byteCount, expected: file.byteCount))
    }
  }

  private func check(_ bytes: ByteBuffer, after count: Int) throws(RequestFailure) {
    guard count + bytes.readableBytes <= file.byteCount else {
      throw .permanent(
        HubError(.wrongLength, "\(file.name): more than \(file.byteCount) bytes came, which it must have"))
    }
    if count == 0, WebPage.begins(bytes) {
      throw .permanent(
        HubError(.notAFile, "\(file.name): a web page came instead; is there a login page between?"))
    }
  }

  private func write(_ bytes: ByteBuffer, to part: PartFile) async throws(RequestFailure) {
    do {
      try await BlockingWork.run { _ throws(HubError) in try part.append(bytes) }
    } catch {
      throw .permanent(error)
    }
    meter.set(file.name, byteCount: part.byteCount)
  }

  private func restart(_ part: PartFile) async throws(RequestFailure) {
    do {
      try await BlockingWork.run { _ throws(HubError) in try part.restart() }
    } catch {
      throw .permanent(error)
    }
    meter.set(file.name, byteCount: part.byteCount)
  }
}

extension RequestFailure {
  /// Whether the bytes that came before it are worth keeping.
  fileprivate var keepsBytes: Bool {
    switch self {
    case .transient: true
    case .permanent(let error): error.code == .cancelled
    }
  }
}
