/// A file as manifests and records write it.
struct FileEntry: Codable {
  let path: String
  let size: Int
  let sha256: String
  let required: Bool
  let pull: Bool?

  private enum CodingKeys: String, CodingKey, CaseIterable { case path, size, sha256, required, pull }

  init(name: String, byteCount: Int, sha256: String, isRequired: Bool) {
    path = name
    size = byteCount
    self.sha256 = sha256
    required = isRequired
    pull = nil
  }

  init(from decoder: any Decoder) throws {
    try StrictKeys.check(decoder, allowed: CodingKeys.allCases)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    path = try container.decode(String.self, forKey: .path)
    // As Int, a fraction would be an error that names no field.
    guard let size = Int(exactly: try container.decode(Double.self, forKey: .size)) else {
      throw DecodingError.typeMismatch(
        Int.self, .init(codingPath: container.codingPath + [CodingKeys.size], debugDescription: "is a fraction"))
    }
    self.size = size
    sha256 = try container.decode(String.self, forKey: .sha256)
    required = try container.decode(Bool.self, forKey: .required)
    pull = try container.decodeIfPresent(Bool.self, forKey: .pull)
  }

  /// Throws `invalidManifest`; `field` says where the entry stands.
  func checked(field: String) throws(HubError) -> HubManifest.File {
    guard RepositoryReference.isFileName(path) else {
      throw HubError(.invalidManifest, "\(field).path is \"\(path.excerpt(100))\"; allowed is a plain file name")
    }
    guard (0...WantedFile.byteCountLimit).contains(size) else {
      throw HubError(.invalidManifest, "\(field).size is \(size); allowed is 0-\(WantedFile.byteCountLimit)")
    }
    guard let digest = ContentDigest(sha256: sha256) else {
      throw HubError(.invalidManifest, "\(field).sha256 must be 64 hexadecimal digits")
    }
    guard !(required && pull == false) else {
      throw HubError(.invalidManifest, "\(field) is required, so pull can't be false")
    }
    let wanted = WantedFile(name: path, byteCount: size, digest: digest, isRequired: required)
    return HubManifest.File(wanted: wanted, isPulled: pull ?? true)
  }
}
