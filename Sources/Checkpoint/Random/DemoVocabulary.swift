import SpeechCore

/// The project's own `vocab.json` for generated checkpoints: a Hugging Face `tokenizers` BPE file with the special
/// tokens that XTTS relies on, the letters of its seventeen languages, and merges for frequent English letter groups.
struct DemoVocabulary: Sendable {
  /// The number of tokens without padding.
  static let tokenCount = baseTokens.count

  private static let special = ["[STOP]", "[UNK]", "[SPACE]", "[START]"]
  private static let languageTags = ConfigurationFile.languages.map { "[\($0)]" }
  private static let punctuation = "!'(),-./:;?\"$%&*+=@#¿¡«»“”‘’…–—。，、！？"
  private static let digits = "0123456789"
  private static let latin =
    "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýÿāăąćčďēěęğıłńňōőœřśşšťūůűźżž"
  private static let cyrillic = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
  private static let arabic = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ"
  private static let devanagari = "अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहािीुूृेैोौ्ंँः़"

  /// Most frequent first, each of two earlier tokens.
  private static let merges: [(String, String)] = [
    ("t", "h"), ("th", "e"), ("i", "n"), ("e", "r"), ("a", "n"), ("o", "n"), ("r", "e"), ("a", "t"), ("e", "n"),
    ("n", "d"), ("an", "d"), ("o", "r"), ("e", "s"), ("i", "s"), ("i", "t"), ("o", "u"), ("in", "g"), ("s", "t"),
    ("e", "d"), ("o", "f"), ("t", "o"), ("l", "l"), ("a", "r"), ("a", "l"), ("l", "e"), ("s", "e"), ("h", "a"),
    ("v", "e"), ("w", "h"), ("ou", "r"), ("i", "on"), ("t", "ion"), ("y", "ou"), ("c", "h"), ("e", "e"), ("o", "o"),
    ("e", "l"), ("i", "c"), ("r", "o"), ("u", "s"), ("e", "t"), ("s", "h"), ("w", "i"), ("wi", "th"), ("f", "or"),
    ("o", "w"), ("a", "s"), ("b", "e"), ("m", "e"), ("th", "at"), ("i", "l"), ("ou", "n"), ("oun", "d"),
  ]

  private static let baseTokens: [String] = {
    let letters = (punctuation + digits + latin + cyrillic + arabic + devanagari).unicodeScalars.map { String($0) }
    var seen: Set<String> = []
    return (special + letters + merges.map { $0.0 + $0.1 } + languageTags).filter { seen.insert($0).inserted }
  }()

  private let tokens: [String]

  /// A vocabulary of `tokenCount` tokens. Beyond the base ones there are `<unused-N>` tokens that no text gives; below
  /// them the base vocabulary stays whole.
  init(tokenCount: Int = DemoVocabulary.tokenCount) {
    let padding = max(0, tokenCount - Self.baseTokens.count)
    tokens = Self.baseTokens + (0..<padding).map { "<unused-\($0)>" }
  }

  /// The file's text.
  var json: String {
    let specialTokens = Set(Self.special + Self.languageTags)
    let added = tokens.enumerated().filter { specialTokens.contains($0.element) }.map { id, token in
      [
        "id": .number(String(id)), "special": true, "content": .string(token), "single_word": false, "lstrip": false,
        "rstrip": false, "normalized": false,
      ] as JSONValue
    }
    let vocabulary = tokens.enumerated().map { JSONValue.Member($0.element, .number(String($0.offset))) }
    let file: JSONValue = [
      "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": .array(added), "normalizer": nil,
      "pre_tokenizer": ["type": "Whitespace"], "post_processor": nil, "decoder": nil,
      "model": [
        "type": "BPE", "dropout": nil, "unk_token": "[UNK]", "continuing_subword_prefix": nil,
        "end_of_word_suffix": nil, "fuse_unk": false, "vocab": .object(vocabulary),
        "merges": .array(Self.merges.map { .string("\($0.0) \($0.1)") }),
      ],
    ]
    return file.json(isIndented: true) + "\n"
  }
}
