import Foundation

/// Splits a `multipart/form-data` body (RFC 7578) that comes in pieces. Pure.
struct MultipartParser {
  enum Event: Equatable {
    /// A part begins.
    case part(name: String, isFile: Bool)
    /// The next bytes of the part.
    case bytes(Data)
  }

  enum Failure: Error, Equatable {
    case malformed, headersTooLong
  }

  private enum State {
    case preamble, delimiter, headers, body, epilogue
  }

  private static let maximumHeaders = 8 << 10

  private let delimiter: Data
  private var state = State.preamble
  /// Begins with a line break, so that the first delimiter is like the others.
  private var buffer = Data("\r\n".utf8)

  init(boundary: String) {
    delimiter = Data("\r\n--\(boundary)".utf8)
  }

  /// The boundary of a content type; nil unless it is a form's, with one of 1 to 70 characters.
  static func boundary(ofContentType type: String) -> String? {
    let parts = type.split(separator: ";")
    guard parts.first?.trimmingCharacters(in: .whitespaces).lowercased() == "multipart/form-data" else { return nil }
    let boundary = parameters(of: type)["boundary"] ?? ""
    return (1...70).contains(boundary.utf8.count) ? boundary : nil
  }

  mutating func parse(_ piece: Data) throws(Failure) -> [Event] {
    buffer += piece
    var events: [Event] = []
    while try step(&events) {}
    buffer = Data(buffer)
    return events
  }

  /// - Throws: `malformed` unless the last delimiter came.
  func finish() throws(Failure) {
    guard state == .epilogue else { throw .malformed }
  }

  /// - Returns: false if more bytes are needed.
  private mutating func step(_ events: inout [Event]) throws(Failure) -> Bool {
    switch state {
    case .preamble, .body:
      guard let found = Self.range(of: delimiter, in: buffer) else {
        // The rest may be the start of a delimiter.
        emit(buffer.prefix(max(0, buffer.count - delimiter.count + 1)), &events)
        return false
      }
      emit(buffer[..<found.lowerBound], &events)
      buffer = buffer.dropFirst(delimiter.count)
      state = .delimiter
    case .delimiter:
      guard buffer.count >= 2 else { return false }
      if buffer.starts(with: Data("--".utf8)) {
        state = .epilogue
        return false
      }
      guard let end = Self.range(of: Data("\r\n".utf8), in: buffer) else {
        guard buffer.count < Self.maximumHeaders else { throw .malformed }
        return false
      }
      guard buffer[..<end.lowerBound].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { throw .malformed }
      // The line break stays: with it, empty headers end like others.
      buffer = buffer[end.lowerBound...]
      state = .headers
    case .headers:
      guard let end = Self.range(of: Data("\r\n\r\n".utf8), in: buffer) else {
        guard buffer.count <= Self.maximumHeaders else { throw .headersTooLong }
        return false
      }
      guard end.lowerBound - buffer.startIndex <= Self.maximumHeaders else { throw .headersTooLong }
      events.append(try Self.part(String(decoding: buffer[..<end.lowerBound], as: UTF8.self)))
      buffer = buffer[end.upperBound...]
      state = .body
    case .epilogue:
      buffer = Data()
      return false
    }
    return true
  }

  private mutating func emit(_ bytes: Data, _ events: inout [Event]) {
    if state == .body, !bytes.isEmpty { events.append(.bytes(Data(bytes))) }
    buffer = buffer.dropFirst(bytes.count)
  }

  private static func range(of pattern: Data, in data: Data) -> Range<Int>? {
    let offset = data.withUnsafeBytes { data in
      pattern.withUnsafeBytes { pattern -> Int? in
        guard let start = data.baseAddress, let bytes = pattern.baseAddress else { return nil }
        var at = 0
        while at + pattern.count <= data.count {
          let rest = data.count - pattern.count + 1 - at
          guard let found = memchr(start + at, CInt(pattern[0]), rest) else { return nil }
          at = UnsafeRawPointer(found) - start
          if memcmp(found, bytes, pattern.count) == 0 { return at }
          at += 1
        }
        return nil
      }
    }
    return offset.map { data.startIndex + $0..<data.startIndex + $0 + pattern.count }
  }

  private static func part(_ headers: String) throws(Failure) -> Event {
    let lines = headers.components(separatedBy: "\r\n")
    let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") }
    guard let disposition, let name = parameters(of: disposition)["name"] else { throw .malformed }
    let values = parameters(of: disposition)
    return .part(name: name, isFile: values["filename"] != nil || values["filename*"] != nil)
  }

  /// The parameters after the first semicolon, by lower-case name.
  private static func parameters(of header: String) -> [String: String] {
    var parameters: [String: String] = [:]
    var rest = header[...].drop { $0 != ";" }
    while let start = rest.firstIndex(where: { $0 != ";" && $0 != " " && $0 != "\t" }) {
      rest = rest[start...]
      guard let equals = rest.firstIndex(of: "="), !rest[..<equals].contains(";") else {
        rest = rest.drop { $0 != ";" }
        continue
      }
      let name = rest[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
      rest = rest[rest.index(after: equals)...]
      var value = ""
      if rest.first == "\"" {
        rest = rest.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
          value.append(character == "\\" && rest.first == "\"" ? rest.removeFirst() : character)
        }
      } else {
        value = String(rest.prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces)
        rest = rest.drop { $0 != ";" }
      }
      parameters[name] = value
    }
    return parameters
  }
}
