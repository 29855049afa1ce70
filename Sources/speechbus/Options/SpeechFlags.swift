import ArgumentParser
import Foundation
import SpeechCore

/// The text and its voice, the same for `synthesize` and `request`.
struct SpeechFlags: ParsableArguments {
  @Argument(help: "The text to speak; - reads it from standard input.")
  var text: String?

  @Option(name: [.short, .long], help: "The audio file to write; - is standard output.")
  var output: String

  @Option(help: "Language code, such as en, or auto (XTTS_DEFAULT_LANGUAGE; en).")
  var language: String?

  @OptionGroup var reading: ReadingFlags

  @Option(help: "text or ssml; a text that starts with <speak is SSML in any case.")
  var inputType: InputType?

  @Option(help: "A part of the reply to print too: normalized is the text that the tokenizer gets, by segment.")
  var include: [ReplyPart] = []

  @Option(help: "A built-in speaker's name or a registered voice's id.")
  var speaker: String?

  @Option(help: "\(Self.formats); otherwise by the output's name, or wav.")
  var format: String?

  @Option(help: "\(Self.list(AudioEncoding.sampleRates)); otherwise 24000, and 8000 for mulaw and alaw.")
  var sampleRate: Int?

  @Option(help: "1, or 2 with the same sound (1).")
  var channels: Int?

  @Option(help: "Bits per second of mp3, opus, aac and m4a: 16000 to 320000.")
  var bitrate: Int?

  @Option(help: "Integrated loudness in LUFS (EBU R 128), -36 to -10; not with --stream.")
  var loudness: Double?

  @Option(help: "Unsigned 64-bit; without it, the seed follows from the request.")
  var seed: UInt64?

  @Option(help: "0.25 to 4; above 1 is faster.")
  var speed: Float?

  @Option(help: "0.05 to 2.")
  var temperature: Float?

  @Option(help: "1 to 1026.")
  var topK: Int?

  @Option(help: "Above 0, at most 1.")
  var topP: Float?

  @Option(help: "1 to 20.")
  var repetitionPenalty: Float?

  @Flag(help: "Write audio as it is made.")
  var stream = false

  private static let formats = list(AudioFormat.allCases.map(\.rawValue))
  private static func list(_ values: [some CustomStringConvertible]) -> String {
    values.map(\.description).joined(separator: ", ")
  }

  /// The request in the form clients send, so that it is checked by the same rules.
  /// - Throws: ``BadSetting``, or a ``CommandFailure`` of bad usage that names the option.
  func request(voice: VoiceReference?, defaultLanguage: Language) throws -> SynthesisRequest {
    guard let text else { throw CommandFailure("the text to speak is missing", isUsage: true) }
    var request = SynthesisRequest(text: text == "-" ? Self.standardInput() : text, language: defaultLanguage)
    if let language {
      request.detectsLanguage = language.lowercased() == "auto"
      request.language = request.detectsLanguage ? nil : try Self.language(language)
    }
    try apply(reading, to: &request)
    request.include = Set(include)
    request.voice = voice ?? .named(speaker ?? "default")
    request.format = try audioFormat()
    request.sampleRate = sampleRate
    request.channels = channels
    request.bitrate = bitrate
    request.loudness = loudness
    request.stream = stream
    request.seed = seed
    request.speed = speed ?? 1
    request.temperature = temperature
    request.topK = topK
    request.topP = topP
    request.repetitionPenalty = repetitionPenalty
    do {
      return try SynthesisRequest.decode(JSONEncoder().encode(request))
    } catch let error as SpeechError {
      let option = error.field.map { $0 == "text" ? "the text" : "--" + $0.replacing("_", with: "-") }
      throw CommandFailure(
        error.field.map { error.message.replacing($0, with: option ?? $0, maxReplacements: 1) } ?? error.message,
        isUsage: true)
    } catch {
      throw CommandFailure("the options hold a number that is not finite", isUsage: true)
    }
  }

  /// - Throws: a ``CommandFailure`` of bad usage.
  static func language(_ tag: String) throws(CommandFailure) -> Language {
    guard let language = Language(tag: tag),
      language.isPublished || Locale.LanguageCode(language.rawValue).isISOLanguage
    else {
      let published = Language.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(
        "--language is \"\(tag.prefix(32))\", but must be one of \(published), or a language code of ISO 639",
        isUsage: true)
    }
    return language
  }

  /// Without an option, the setting of the program that speaks decides.
  private func apply(_ reading: ReadingFlags, to request: inout SynthesisRequest) throws {
    let environment = Environment.process
    request.inputType = inputType ?? .text
    request.normalization = try reading.textNormalization.map { try environment(Settings.textNormalization, flag: $0) }
    request.finalPeriod = try reading.dropFinalPeriod.map { try environment(Settings.finalPeriod, flag: $0) }
    request.pauseSentence = try reading.pauseSentence.map { try environment(Settings.pauseSentence, flag: $0) }
    request.pauseParagraph = try reading.pauseParagraph.map { try environment(Settings.pauseParagraph, flag: $0) }
    if let lexicon = reading.lexicon {
      request.lexicon = .named(lexicon.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
    }
  }

  private func audioFormat() throws(CommandFailure) -> AudioFormat {
    let suffix = URL(fileURLWithPath: output).pathExtension
    let name = (format ?? suffix).lowercased()
    if let known = AudioFormat(fileExtension: name) { return known }
    if name.isEmpty || output == "-" { return stream ? .pcm : .wav }
    if let format {
      throw CommandFailure("--format is \"\(format.prefix(32))\", but must be one of \(Self.formats)", isUsage: true)
    }
    let suffixes = Self.formats.replacing(", ", with: ", .")
    throw CommandFailure(
      "\(output) ends in .\(suffix), which is no format; write .\(suffixes), or add --format", isUsage: true)
  }

  private static func standardInput() -> String {
    String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
  }
}

extension ReplyPart: ExpressibleByArgument {}
extension InputType: ExpressibleByArgument {}
