import CText
import Synchronization

/// Letters of any script in plain Latin ones: `привет` becomes `privet`.
enum Transliteration {
  /// ICU's transliterator is not safe for concurrent use.
  private static let transliterator = Mutex(Transliterator())

  static func latin(_ text: some Sequence<Unicode.Scalar>) -> Scalars {
    transliterator.withLock { $0.apply(String(text)) }
  }
}

private struct Transliterator: ~Copyable, @unchecked Sendable {
  /// ICU grows a text by a few letters for each one; a longer result is refused.
  private static let growth = 16
  private let handle: OpaquePointer?

  init() {
    let name = Array("Any-Latin; Latin-ASCII".utf16)
    handle = icu_transliterator_open(name, Int32(name.count))
  }

  /// The text itself where ICU fails.
  func apply(_ text: String) -> Scalars {
    let units = Array(text.utf16)
    guard let handle, let length = Int32(exactly: units.count),
      let capacity = Int32(exactly: (units.count + 1) * Self.growth)
    else { return Scalars(text) }
    var buffer = units + Array(repeating: 0, count: Int(capacity) - units.count)
    let end = icu_transliterate(handle, &buffer, length, capacity)
    return end > 0 ? Scalars(String(decoding: buffer[..<Int(end)], as: UTF16.self)) : Scalars(text)
  }
}
