/// Some members of a JSON object, by where their values stand; of a name that is there twice the last counts. A value
/// that is no object has none.
public struct JSONMembers {
  private let json: UnsafeRawBufferPointer
  private var positions: [String: Int] = [:]

  /// - Parameter scanner: at the object; behind it afterwards.
  public init(_ names: [String], of scanner: inout JSONScanner) throws(CheckpointError) {
    json = scanner.bytes
    guard try scanner.kind() == .object else {
      try scanner.skip()
      return
    }
    try scanner.enterObject()
    while let name = try scanner.nextMember() {
      if let wanted = names.first(where: { name == $0 }) { positions[wanted] = scanner.position }
      try scanner.skip()
    }
  }

  /// At the member's value; nil when it is not there.
  public subscript(name: String) -> JSONScanner? { positions[name].map { JSONScanner(json, at: $0) } }

  /// The member's text; nil when it is not there or something else.
  public func text(_ name: String) throws(CheckpointError) -> JSONText? {
    guard var scanner = self[name], try scanner.kind() == .string else { return nil }
    return try scanner.string()
  }

  /// Whether the member is `true`.
  public func isTrue(_ name: String) throws(CheckpointError) -> Bool {
    guard var scanner = self[name], try scanner.kind() == .bool else { return false }
    return try scanner.bool()
  }

  /// The member's whole number, not negative; nil when it is not there or something else.
  public func index(_ name: String) throws(CheckpointError) -> Int? {
    guard var scanner = self[name], try scanner.kind() == .number, let number = try scanner.wholeNumber(), number >= 0
    else { return nil }
    return number
  }
}
