import ArgumentParser
import Foundation
import SpeechCore
import XTTSText

struct Tokenize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how text is cleaned and tokenised.",
    discussion: """
      Reads lines of LANGUAGE<TAB>TEXT from standard input and writes a JSON line for each: language, text, normalized \
      and tokens, unreadable and warnings where the model does not have a character, or language, text and error.

      EXAMPLES
        printf 'en\\tDr. Smith paid $5.\\n' | speechbus tokenize
        speechbus tokenize --text-normalization upstream < lines.tsv
      """)

  @Option(Settings.modelDirectory) var modelDir: String?
  @Option(Settings.japaneseDictionary) var japaneseDictionary: String?

  @Option(Settings.textNormalization, alias: "normalization") var textNormalization: String?

  func run() throws {
    let directory = try Environment.process.modelDirectory(flag: modelDir)
    let frontend = try TextFrontend(
      vocabularyPath: directory + "/vocab.json",
      japaneseDictionary: try Environment.process(Settings.japaneseDictionary, flag: japaneseDictionary))
    let mode = try Environment.process(Settings.textNormalization, flag: textNormalization)
    while let line = readLine() { JSONOutput.line(tokenize(line, mode, with: frontend)) }
  }

  private func tokenize(_ line: String, _ mode: NormalizationMode, with frontend: TextFrontend) -> Line {
    let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      return Line(language: "", text: line, error: "expected LANGUAGE<TAB>TEXT")
    }
    var result = Line(language: parts[0], text: parts[1])
    guard let language = Language(tag: parts[0]) else {
      result.error = "unsupported_language: \(parts[0].prefix(32))"
      return result
    }
    do {
      let reading = try frontend.reading(parts[1], language: language, mode: mode)
      result.normalized = reading.normalized
      result.tokens = reading.tokens
      result.warnings = UnreadableCharacters(reading.unreadable).warning.map { [$0] }
      result.unreadable = reading.unreadable.isEmpty ? nil : reading.unreadable.map { String(Character($0)) }
    } catch {
      result.error = error.description
    }
    return result
  }

  private struct Line: Encodable {
    var language: String
    var text: String
    var normalized: String?
    var tokens: [Int]?
    var unreadable: [String]?
    var warnings: [String]?
    var error: String?
  }
}
