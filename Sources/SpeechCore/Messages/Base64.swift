import Foundation

extension Data {
  /// Decodes base64 as people paste it: with white space, without padding, in the standard or the URL alphabet.
  /// - Returns: nil for other characters, for characters after the padding, and for a length that no bytes have.
  init?(lenientBase64 text: some StringProtocol) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3 + 3)
    var (bits, count, padding): (UInt32, Int, Int) = (0, 0, 0)
    for byte in text.utf8 {
      let value = Self.base64Values[Int(byte)]
      switch value {
      case 0..<64:
        guard padding == 0 else { return nil }
        bits = bits << 6 | UInt32(value)
        count += 1
        guard count & 3 == 0 else { continue }
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits))
      case Self.base64Padding: padding += 1
      case Self.base64Space: continue
      default: return nil
      }
    }
    switch count & 3 {
    case 1: return nil
    case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 3: bytes += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    default: break
    }
    guard padding <= 2 else { return nil }
    self.init(bytes)
  }

  private static let base64Padding: UInt8 = 64
  private static let base64Space: UInt8 = 65

  /// The six bits of each character, or its role; 255 for a character that base64 does not have.
  private static let base64Values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
    for byte in "+-".utf8 { values[Int(byte)] = 62 }
    for byte in "/_".utf8 { values[Int(byte)] = 63 }
    for byte in " \t\r\n".utf8 { values[Int(byte)] = base64Space }
    values[Int(UInt8(ascii: "="))] = base64Padding
    return values
  }()
}
