import Foundation
import SpeechCore

extension ClipDirectory {
  /// Temporary files older than this are what a crash left behind.
  private static let abandonedAfter: TimeInterval = 3_600

  /// Removes clips beyond the bounds, and what cut-off writes left. Files of other names are not touched.
  /// - Returns: the number of removed clips.
  @discardableResult
  public func removeSurplus(_ bounds: ClipBounds, now: Date = Date()) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let partial = ClipBounds(maximumAge: Self.abandonedAfter)
    let abandoned = names.filter { $0.hasSuffix(DurableFile.temporarySuffix) }.compactMap(file)
    for file in partial.surplus(of: abandoned, now: now) { _ = remove(file) }
    let clips = names.filter(Self.isClipName).compactMap(file)
    return bounds.surplus(of: clips, now: now).filter(remove).count
  }

  private func file(_ name: String) -> ClipBounds.File? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: location(name)),
      attributes[.type] as? FileAttributeType == .typeRegular, let date = attributes[.modificationDate] as? Date,
      let byteCount = attributes[.size] as? Int
    else { return nil }
    return ClipBounds.File(name: name, modifiedAt: date, byteCount: byteCount)
  }

  private func remove(_ file: ClipBounds.File) -> Bool { unlink(location(file.name)) == 0 }
}
