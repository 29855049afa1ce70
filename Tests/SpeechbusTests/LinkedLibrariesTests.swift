import Foundation
import Testing

@Suite struct LinkedLibrariesTests {
  /// libtorch would take half a second and 150 MB of every command, also of those without a model.
  @Test func theProgramIsNotLinkedWithLibtorch() async throws {
    let folder = FileManager.default.temporaryDirectory
    // The dynamic loader then prints the libraries that it would load, and does not run the program.
    let run = try await CommandRun(["--version"], in: folder, settings: ["LD_TRACE_LOADED_OBJECTS": "1"])
    let libraries = String(decoding: run.output, as: UTF8.self)
    #expect(run.status == 0 && libraries.contains("libcurl.so"))
    #expect(!libraries.contains("torch") && !libraries.contains("libc10"), "\(libraries)")
    let library = ServiceProcess.executable.deletingLastPathComponent().appending(path: "libspeechbus-torch.so")
    #expect(FileManager.default.fileExists(atPath: library.path))
  }
}
