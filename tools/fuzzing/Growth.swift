import Foundation

/// Files of growing size that consist of one kind of element only, and the memory for reading them.
enum Growth {
  private typealias Form = (name: String, reader: Reader, unit: (Int) -> [UInt8], wrap: ([UInt8]) -> [UInt8])

  private static let sizes = [1, 4, 16, 64, 256, 1024, 4096].map { $0 << 10 }

  /// Prints the memory for each file.
  /// - Returns: whether no file takes more than twice its size and the constant.
  static func isBounded() -> Bool {
    var isBounded = true
    print("memory allocated at most, as a multiple of the file's size (+: accepted, -: refused)")
    print(column("", 28) + sizes.map { column("\($0 >> 10) KiB", 11) }.joined())
    for form in forms {
      var line = column(form.name, 28)
      for size in sizes {
        let bytes = file(form, of: size)
        let (most, isAccepted) = allocated(by: form.reader, reading: bytes)
        let isOver = most > 2 * bytes.count + constantBytes
        if isOver { isBounded = false }
        let multiple = String(format: "%.2f", Double(most) / Double(bytes.count))
        line += column("\(multiple) \(isAccepted ? "+" : "-")\(isOver ? " OVER" : "")", 11)
      }
      print(line)
    }
    print(
      isBounded
        ? "none over twice the file and \(constantBytes) bytes" : "OVER twice the file and \(constantBytes) bytes")
    return isBounded
  }

  private static func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func file(_ form: Form, of size: Int) -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(size)
    var index = 0
    while content.count < size {
      content += form.unit(index)
      index += 1
    }
    return form.wrap(content)
  }

  private static var forms: [Form] { pickles + safetensors + vocabularies + archives }

  // MARK: - Forms

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static var pickles: [Form] {
    let form = { (name: String, before: [UInt8], after: [UInt8], unit: @escaping (Int) -> [UInt8]) -> Form in
      (
        "pickle: " + name, .pickle, unit,
        { RawZip(pickle: RawPickle.of(before, $0, after), storages: [[UInt8](repeating: 1, count: 16)]).bytes }
      )
    }
    let tensor = Array(RawPickle.tensor().dropFirst(2).dropLast())
    let long = RawPickle.string(String(repeating: "x", count: 900))
    return [
      form("numbers", text("("), text("l")) { _ in [0x4B, 1] },
      form("nothings", text("("), text("l")) { _ in [0x4E] },
      form("empty lists", text("("), text("l")) { _ in text("]") },
      form("pairs in pairs", text("N"), []) { _ in [0x85] },
      form("short keys", text("}("), text("u")) { RawPickle.string(String($0, radix: 36)) + [0x4E] },
      form("one key", text("}("), text("u")) { _ in RawPickle.string("k") + [0x4E] },
      form("long text, again and again", text("(") + long + [0x71, 0], text("l")) { _ in [0x68, 0] },
      form("memo", text("]"), []) { [0x72] + RawZip.number($0, 4) },
      form("marks", [], []) { _ in text("(") },
      form("records", text("(") + RawPickle.global("some", "Thing") + [0x71, 0, 0x30], text("l")) { _ in
        [0x68, 0, 0x29, 0x81]
      },
      form("tensors", text("("), text("l")) { _ in tensor },
      form("invalid text", text("("), text("l")) { _ in [0x8C, 200] + [UInt8](repeating: 0xFF, count: 200) },
    ]
  }

  private static var safetensors: [Form] {
    let wrap = { (members: [UInt8]) -> [UInt8] in
      let header = text("{") + members.dropLast() + text("}")
      return RawZip.number(header.count, 8) + header
    }
    let empty = #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#
    return [
      ("safetensors: empty tensors", .file, { text("\"\(String($0, radix: 36))\":" + empty) }, wrap),
      ("safetensors: named tensors", .file, { text("\"gpt.gpt.h.\($0).attn.c_attn.weight\":" + empty) }, wrap),
      (
        "safetensors: ranks", .file,
        { text("\"\($0)\":" + empty.replacing("[0]", with: "[" + String(repeating: "0,", count: 31) + "0]")) }, wrap
      ),
      ("safetensors: one tensor", .file, { _ in text(#""a":"# + empty) }, wrap),
      (
        "safetensors: metadata", .file, { text("\"\(String($0, radix: 36))\":\"\",") },
        { wrap(text(#""__metadata__":{"#) + $0.dropLast() + text("},")) }
      ),
      ("safetensors: spaces", .file, { _ in text("  ") }, { wrap($0 + text(#""a":"# + empty)) }),
    ]
  }

  private static var vocabularies: [Form] {
    let form = { (name: String, before: String, after: String, unit: @escaping (Int) -> String) -> Form in
      (
        "vocabulary: " + name, .vocabulary, { text(unit($0)) },
        { text(#"{"pre_tokenizer":{"type":"Whitespace"},"# + before) + $0.dropLast() + text(after) }
      )
    }
    let tokens = #""vocab":{"a":0,"aa":1}"#
    return [
      form("tokens", #""model":{"merges":[],"vocab":{"#, "}}}") { "\"\(String($0, radix: 36))\":\($0)," },
      form("one token", #""model":{"merges":[],"vocab":{"#, "}}}") { _ in #""a":0,"# },
      form("characters", #""model":{"merges":[],"vocab":{"#, "}}}") { index in
        "\"\(Unicode.Scalar(UInt32(0x3400 + index % 0x9000)).map(String.init) ?? "x")\":\(index),"
      },
      form("merges", #""model":{"# + tokens + #","merges":["#, "]}}") { _ in #""a a","# },
      form("merges as pairs", #""model":{"# + tokens + #","merges":["#, "]}}") { _ in #"["a","a"],"# },
      form("added tokens", #""model":{"merges":[],"# + tokens + #"},"added_tokens":["#, "]}") {
        #"{"id":\#($0),"content":"\#(String($0, radix: 36))"},"#
      },
      form("one added token", #""model":{"merges":[],"# + tokens + #"},"added_tokens":[{"id":0,"content":""#, #""}]}"#)
      {
        _ in "x"
      },
      form("something else", #""model":{"merges":[],"# + tokens + #"},"x":["#, "]}") { _ in "[{}]," },
    ]
  }

  private static var archives: [Form] {
    let forms: [(String, (Int) -> String)] = [
      ("zip: empty entries", { "a/\(String($0, radix: 36))" }),
      ("zip: long names", { String(repeating: "x", count: 1000) + "\($0)" }),
    ]
    return forms.map { name, entry in
      (
        name, .file, { index in text(entry(index) + "\n") + [UInt8](repeating: 0x20, count: 76 + entry(index).count) },
        { content in
          let count = content.count(where: { $0 == 0x0A })
          var zip = RawZip(pickle: RawPickle.tensor(), storages: [[UInt8](repeating: 1, count: 16)])
          zip.entries += (0..<count).map { RawZip.Entry(name: entry($0), data: []) }
          return zip.bytes
        }
      )
    }
  }
}
