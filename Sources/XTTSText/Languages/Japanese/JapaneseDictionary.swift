import Foundation

/// The folders that may hold a MeCab dictionary. UniDic first, because upstream reads with it.
enum JapaneseDictionary {
  /// The environment variable that names a folder with `sys.dic`, `matrix.bin`, `char.bin` and `unk.dic`.
  static let variable = "XTTS_JAPANESE_DICTIONARY"

  static let standardFolders = [
    "/var/lib/mecab/dic/unidic", "/usr/share/mecab/dic/unidic", "/usr/lib/mecab/dic/unidic",
    "/usr/local/lib/mecab/dic/unidic", "/var/lib/mecab/dic/ipadic-utf8", "/var/lib/mecab/dic/debian",
  ]

  /// The first folder that holds a dictionary: the given one, or a standard one.
  static func find(_ folder: String?) -> String? {
    if let folder { return folder }
    if let named = ProcessInfo.processInfo.environment[variable], !named.isEmpty { return named }
    return standardFolders.first { FileManager.default.fileExists(atPath: $0 + "/sys.dic") }
  }
}
