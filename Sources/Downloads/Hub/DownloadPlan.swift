/// The list of files to fetch, computed from the files in the folder. A value type that performs no I/O.
struct DownloadPlan: Sendable, Equatable {
  let fetch: [RepositoryFile]
  /// Files that are already correct.
  let keep: [RepositoryFile]

  /// Whether every required file is in the folder, so that the model can be used.
  var isComplete: Bool { !fetch.contains(where: \.isRequired) }

  /// A file in the folder.
  struct Present: Equatable {
    var byteCount: Int
    /// Nil if the file was not hashed.
    var matchesDigest: Bool?
  }

  /// Throws `differentFile` if a file of the same name has other content and `replacesOtherFiles` is false.
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
            "\(directory)/\(file.name): belongs to another model (\(local.byteCount) bytes instead of "
              + "\(file.byteCount)); move it away or choose another folder")
        }
      }
      fetch.append(file)
    }
    (self.fetch, self.keep) = (fetch, keep)
  }

  /// The number of bytes still to fetch. `parts` has the length of each unfinished file on disk, by file name.
  func remainingByteCount(parts: [String: Int]) -> Int {
    fetch.reduce(0) { sum, file in
      let part = parts[file.name] ?? 0
      return sum + (part <= file.byteCount ? file.byteCount - part : file.byteCount)
    }
  }
}
