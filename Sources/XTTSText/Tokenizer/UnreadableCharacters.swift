/// Characters that the model can't read, named for a message: `中 (U+4E2D), 文 (U+6587) and 3 more`.
public struct UnreadableCharacters: CustomStringConvertible, Sendable {
  private static let namedAtMost = 12

  private let scalars: [Unicode.Scalar]

  public init(_ scalars: some Sequence<Unicode.Scalar>) {
    var distinct = DistinctScalars()
    for scalar in scalars { distinct.insert(scalar) }
    self.scalars = distinct.scalars
  }

  var isEmpty: Bool { scalars.isEmpty }

  /// The warning of a reply; nil without such characters.
  public var warning: String? {
    isEmpty ? nil : "not read, because the model does not have these characters: \(self)"
  }

  public var description: String {
    let names = scalars.prefix(Self.namedAtMost).map { scalar in
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      return scalar.isSpeakable ? "\(Character(scalar)) (U+\(padded))" : "U+\(padded)"
    }
    let rest = scalars.count - names.count
    return names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
