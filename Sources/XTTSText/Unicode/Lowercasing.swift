extension Scalars {
  /// Full Unicode lower-casing with the final-sigma rule, as Python's `str.lower` does it.
  func lowercased() -> Scalars {
    var result = Scalars()
    result.reserveCapacity(count)
    for (position, scalar) in enumerated() {
      if scalar.isASCII {
        let isUpper = scalar.value &- 0x41 < 26
        result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar)
      } else if scalar == "\u{3A3}" {
        result.append(isFinalSigma(at: position) ? "\u{3C2}" : "\u{3C3}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  /// With the dot of Turkish: `I` becomes `ı`, `İ` becomes `i`.
  func lowercasedAsTurkish() -> Scalars {
    map { $0 == "I" ? "ı" : $0 == "İ" ? "i" : $0 }.lowercased()
  }

  /// A capital sigma after a letter and not before one; marks and the like between are skipped.
  private func isFinalSigma(at position: Int) -> Bool {
    let before = self[..<position].last { !$0.properties.isCaseIgnorable }
    guard let before, before.properties.isCased else { return false }
    let after = self[(position + 1)...].first { !$0.properties.isCaseIgnorable }
    return !(after?.properties.isCased ?? false)
  }
}
