import ArgumentParser
import Foundation
import SQLiteStorage
import SpeechCore

struct Key: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The keys that sign voice changes and records (SPEECHBUS_KEY_FILE).",
    discussion: """
      Replicas need the same keys. The first key of the file signs, and all of them verify.

      EXAMPLES
        speechbus key show
        speechbus key rotate
      """,
    subcommands: [Show.self, Rotate.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the id of the signing key, which /health shows too.",
      discussion: """
        EXAMPLES
          speechbus key show
        """)

    @OptionGroup var storage: StorageFlags

    func run() throws {
      let file = try storage.openKeyFile()
      print("\(file.ring.current.id) signs; \(file.path)")
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a new signing key; the earlier keys still verify.",
      discussion: """
        Services that read this file use the new key at once. Copy the file to replicas that have their own.

        EXAMPLES
          speechbus key rotate
          speechbus key rotate --key-file /keys/speechbus.key
        """)

    @OptionGroup var storage: StorageFlags

    func run() throws {
      let file = try storage.openKeyFile()
      do throws(SpeechError) {
        print("\(try file.rotate()) signs; \(file.path)")
      } catch {
        throw CommandFailure(error.message)
      }
    }
  }
}

extension StorageFlags {
  fileprivate func openKeyFile() throws -> KeyFile {
    let environment = Environment.process
    let path = try environment(Settings.keyFile, flag: keyFile)
    let database = try environment(Settings.database, flag: database)
    umask(0o077)
    do throws(SpeechError) {
      return try KeyFile(path: path ?? SpeechDatabase.defaultKeyFile(of: database))
    } catch {
      throw CommandFailure(error.message)
    }
  }
}
