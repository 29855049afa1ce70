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
        speechbus model demo /tmp/demo-model
      """,
    subcommands: [Pull.self, Verify.self, Info.self, Load.self, Demo.self])

  struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a small offline model into a folder. Its weights are random: it babbles.",
      discussion: """
        EXAMPLES
          speechbus model demo /tmp/demo-model
          XTTS_MODEL_DIR=/tmp/demo-model speechbus serve
        """)

    @Argument(help: "The folder to write, made if absent.")
    var directory: String

    func run() throws {
      do {
        try DemoCheckpoint.write(to: directory)
        try ModelRecord(ofFilesIn: directory).write(into: directory)
      } catch let error as CheckpointError {
        throw CommandFailure(error.description)
      } catch let error as DownloadError {
        throw CommandFailure(error.message)
      }
      print("wrote a demo model (random weights: it babbles) to \(directory)")
    }
  }
}
