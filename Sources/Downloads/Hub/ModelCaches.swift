import Foundation

/// The folders in which other programs keep downloaded models: the cache of Hugging Face's tools
/// (`models--OWNER--NAME/snapshots/COMMIT`) and the one of Coqui's.
public enum ModelCaches {
  /// The first complete model of a repository. The commit of `main` comes before others.
  /// - Parameter environment: read as the other programs read it: `HF_HUB_CACHE`, `HF_HOME`, `TTS_HOME`,
  ///   `XDG_CACHE_HOME`, `XDG_DATA_HOME` and `HOME`.
  /// - Returns: nil if there is none.
  public static func model(of repositoryID: String, environment: [String: String]) -> ModelDirectory? {
    folders(of: repositoryID, environment).lazy.compactMap { try? ModelDirectory(path: $0) }.first
  }

  private static func folders(of repositoryID: String, _ environment: [String: String]) -> [String] {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let home = value("HOME") ?? NSHomeDirectory()
    let hub =
      value("HF_HUB_CACHE") ?? value("HF_HOME").map { $0 + "/hub" }
      ?? (value("XDG_CACHE_HOME") ?? home + "/.cache") + "/huggingface/hub"
    let folder = "\(hub)/models--\(repositoryID.replacing("/", with: "--"))"
    let main = try? String(contentsOfFile: folder + "/refs/main", encoding: .utf8)
    let commits = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/snapshots")) ?? []
    let sorted = commits.sorted { ($0 == main ? 0 : 1, $0) < ($1 == main ? 0 : 1, $1) }
    var folders = sorted.map { "\(folder)/snapshots/\($0)" }
    if repositoryID == HubConfiguration.defaultRepositoryID {
      let data = value("TTS_HOME") ?? value("XDG_DATA_HOME") ?? home + "/.local/share"
      folders.append(data + "/tts/tts_models--multilingual--multi-dataset--xtts_v2")
    }
    return folders
  }
}
