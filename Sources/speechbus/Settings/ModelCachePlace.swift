import Downloads
import Foundation

/// Where packed weights and digests are kept between starts (`SPEECHBUS_MODEL_CACHE`).
enum ModelCachePlace: Sendable, Equatable {
  case off
  case besideTheModel
  case folder(String)

  init?(_ text: String) {
    switch text.lowercased() {
    case "off", "0", "false", "no": self = .off
    case "on", "1", "true", "yes": self = .besideTheModel
    default:
      guard text.contains("/") else { return nil }
      self = .folder(text)
    }
  }

  /// The digest of a model's file, remembered there.
  func digest(ofFileAt path: String) -> FileDigest {
    switch self {
    case .off: .computed(ofFileAt: path)
    case .besideTheModel: FileDigest(ofFileAt: path)
    case .folder(let folder): FileDigest(ofFileAt: path, rememberedIn: folder)
    }
  }

  /// The file of packed weights of a checkpoint. In the model's folder there is one per form, which the next model's
  /// replaces; a folder may serve several models.
  func packedWeightsPath(weights: String, digest: String, form: String) -> String? {
    switch self {
    case .off: nil
    case .besideTheModel: "\(weights).\(form).cache"
    case .folder(let folder): "\(folder)/\(digest.prefix(16))-\(form).cache"
    }
  }
}
