import Foundation

/// The largest age, size and number of stored clips. Pure.
public struct ClipBounds: Sendable, Equatable {
  /// Seconds; nil keeps clips of any age.
  public var maximumAge: TimeInterval?
  /// The clips together may have this size; nil sets no bound.
  public var maximumBytes: Int?

  public init(maximumAge: TimeInterval? = nil, maximumBytes: Int? = nil) {
    self.maximumAge = maximumAge
    self.maximumBytes = maximumBytes
  }

  /// A file as its folder lists it.
  public struct File: Sendable, Equatable {
    /// The file name, without its folder.
    public var name: String
    /// The age counts from here.
    public var modifiedAt: Date
    /// The size of the file.
    public var byteCount: Int

    public init(name: String, modifiedAt: Date, byteCount: Int) {
      self.name = name
      self.modifiedAt = modifiedAt
      self.byteCount = byteCount
    }
  }

  /// The files that have to go: those too old, then the oldest of the rest until the bytes fit.
  public func surplus(of files: [File], now: Date) -> [File] {
    let oldestFirst = files.sorted { ($0.modifiedAt, $0.name) < ($1.modifiedAt, $1.name) }
    let expired = oldestFirst.prefix { file in
      maximumAge.map { now.timeIntervalSince(file.modifiedAt) > $0 } ?? false
    }
    var surplus = Array(expired)
    let rest = oldestFirst.dropFirst(expired.count)
    guard let maximumBytes else { return surplus }
    var total = rest.reduce(0) { $0 + $1.byteCount }
    for file in rest {
      guard total > maximumBytes else { break }
      surplus.append(file)
      total -= file.byteCount
    }
    return surplus
  }
}
