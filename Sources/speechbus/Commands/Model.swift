import ArgumentParser
import Checkpoint
import Downloads
import Foundation

struct Model: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describes, checks, fetches and makes models.",
    discussion: """
      The folder is XTTS_MODEL_DIR, the repository XTTS_REPO_ID.

      EXAMPLES
        COQUI_TOS_AGREED=1 speechbus model pull
        speechbus model verify
        speechbus model random /tmp/random-model
      """,
    subcommands: [Pull.self, Verify.self, Info.self, Load.self, Random.self])

  struct Random: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a small model of random weights into a folder. It knows 17 languages, and only babbles.",
      discussion: """
        EXAMPLES
          speechbus model random /tmp/random-model
          XTTS_MODEL_DIR=/tmp/random-model speechbus serve
        """,
      aliases: ["demo"])

    @Argument(help: "The folder to write, made if absent.")
    var directory: String

    func run() throws {
      do {
        try SmallCheckpoint.write(to: directory)
        try ModelRecord(ofFilesIn: directory).write(into: directory)
      } catch let error as CheckpointError {
        throw CommandFailure(error.description)
      } catch let error as DownloadError {
        throw CommandFailure(error.message)
      }
      print("wrote a model of random weights to \(directory)")
    }
  }
}
