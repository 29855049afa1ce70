/// What a pull has to fetch, judged by what is there. A value: it looks at nothing itself.
struct DownloadPlan: Sendable, Equatable {
  /// Files to fetch, largest first: they take longest.
  let fetch: [WantedFile]
  /// Files that stay as they are.
  let keep: [WantedFile]

  /// Whether the model can be used as it is: nothing that it requires is to be fetched.
  var isComplete: Bool { !fetch.contains(where: \.isRequired) }

  /// Throws `differentFile` where a file is in the way that may not be replaced.
  init(
    files: [WantedFile], present: [String: LocalFile], existing: HubConfiguration.ExistingFiles, directory: String
  ) throws(HubError) {
    var fetch: [WantedFile] = []
    var keep: [WantedFile] = []
    for file in files {
      guard let local = present[file.name] else {
        fetch.append(file)
        continue
      }
      if local.byteCount == file.byteCount, local.matchesDigest != false {
        keep.append(file)
      } else if existing == .keep {
        throw HubError(
          .differentFile,
          "\(directory)/\(file.name): is another model's file (\(local.byteCount) bytes; it would be "
            + "\(file.byteCount)); move it away or choose another folder")
      } else {
        fetch.append(file)
      }
    }
    self.fetch = fetch.sorted { ($0.byteCount, $1.name) > ($1.byteCount, $0.name) }
    self.keep = keep
  }

  /// Bytes still to come when `parts` are already on disk, by file name.
  func remainingByteCount(parts: [String: Int]) -> Int {
    fetch.reduce(0) { sum, file in
      let part = parts[file.name] ?? 0
      return sum + (part <= file.byteCount ? file.byteCount - part : file.byteCount)
    }
  }
}
