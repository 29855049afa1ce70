import ArgumentParser
import Foundation
import ModelStore

struct Model: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describes, checks, fetches and makes models.", subcommands: [Pull.self, Verify.self, Info.self, Demo.self])

  struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a small offline model into a folder. Its weights are random: it babbles.")

    @Argument(help: "The folder to write, made if absent.")
    var directory: String

    func run() throws {
      do {
        try DemoCheckpoint.write(to: directory)
      } catch {
        throw CommandFailure(error.message)
      }
      print("wrote a demo model (random weights: it babbles) to \(directory)")
    }
  }
}
