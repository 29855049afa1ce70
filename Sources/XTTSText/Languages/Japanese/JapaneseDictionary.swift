import Foundation

/// The folders that may hold a MeCab dictionary. UniDic first, because upstream reads with it.
enum JapaneseDictionary {
  /// Each may hold `sys.dic`, `matrix.bin`, `char.bin` and `unk.dic`.
  static let standardFolders = [
    "/var/lib/mecab/dic/unidic", "/usr/share/mecab/dic/unidic", "/usr/lib/mecab/dic/unidic",
    "/usr/local/lib/mecab/dic/unidic", "/var/lib/mecab/dic/ipadic-utf8", "/var/lib/mecab/dic/debian",
  ]

  /// The given folder, or the first standard folder with a dictionary.
  static func find(_ folder: String?) -> String? {
    folder ?? standardFolders.first { FileManager.default.fileExists(atPath: $0 + "/sys.dic") }
  }
}
