import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import speechbus

/// Command lines as people paste and mistype them.
@Suite(.timeLimit(.minutes(5)))
struct CommandLineTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every example of `--help`, and every command line of the documents, is accepted.
  @Test func theExamplesAreAccepted() throws {
    var lines = Self.commands(below: Speechbus.self).flatMap { command in
      Self.invocations(in: Speechbus.helpMessage(for: command, columns: 400))
    }
    #expect(lines.count > 50)
    let documents = try FileManager.default.subpathsOfDirectory(atPath: Self.root.path + "/docs")
      .filter { $0.hasSuffix(".md") && !$0.hasPrefix("notes") }.map { "docs/\($0)" }
    for path in ["README.md", "examples/curl.md"] + documents {
      let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
      for (index, part) in text.split(separator: "```", omittingEmptySubsequences: false).enumerated() {
        if index % 2 == 1 {
          lines += Self.invocations(in: String(part))
          continue
        }
        // Commands between back-quotes with options, unless words such as DIR stand for values.
        for match in part.matches(of: /`((?:[A-Z_]+=\S+ )*speechbus [a-z][^`]*)`/) {
          lines += Self.invocations(in: String(match.output.1)).filter { arguments in
            arguments.contains { $0.hasPrefix("-") }
              && !arguments.contains { $0.contains("…") || $0.allSatisfy(\.isUppercase) }
          }
        }
      }
    }
    for arguments in lines where !arguments.isEmpty {
      #expect(CommandNames.mistake(in: arguments, below: Speechbus.self) == nil, "\(arguments)")
      do {
        _ = try Speechbus.parseAsRoot(arguments)
      } catch  where Speechbus.exitCode(for: error) != .success {
        Issue.record("speechbus \(arguments.joined(separator: " ")): \(Speechbus.message(for: error))")
      } catch {}
    }
  }

  @Test(arguments: [
    (["requst", "x"], "did you mean request"), (["voices", "lst"], "did you mean list"),
    (["serv"], "did you mean serve"),
    (["frobnicate"], "the commands are serve, "), (["decode-audi"], "the commands are"),
  ])
  func misspeltCommandsAreNamed(arguments: [String], hint: String) {
    let message = CommandNames.mistake(in: arguments, below: Speechbus.self)
    #expect(message?.contains(hint) == true, "\(message ?? "none")")
  }

  @Test(arguments: [
    ["serve", "x"], ["--help"], [], ["help", "serve"], ["decode-audio", "mov"], ["voices", "--help"],
    ["model", "demo", "x"],
  ])
  func otherArgumentsAreLeftToTheParser(arguments: [String]) {
    #expect(CommandNames.mistake(in: arguments, below: Speechbus.self) == nil)
  }

  @Test func anOutputFileAppearsWhenItIsWhole() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("speechbus-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appendingPathComponent("a.wav").path
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.wav", withDestinationPath: "a.wav")
    do {
      let abandoned = try OutputFile(path)
      try abandoned.append(Data("new".utf8))
    }
    #expect(FileManager.default.contents(atPath: path) == Data("old".utf8))
    let file = try OutputFile(folder.path + "/link.wav")
    try file.append(Data("ne".utf8))
    try file.append(Data("w".utf8))
    try file.close()
    #expect(FileManager.default.contents(atPath: path) == Data("new".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.wav", "link.wav"])
    try OutputFile("/dev/null").append(Data("new".utf8))
    #expect(throws: CommandFailure.self) { try OutputFile(folder.path) }
    #expect(throws: CommandFailure.self) { try OutputFile(folder.path + "/missing/a.wav") }
  }

  @Test func badOptionsOfASynthesisAreBadUsage() throws {
    for (options, words) in [
      (["Hi.", "-o", "a.wav", "--top-k", "0"], ["--top-k", "1026"]),
      (["Hi.", "-o", "a.docx"], ["a.docx", ".wav", "--format"]),
      (["Hi.", "-o", "a.wav", "--format", "foo"], ["--format", "flac"]), (["", "-o", "a.wav"], ["the text", "empty"]),
      (["Hi.", "-o", "a.wav", "--language", "x!"], ["--language", "zh-cn"]), (["-o", "a.wav"], ["text", "missing"]),
    ] {
      let flags = try SpeechFlags.parse(options)
      let error = #expect(throws: CommandFailure.self) { try flags.request(voice: nil, defaultLanguage: .english) }
      #expect(
        error?.isUsage == true && words.allSatisfy { error?.description.contains($0) == true },
        "\(String(describing: error))")
    }
  }

  @Test func aTextMayFollowReferenceAudio() throws {
    let command = try Synthesize.parse(["-o", "a.wav", "--reference-audio", "one.wav", "two.wav", "Hello."])
    #expect(command.speech.text == "Hello." && command.referenceAudio == ["one.wav", "two.wav"])
  }

  @Test func anAddressInUseIsFoundBeforeTheStart() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, length)
        _ = listen(descriptor, 1)
        _ = getsockname(descriptor, $0, &length)
      }
    }
    let port = Int(UInt16(bigEndian: address.sin_port))
    let error = #expect(throws: CommandFailure.self) {
      try ListenAddress(host: "127.0.0.1", port: port).check("SPEECHBUS_HTTP_HOST", "SPEECHBUS_HTTP_PORT")
    }
    for word in ["127.0.0.1", "\(port)", "in use", "SPEECHBUS_HTTP_PORT"] {
      #expect(error?.description.contains(word) == true)
    }
    #expect(throws: CommandFailure.self) { try ListenAddress(host: "192.0.2.1", port: 0).check("HOST", "PORT") }
    try ListenAddress(host: "127.0.0.1", port: 0).check("HOST", "PORT")
  }

  // MARK: Reading examples

  static func commands(below command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    [command] + command.configuration.subcommands.flatMap { commands(below: $0) }
  }

  /// The arguments of each line that runs `speechbus`, without what the shell takes.
  static func invocations(in text: String) -> [[String]] {
    text.split(separator: "\n").compactMap { line in
      guard let match = line.firstMatch(of: /(?:^|\| |`)\s*(?:[A-Z_]+=\S+ )*speechbus((?: .*)?)$/) else { return nil }
      // A sentence that begins with the program's name is no command line.
      guard let first = words(String(match.output.1)).first, first.hasPrefix("-") || first.first?.isLetter == true,
        Speechbus.configuration.subcommands.contains(where: { $0._commandName == first })
          || line.contains("| speechbus")
      else { return nil }
      return words(String(match.output.1))
    }
  }

  /// The words of a shell's command line until a comment, a redirection or a pipe.
  private static func words(_ line: String) -> [String] {
    var (words, word, quote): ([String], String?, Character?) = ([], nil, nil)
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "\"" || character == "'" {
        (quote, word) = (character, word ?? "")
      } else if character == " " {
        if let word { words.append(word) }
        word = nil
      } else if word == nil, "#<>|".contains(character) {
        return words
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + [word].compactMap { $0 }
  }
}
