/// What a pull has to fetch, judged by what is there. A value: it looks at nothing itself.
struct DownloadPlan: Sendable, Equatable {
  let fetch: [RepositoryFile]
  /// Files that stay as they are.
  let keep: [RepositoryFile]

  /// Whether the model can be used as it is: nothing that it requires is to be fetched.
  var isComplete: Bool { !fetch.contains(where: \.isRequired) }

  /// A file that is in the folder.
  struct Present: Equatable {
    var byteCount: Int
    /// Nil while it has not been hashed.
    var matchesDigest: Bool?
  }

  /// Throws `differentFile` where a file is in the way that may not be replaced.
  init(
    files: [RepositoryFile], present: [String: Present], replacesOtherFiles: Bool, directory: String
  ) throws(DownloadError) {
    var (fetch, keep): ([RepositoryFile], [RepositoryFile]) = ([], [])
    for file in files {
      if let local = present[file.name] {
        if local.byteCount == file.byteCount, local.matchesDigest != false {
          keep.append(file)
          continue
        }
        guard replacesOtherFiles else {
          throw DownloadError(
            .differentFile,
            "\(directory)/\(file.name): is another model's file (\(local.byteCount) bytes; it would be "
              + "\(file.byteCount)); move it away or choose another folder")
        }
      }
      fetch.append(file)
    }
    (self.fetch, self.keep) = (fetch, keep)
  }

  /// Bytes still to come when `parts` are already on disk, by file name.
  func remainingByteCount(parts: [String: Int]) -> Int {
    fetch.reduce(0) { sum, file in
      let part = parts[file.name] ?? 0
      return sum + (part <= file.byteCount ? file.byteCount - part : file.byteCount)
    }
  }
}
