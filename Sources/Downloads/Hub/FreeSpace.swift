import Foundation

/// Checks that the remaining bytes fit on the disk.
enum FreeSpace {
  /// The space that stays free after the download: 64 MiB.
  static let marginByteCount = 64 << 20

  /// The bytes that are available to this user on the file system of `directory`; nil when the system does not report
  /// it.
  static func available(_ directory: String) -> Int? {
    var status = statvfs()
    guard statvfs(directory, &status) == 0 else { return nil }
    let (product, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? .max : Int(clamping: product)
  }

  /// Throws `noSpace` with both amounts. An unknown `available` passes.
  static func check(remaining: Int, available: Int?, directory: String) throws(DownloadError) {
    guard let available, remaining > 0, remaining + marginByteCount > available else { return }
    throw DownloadError(
      .noSpace,
      "\(directory): \(ByteAmount.text(remaining)) are still to come and \(ByteAmount.text(marginByteCount)) must stay "
        + "free, but only \(ByteAmount.text(available)) are; make room or choose another folder")
  }
}
