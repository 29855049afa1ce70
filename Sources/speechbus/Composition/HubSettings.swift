import Downloads
import Foundation

extension HubConfiguration {
  /// As environment and flags say; a flag that is nil leaves its variable in force.
  init(_ environment: Environment, repositoryID: String? = nil) throws {
    var variables = environment.variables
    variables[Settings.repository.description.name] = try environment(Settings.repository, flag: repositoryID)
    try self.init(environment: variables)
    if let path = try environment(Settings.modelManifest) {
      self.manifest = try HubManifest(file: path)
    }
  }
}

extension ModelHub.Outcome {
  /// Keeps the digest of weights that were fetched for the next start, which would hash them again.
  func rememberDigest(in directory: String, _ place: ModelCachePlace) {
    guard let weights = try? ModelDirectory(path: directory).weightsPath,
      let digest = sha256[URL(fileURLWithPath: weights).lastPathComponent]
    else { return }
    place.digest(ofFileAt: weights).remember(digest)
  }
}

extension HubManifest {
  /// Throws ``DownloadError`` `invalidManifest`, or ``CommandFailure`` for a file that can't be read.
  init(file path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw CommandFailure("SPEECHBUS_MODEL_MANIFEST: \(path) can't be read")
    }
    defer { try? handle.close() }
    // One byte more than is allowed shows that the file is too large.
    try self.init(json: try handle.read(upToCount: Self.byteCountLimit + 1) ?? Data())
  }
}
