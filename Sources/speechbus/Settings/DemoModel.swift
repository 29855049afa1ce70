import Downloads
import Foundation

/// The small model that comes with the program. It speaks English only.
enum DemoModel {
  /// The folder of the model: `share/speechbus/demo-model` of the installation, or `models/demo` of the repository that
  /// the program was built in. Nil if there is none.
  static let directory = directory(ofProgram: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath())

  static func directory(ofProgram program: URL) -> String? {
    var folder = program.deletingLastPathComponent()
    while folder.pathComponents.count > 1 {
      let isBuildFolder = folder.lastPathComponent == ".build"
      folder.deleteLastPathComponent()
      let path = folder.appending(path: isBuildFolder ? "models/demo" : "share/speechbus/demo-model").path
      if (try? ModelDirectory(path: path)) != nil { return path }
      if isBuildFolder { return nil }
    }
    return nil
  }
}
