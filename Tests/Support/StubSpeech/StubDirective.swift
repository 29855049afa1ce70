import SpeechCore

/// Instructions to the stub in a text: `key=value` words anywhere in it.
///
/// `sleep=200` milliseconds before any audio · `bytes=1024` of audio · `chunks=4` when streamed · `pause=10`
/// milliseconds after each chunk · `fail=internal` always · `until=3` fails only before that attempt ·
/// `failafter=2` chunks · `kill=1` ends the process with SIGKILL after the sleep ·
/// the word `hold` waits for ``StubSpeechHandler/release()``.
struct StubDirective {
  private var values: [Substring: Substring] = [:]
  /// The request waits until the handler releases it.
  private(set) var isHeld = false

  init(_ text: String) {
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { values[parts[0]] = parts[1] }
      if word == "hold" { isHeld = true }
    }
  }

  private func number(_ key: Substring) -> Int? { values[key].flatMap { Int($0) } }

  var sleep: Duration { .milliseconds(number("sleep") ?? 0) }
  var byteCount: Int { min(max(2, number("bytes") ?? 1024), 64 << 20) }
  var chunks: Int { max(1, number("chunks") ?? 4) }
  var chunkPause: Duration { .milliseconds(number("pause") ?? 0) }
  var failAfterChunks: Int? { number("failafter") }

  var killsProcess: Bool { number("kill") == 1 }

  func failure(attempt: Int) -> SpeechError? {
    guard let name = values["fail"], let code = SpeechError.Code(rawValue: String(name)) else { return nil }
    if let until = number("until"), attempt >= until { return nil }
    return SpeechError(code, "failed, as asked")
  }
}
