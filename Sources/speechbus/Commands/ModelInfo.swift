import ArgumentParser
import Downloads
import Foundation
import SpeechCore
import XTTSModel
import XTTSText

extension Model {
  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says what a model folder is and holds: origin, files, digests, dimensions, languages, speakers.",
      discussion: """
        EXAMPLES
          speechbus model info
          speechbus model info --model-dir /models/xtts --json
        """)

    @Option(Settings.modelDirectory) var modelDir: String?
    @Option(Settings.japaneseDictionary) var japaneseDictionary: String?

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
      let directory = try Environment.process.modelDirectory(flag: modelDir)
      do {
        let report = try Report(
          directory: directory,
          japaneseDictionary: try Environment.process(Settings.japaneseDictionary, flag: japaneseDictionary))
        if json {
          JSONOutput.pretty(report)
        } else {
          report.print()
        }
      } catch let error as DownloadError {
        throw CommandFailure(error.message)
      } catch let error as ModelError {
        throw CommandFailure(error.message)
      } catch let error as TextError {
        throw CommandFailure("\(error)")
      }
    }
  }
}

/// The report of `model info`.
private struct Report: Encodable {
  struct File: Encodable {
    var path: String
    var bytes: Int
    var sha256: String
  }

  var directory: String
  /// The kind of the folder.
  var layout: String
  /// The digest of the weights.
  var format: String
  var repo: String?
  var revision: String?
  var files: [File]
  var layers: Int
  var width: Int
  var heads: Int
  var textTokens: Int
  var audioCodes: Int
  /// Those that can be spoken now.
  var languages: [Language]
  /// Languages of the model that can't be spoken now, each with the reason.
  var unavailableLanguages: [String: String]
  var speakers: [String]

  private enum CodingKeys: String, CodingKey {
    case directory, layout, format, repo, revision, files, layers, width, heads, languages, speakers
    case textTokens, audioCodes
    case unavailableLanguages = "unavailable_languages"
  }

  init(directory: String, japaneseDictionary: String?) throws {
    let found = try ModelDirectory(path: directory)
    let model = try XTTS(files: ModelFiles(found))
    // Reads the vocoder's tensors too.
    _ = try model.vocoder
    self.directory = directory
    let told = try ModelOrigin.told(by: directory)
    layout = told?.way ?? "plain folder"
    repo = told?.origin.repositoryID
    revision = told?.origin.revision
    format = model.weights.format + (model.weights.isTrainersOutput ? ", a fine-tune by the Coqui trainer" : "")
    files = try [found.weightsPath, found.configurationPath, found.vocabularyPath, found.speakersPath]
      .compactMap { $0 }
      .map { path in
        File(
          path: path, bytes: try FileIdentity(ofFileAt: path).byteCount,
          sha256: try FileDigest.sha256(ofFileAt: path))
      }
    let gpt = model.configuration.gpt
    layers = gpt.layerCount
    width = gpt.hiddenSize
    heads = gpt.headCount
    textTokens = model.gptWeights.textVocabularySize
    audioCodes = gpt.audioCodeCount
    let frontend = try TextFrontend(vocabularyPath: found.vocabularyPath, japaneseDictionary: japaneseDictionary)
    languages = model.configuration.languages.filter { frontend.refusal(of: $0) == nil }
    unavailableLanguages = [:]
    for language in model.configuration.languages {
      unavailableLanguages[language.rawValue] = frontend.refusal(of: language)?.message
    }
    speakers = model.builtInVoices.map(\.name)
  }

  func print() {
    let origin = repo.map { " of \($0) at \(revision ?? "?")" } ?? ""
    Swift.print("\(directory): \(layout)\(origin); weights in \(format)")
    for file in files {
      Swift.print("\(file.path)  \(file.bytes) bytes  sha256 \(file.sha256)")
    }
    Swift.print("GPT        \(layers) layers of width \(width), \(heads) heads")
    Swift.print("vocabulary \(textTokens) text tokens, \(audioCodes) audio codes")
    Swift.print("languages  \(languages.map(\.rawValue).joined(separator: " "))")
    for (language, reason) in unavailableLanguages.sorted(by: { $0.key < $1.key }) {
      Swift.print("           not \(language): \(reason)")
    }
    Swift.print("speakers   \(speakers.count): \(speakers.joined(separator: ", "))")
  }
}
