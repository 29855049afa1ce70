import Foundation
import Logging
import SpeechCore

/// Fetches one file. Each attempt continues after the bytes of the previous one, until the file is complete and correct
/// or the retry limit is reached.
struct FileDownload {
  let file: RepositoryFile
  let address: String
  let directory: String
  let session: HubSession
  let meter: ProgressMeter

  /// Fetches the file and gives it its final name. On failure the final name does not exist, and the unfinished file is
  /// kept if a later run can continue it.
  func run() throws(DownloadError) {
    let part = try PartFile(file, in: directory)
    try part.resume(session.cancellation) { meter.set(file.name, byteCount: $0) }
    if part.byteCount > 0 {
      session.logger.info(
        "continuing a download", metadata: ["file": "\(file.name)", "bytes": .stringConvertible(part.byteCount)])
    }
    do throws(DownloadError) {
      try complete(part, isResumed: part.byteCount > 0)
    } catch {
      // An empty or wrong part is useless to the next run.
      if part.byteCount == 0 || [.wrongDigest, .wrongLength, .notAFile].contains(error.code) { part.delete() }
      throw error
    }
  }

  private func complete(_ part: PartFile, isResumed: Bool) throws(DownloadError) {
    while part.byteCount < file.byteCount {
      try session.retrying(file.name, byteCount: { part.byteCount }) { try attempt(part) }
    }
    let found = part.digest
    guard found == file.digest else {
      guard isResumed else {
        throw DownloadError(
          .wrongDigest, "\(file.name): the downloaded file has \(found); it must be \(file.digest); it was deleted")
      }
      // The part may have been damaged before this run, so the digest can only be judged after a download from the
      // start.
      session.logger.warning("the part on disk was wrong; starting over", metadata: ["file": "\(file.name)"])
      try restart(part)
      return try complete(part, isResumed: false)
    }
    try part.publish()
    meter.complete(file.name)
  }

  private func attempt(_ part: PartFile) throws {
    let offset = part.byteCount
    try session.get(address, name: file.name, from: offset) { head, isHub in
      switch ResponseDisposition(head, to: file, offset: offset, isHub: isHub) {
      case .refuse(let error): throw error
      case .retry(let failure):
        if failure == .uselessPart { try restart(part) }
        throw failure
      case .write(let offset):
        if offset == 0 { try restart(part) }
      }
    } onBody: { bytes in
      guard part.byteCount + bytes.count <= file.byteCount else {
        throw DownloadError(.wrongLength, "\(file.name): the server sent more than \(file.byteCount) bytes")
      }
      if part.byteCount == 0, ResponseDisposition.isWebPage(bytes) {
        throw DownloadError(.notAFile, "\(file.name): a web page came instead; is there a login page between?")
      }
      try part.append(bytes)
      meter.set(file.name, byteCount: part.byteCount)
    }
    guard part.byteCount == file.byteCount else {
      throw TransientFailure.truncated(received: part.byteCount, expected: file.byteCount)
    }
  }

  private func restart(_ part: PartFile) throws(DownloadError) {
    try part.restart()
    meter.set(file.name, byteCount: 0)
  }
}
