import SpeechCore

/// Arabic and Devanagari digits, which upstream's rules do not see, as ASCII ones.
struct NativeDigits: Sendable {
  private let zeros: [UInt32]

  init?(language: Language) {
    switch language {
    case .arabic: zeros = [0x660, 0x6F0]
    case .hindi: zeros = [0x966]
    default: return nil
    }
  }

  func toASCII(_ text: Scalars) -> Scalars {
    text.map { scalar in
      // The decimal and the thousands mark of Arabic.
      if scalar == "٫" { return "." }
      if scalar == "٬" { return "," }
      guard let zero = zeros.first(where: { ($0..<($0 + 10)).contains(scalar.value) }) else { return scalar }
      return Unicode.Scalar(UInt8(0x30 + scalar.value - zero))
    }
  }
}
