/// A language by its tag: one of the seventeen of the published XTTS-v2, or a fine-tune's own.
public struct Language: RawRepresentable, CaseIterable, Codable, Sendable, Hashable {
  /// Lower case: a primary subtag such as `en` or `vi`, or `zh-cn`.
  public let rawValue: String

  /// - Returns: nil for a tag that no model's vocabulary has, such as one in upper case or with a region.
  public init?(rawValue: String) {
    let isPrimary = (2...3).contains(rawValue.utf8.count) && rawValue.utf8.allSatisfy { (97...122).contains($0) }
    guard isPrimary && rawValue != "zh" && rawValue != "auto" || rawValue == "zh-cn" else { return nil }
    self.rawValue = rawValue
  }

  private init(known tag: String) { rawValue = tag }

  public static let english = Language(known: "en")
  public static let spanish = Language(known: "es")
  public static let french = Language(known: "fr")
  public static let german = Language(known: "de")
  public static let italian = Language(known: "it")
  public static let portuguese = Language(known: "pt")
  public static let polish = Language(known: "pl")
  public static let turkish = Language(known: "tr")
  public static let russian = Language(known: "ru")
  public static let dutch = Language(known: "nl")
  public static let czech = Language(known: "cs")
  public static let arabic = Language(known: "ar")
  public static let chinese = Language(known: "zh-cn")
  public static let hungarian = Language(known: "hu")
  public static let korean = Language(known: "ko")
  public static let japanese = Language(known: "ja")
  public static let hindi = Language(known: "hi")

  /// The languages of the published model.
  public static let allCases = traits.map(\.language)

  /// Reads a language tag as clients write it: any case, `_` or `-`, with or without a region (`pt_BR`, `zh`, `en-GB`).
  public init?(tag: String) {
    let primary = tag.lowercased().replacing("_", with: "-").split(separator: "-", maxSplits: 1).first
    guard let primary else { return nil }
    self.init(rawValue: primary == "zh" ? "zh-cn" : String(primary))
  }

  /// Whether it is a language of the published model, whose written forms this program reads.
  public var isPublished: Bool { Self.byTag[rawValue] != nil }

  /// Most characters the model reads well in one piece (upstream's per-language limits, and its limit for others).
  public var characterLimit: Int { Self.byTag[rawValue]?.limit ?? 250 }

  /// The language's English name, as the configuration endpoint lists it; the tag where the name is not known.
  public var label: String { Self.byTag[rawValue]?.label ?? rawValue }

  private typealias Traits = (language: Language, label: String, limit: Int)
  private static let byTag = Dictionary(uniqueKeysWithValues: traits.map { ($0.language.rawValue, $0) })
  private static let traits: [Traits] = [
    (english, "English", 250), (spanish, "Spanish", 239), (french, "French", 273), (german, "German", 253),
    (italian, "Italian", 213), (portuguese, "Portuguese", 203), (polish, "Polish", 224), (turkish, "Turkish", 226),
    (russian, "Russian", 182), (dutch, "Dutch", 251), (czech, "Czech", 186), (arabic, "Arabic", 166),
    (chinese, "Chinese", 82), (hungarian, "Hungarian", 224), (korean, "Korean", 95), (japanese, "Japanese", 71),
    (hindi, "Hindi", 150),
  ]
}
