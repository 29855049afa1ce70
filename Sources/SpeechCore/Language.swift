/// The languages XTTS-v2 was trained on, by the codes its vocabulary uses.
public enum Language: String, CaseIterable, Codable, Sendable, Hashable {
  case english = "en"
  case spanish = "es"
  case french = "fr"
  case german = "de"
  case italian = "it"
  case portuguese = "pt"
  case polish = "pl"
  case turkish = "tr"
  case russian = "ru"
  case dutch = "nl"
  case czech = "cs"
  case arabic = "ar"
  case chinese = "zh-cn"
  case hungarian = "hu"
  case korean = "ko"
  case japanese = "ja"
  case hindi = "hi"

  /// Reads a language tag as clients write it: any case, `_` or `-`, with or without a region (`pt_BR`, `zh`, `en-GB`).
  public init?(tag: String) {
    let primary = tag.lowercased().replacing("_", with: "-").split(separator: "-", maxSplits: 1).first
    guard let primary else { return nil }
    self.init(rawValue: primary == "zh" ? "zh-cn" : String(primary))
  }

  /// Most characters the model reads well in one piece (upstream's per-language limits).
  public var characterLimit: Int {
    switch self {
    case .english: 250
    case .german: 253
    case .french: 273
    case .spanish: 239
    case .italian: 213
    case .portuguese: 203
    case .polish: 224
    case .chinese: 82
    case .arabic: 166
    case .czech: 186
    case .russian: 182
    case .dutch: 251
    case .turkish: 226
    case .japanese: 71
    case .hungarian: 224
    case .korean: 95
    case .hindi: 150
    }
  }

  /// The language's own English name, as the configuration endpoint lists it.
  public var label: String {
    switch self {
    case .english: "English"
    case .spanish: "Spanish"
    case .french: "French"
    case .german: "German"
    case .italian: "Italian"
    case .portuguese: "Portuguese"
    case .polish: "Polish"
    case .turkish: "Turkish"
    case .russian: "Russian"
    case .dutch: "Dutch"
    case .czech: "Czech"
    case .arabic: "Arabic"
    case .chinese: "Chinese"
    case .hungarian: "Hungarian"
    case .korean: "Korean"
    case .japanese: "Japanese"
    case .hindi: "Hindi"
    }
  }
}
