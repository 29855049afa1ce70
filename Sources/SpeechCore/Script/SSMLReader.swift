import CExpat

/// Reads a document with Expat. Document type declarations are refused, so there are only the five entities of XML,
/// and nothing is ever fetched.
enum SSMLReader {
  static let maximumBytes = 1 << 20
  static let maximumDepth = 32

  /// - Throws: `invalid_ssml` with line and column, or `unsupported_ssml` with the element.
  static func read(_ text: String) throws(SpeechError) -> SpeechScript {
    let count = text.utf8.count
    guard count <= maximumBytes else {
      throw SpeechError(
        .invalidSSML, "text has \(count) bytes of SSML; at most \(maximumBytes) are allowed", field: "text")
    }
    // The text is Unicode already, and its XML declaration may name another encoding.
    guard let parser = XML_ParserCreate("UTF-8") else {
      throw SpeechError(.internal, "there is no memory for a parser")
    }
    defer { XML_ParserFree(parser) }
    let state = State(parser)
    XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
    XML_SetElementHandler(
      parser,
      { State.of($0)?.start($1, $2) },
      { data, _ in State.of(data)?.perform { $0.close() } })
    XML_SetCharacterDataHandler(parser) { data, bytes, count in
      guard let bytes else { return }
      let text = bytes.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
        String(decoding: UnsafeBufferPointer(start: $0, count: Int(count)), as: UTF8.self)
      }
      State.of(data)?.perform { $0.append(text) }
    }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
      State.of(data)?.perform { _ throws(SSMLProblem) in
        throw SSMLProblem(.invalidSSML, "a document type declaration is not allowed")
      }
    }
    // A trailing zero: Expat needs a pointer even for no bytes.
    let status = Array(text.utf8CString).withUnsafeBufferPointer {
      XML_Parse(parser, $0.baseAddress, Int32(count), 1)
    }
    if let (problem, place) = state.failure { throw problem.error(place) }
    guard status == XML_STATUS_OK else {
      let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "not XML"
      throw SSMLProblem(.invalidSSML, reason).error(state.place)
    }
    return state.builder.script
  }

  /// The handlers' state: the script so far, or the first problem, after which the parser stops.
  private final class State {
    let parser: XML_Parser
    var builder = SSMLBuilder()
    var failure: (SSMLProblem, String)?

    init(_ parser: XML_Parser) { self.parser = parser }

    static func of(_ data: UnsafeMutableRawPointer?) -> State? {
      data.map { Unmanaged<State>.fromOpaque($0).takeUnretainedValue() }
    }

    var place: String {
      "line \(XML_GetCurrentLineNumber(parser)), column \(Int(XML_GetCurrentColumnNumber(parser)) + 1)"
    }

    func start(_ name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
      var values: [String: String] = [:]
      var next = attributes
      while let pair = next, let key = pair[0], let value = pair[1] {
        values[String(cString: key)] = String(cString: value)
        next = pair + 2
      }
      let name = name.map { String(cString: $0) } ?? ""
      perform { builder throws(SSMLProblem) in try builder.start(name, values) }
    }

    func perform(_ change: (inout SSMLBuilder) throws(SSMLProblem) -> Void) {
      guard failure == nil else { return }
      do throws(SSMLProblem) {
        try change(&builder)
      } catch {
        failure = (error, place)
        XML_StopParser(parser, 0)
      }
    }
  }
}

/// A problem of markup without its place.
struct SSMLProblem: Error {
  var code: SpeechError.Code
  var message: String

  init(_ code: SpeechError.Code, _ message: String) {
    (self.code, self.message) = (code, message)
  }

  func error(_ place: String) -> SpeechError {
    SpeechError(code, code == .unsupportedLanguage ? message : "text is SSML: \(message) (\(place))", field: "text")
  }
}
