/// Character classes as Python's `re` and `str` define them, which the upstream rules are written in.
extension Unicode.Scalar {
  var isASCIIDigit: Bool { value &- 0x30 < 10 }

  /// The value of an ASCII digit; 0 for anything else.
  var digitValue: Int { isASCIIDigit ? Int(value - 0x30) : 0 }

  /// `\d`: any script's decimal digit.
  var isDecimalDigit: Bool {
    isASCII ? isASCIIDigit : properties.generalCategory == .decimalNumber
  }

  /// `\s` and `str.isspace`: unlike Unicode's White_Space it has the four information separators.
  var isPythonSpace: Bool {
    switch value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// `\w`: letters, numbers of every kind and the underscore; combining marks are not in it.
  var isWord: Bool {
    if isASCII {
      return isASCIIDigit || (value | 0x20) &- 0x61 < 26 || value == 0x5F
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return properties.numericType != nil
    }
  }

  /// Letters and numbers, and the marks that represent them in Indic and Arabic writing.
  var isSpeakable: Bool { isWord && value != 0x5F }
}

extension Scalars {
  /// `\b` between the scalar before `position` and the one at it.
  func isWordBoundary(at position: Int) -> Bool {
    let before = position > 0 && position <= count && self[position - 1].isWord
    let after = position >= 0 && position < count && self[position].isWord
    return before != after
  }

  /// `str.strip()`.
  func stripped() -> Scalars {
    guard let first = firstIndex(where: { !$0.isPythonSpace }),
      let last = lastIndex(where: { !$0.isPythonSpace })
    else { return [] }
    return first == startIndex && last == endIndex - 1 ? self : Scalars(self[first...last])
  }

  /// Runs of white space to one space each, none at the ends.
  func collapsingWhitespace() -> Scalars {
    var result = Scalars()
    result.reserveCapacity(count)
    var pendingSpace = false
    for scalar in self {
      if scalar.isPythonSpace {
        pendingSpace = true
      } else {
        if pendingSpace, !result.isEmpty { result.append(" ") }
        pendingSpace = false
        result.append(scalar)
      }
    }
    return result
  }
}
