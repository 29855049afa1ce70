import ArgumentParser
import Downloads
import Foundation
import Logging

/// The folder and repository that `pull` and `verify` are about.
struct HubFlags: ParsableArguments {
  @Option(Settings.modelDirectory) var modelDir: String?
  @Option(Settings.repository) var repoID: String?
  @OptionGroup var downloads: DownloadFlags

  func directory() throws(BadSetting) -> String {
    try Environment.process.modelDirectory(flag: modelDir, repository: repoID)
  }

  func repository() throws(BadSetting) -> String {
    try Environment.process(Settings.repository, flag: repoID)
  }

  func configuration() throws -> HubConfiguration {
    try HubConfiguration(downloads.environment(.process), repositoryID: repoID)
  }
}

extension Model {
  struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetches a model from the hub: resumed, checked against digests, whole or not at all.",
      discussion: """
        Reads HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE as Hugging Face's tools do. Models under the Coqui Public Model \
        License need COQUI_TOS_AGREED=1. Complete local files need no network.

        EXAMPLES
          COQUI_TOS_AGREED=1 speechbus model pull
          HF_ENDPOINT=https://mirror.internal speechbus model pull --model-dir /models/xtts
        """)

    @OptionGroup var hub: HubFlags

    func run() async throws {
      let directory = try hub.directory()
      let bar = TerminalProgressBar()
      if let cached = ModelOrigin(cacheSnapshot: directory) {
        return print("\(cached.repositoryID) at \(cached.revision) is in \(directory): nothing to fetch")
      }
      do {
        let outcome = try await ModelHub(configuration: hub.configuration(), logger: Logger(label: "speechbus"))
          .pull(into: directory) { bar?.update($0) }
        bar?.finish()
        outcome.rememberDigest(in: directory, try Environment.process(Settings.modelCache))
        let files = outcome.fetched.isEmpty ? "complete already" : "fetched " + outcome.fetched.joined(separator: ", ")
        print("\(outcome.repositoryID) at \(outcome.revision) in \(directory): \(files)")
      } catch let error as DownloadError {
        bar?.finish()
        throw CommandFailure("\(error)")
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hashes the model's files again and names what is wrong.",
      discussion: """
        A pulled model is compared with the published digests, another one with its own record, speechbus-model.json.

        EXAMPLES
          speechbus model verify
          speechbus model verify --model-dir /models/xtts
          speechbus model verify --model-dir /models/fine-tune --record
        """)

    @OptionGroup var hub: HubFlags

    @Flag(help: "Record the files of a fine-tuned model as they are now; later checks compare with that.")
    var record = false

    func run() async throws {
      let bar = TerminalProgressBar()
      do {
        if record {
          let directory = try hub.directory()
          guard try ModelRecord(directory: directory)?.isLocal ?? true else {
            throw CommandFailure("\(directory) has the record of a model pull; --record does not replace it")
          }
          try ModelRecord(ofFilesIn: directory).write(into: directory)
        }
        let report = try await ModelVerifier.verify(
          directory: try hub.directory(), repositoryID: try hub.repository(),
          manifest: try hub.configuration().manifest
        ) { bar?.update($0) }
        bar?.finish()
        print(report)
        guard report.isIntact else { throw CommandFailure("the model in \(try hub.directory()) is not intact") }
      } catch let error as DownloadError {
        bar?.finish()
        throw CommandFailure("\(error)")
      }
    }
  }
}
