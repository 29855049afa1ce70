/// A string of a JSON document, still in it. The scanner has checked its escapes and that it is UTF-8.
public struct JSONText {
  /// Of the opening quote.
  public let position: Int
  /// As written, without the quotes: at least as long as what they mean.
  let bytes: UnsafeRawBufferPointer
  let hasEscapes: Bool

  /// At most this many bytes of UTF-8.
  public var byteCount: Int { bytes.count }

  /// Appends the UTF-8 of what the string means.
  public func append(to target: inout [UInt8]) {
    guard hasEscapes else {
      target.append(contentsOf: bytes)
      return
    }
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\\"), let scalar = Self.escaped(bytes, &position) {
        target.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      } else {
        target.append(bytes[position])
        position += 1
      }
    }
  }

  public var string: String {
    guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The same scalars, not merely equivalent ones.
  public static func == (text: JSONText, other: String) -> Bool { text.isEqual(to: other.utf8) }

  /// Whether the string means exactly these bytes of UTF-8.
  public func isEqual(to utf8: some Collection<UInt8>) -> Bool {
    guard hasEscapes else { return bytes.elementsEqual(utf8) }
    guard bytes.count <= 6 * utf8.count else { return false }
    var meant: [UInt8] = []
    append(to: &meant)
    return meant.elementsEqual(utf8)
  }

  /// The scalar that is the whole string; nil when there are none or several.
  public var singleScalar: Unicode.Scalar? {
    // Two units escaped are the longest way to write one.
    guard !bytes.isEmpty, bytes.count <= 12 else { return nil }
    let scalars = string.unicodeScalars
    guard let first = scalars.first, scalars.dropFirst().isEmpty else { return nil }
    return first
  }

  /// As written, shortened for an error.
  public var excerpt: String { String(decoding: bytes.prefix(64), as: UTF8.self) }

  var isUTF8: Bool {
    var (decoder, iterator) = (UTF8(), bytes.makeIterator())
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue: continue
      case .emptyInput: return true
      case .error: return false
      }
    }
  }

  // MARK: - Escapes

  /// The scalar of the escape at `position`, which is moved behind it; nil when it is none.
  static func escaped(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Unicode.Scalar? {
    guard position + 1 < bytes.count else { return nil }
    let letter = bytes[position + 1]
    position += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: return nil
    }
    guard let unit = unit(bytes, &position) else { return nil }
    guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
    guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    position += 2
    guard let low = Self.unit(bytes, &position), (0xDC00..<0xE000).contains(low) else { return nil }
    return Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
  }

  private static func unit(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    var unit: UInt32 = 0
    for byte in bytes[position..<(position + 4)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    position += 4
    return unit
  }
}
