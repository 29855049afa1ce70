import ArgumentParser
import Checkpoint
import Downloads
import Foundation
import SpeechCore

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
    subcommands: [Pull.self, Verify.self, Info.self, Load.self, Demo.self, Random.self])

  struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copies the small model that comes with speechbus into a folder. It speaks English only.",
      discussion: """
        EXAMPLES
          speechbus model demo /tmp/demo-model
          XTTS_MODEL_DIR=/tmp/demo-model speechbus serve
        """)

    @Argument(help: "The folder to write, made if absent.")
    var directory: String

    func run() throws {
      guard let source = DemoModel.directory else { throw CommandFailure("this installation has no demo model") }
      try Model.written(to: directory) {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let model = try ModelDirectory(path: source)
        for path in [model.weightsPath, model.configurationPath, model.vocabularyPath, model.speakersPath] {
          guard let path else { continue }
          var copy = try AtomicFile(path: "\(directory)/\(URL(filePath: path).lastPathComponent)")
          try copy.append(try Data(contentsOf: URL(filePath: path), options: .alwaysMapped))
          try copy.commit()
        }
      }
      print("wrote the demo model to \(directory)")
    }
  }

  struct Random: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a small model of random weights into a folder. It knows 17 languages, and only babbles.",
      discussion: """
        EXAMPLES
          speechbus model random /tmp/random-model
        """)

    @Argument(help: "The folder to write, made if absent.")
    var directory: String

    func run() throws {
      try Model.written(to: directory) { try SmallCheckpoint.write(to: directory) }
      print("wrote a model of random weights to \(directory)")
    }
  }

  /// Makes a model with `write`, and the record that `verify` compares it with.
  private static func written(to directory: String, _ write: () throws -> Void) throws {
    do {
      try write()
      try ModelRecord(ofFilesIn: directory).write(into: directory)
    } catch let error as CheckpointError {
      throw CommandFailure(error.description)
    } catch let error as DownloadError {
      throw CommandFailure(error.message)
    } catch let error as AtomicFile.Failure {
      throw CommandFailure("\(directory): \(error.step) failed: \(error.reason)")
    } catch let error as CocoaError {
      throw CommandFailure("\(directory): \(error.localizedDescription)")
    }
  }
}
