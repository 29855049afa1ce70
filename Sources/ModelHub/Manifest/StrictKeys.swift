import Foundation

/// Refuses fields that a document may not have, so that a typing error is not a silent default.
enum StrictKeys {
  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
      self.stringValue = stringValue
      intValue = nil
    }

    init?(intValue: Int) { nil }
  }

  static func check(_ decoder: any Decoder, allowed: [some CodingKey]) throws {
    let names = Set(allowed.map(\.stringValue))
    let keys = try decoder.container(keyedBy: Key.self).allKeys
    for key in keys where !names.contains(key.stringValue) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "has the field \"\(key.stringValue.excerpt(50))\", which is not known"))
    }
  }

  /// A decoding error as `invalidManifest`, naming the field.
  static func manifestError(_ document: String, _ error: any Error) -> HubError {
    func at(_ path: [any CodingKey]) -> String {
      path.reduce("") { text, key in
        if let index = key.intValue { return "\(text)[\(index)]" }
        return text.isEmpty ? key.stringValue.excerpt(50) : "\(text).\(key.stringValue.excerpt(50))"
      }
    }
    let reason =
      switch error {
      case DecodingError.keyNotFound(let key, let context): "\(at(context.codingPath + [key])) lacks"
      case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
        "\(at(context.codingPath)) must be \(type == Int.self ? "a whole number" : "of type \(type)")"
      case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
        "\(at(context.codingPath)): \(context.debugDescription.excerpt())"
      case DecodingError.dataCorrupted(let context): context.debugDescription.excerpt()
      default: "is not JSON"
      }
    return HubError(.invalidManifest, "\(document): \(reason)")
  }
}
