import Foundation
import SpeechCore

/// A form that was uploaded.
struct UploadedForm: Sendable {
  static let maximumFields = 32
  /// The largest text field, in bytes.
  static let maximumFieldBytes = 16 << 10

  /// Text fields by name; of several with one name, the last counts.
  var fields: [String: String] = [:]
  /// The files, in order, whose bytes stay on the disk.
  var files: [Data] = []
}

/// Collects the parts of a form: files on the disk, text fields in memory.
struct FormCollector {
  private enum Part {
    case none
    case field(String, Data)
    case file(UnnamedFile)
  }

  /// Names of fields that are files even without a file name.
  private static let fileNames: Set<String> = ["file", "audio_sample"]

  private let folder: String
  private var part = Part.none
  private var form = UploadedForm()

  init(folder: String) { self.folder = folder }

  /// - Throws: `invalid_request`, `audio_too_large` or, if the disk fails, `internal`.
  mutating func take(_ event: MultipartParser.Event) throws(SpeechError) {
    switch event {
    case .part(let name, let isFile):
      try endPart()
      if isFile || Self.fileNames.contains(name) {
        guard form.files.count < UploadLimits.files else {
          throw SpeechError(.invalidRequest, "a form may have at most \(UploadLimits.files) files", field: name)
        }
        part = .file(try UnnamedFile(folder: folder))
      } else {
        guard form.fields.count < UploadedForm.maximumFields else {
          throw SpeechError(
            .invalidRequest, "a form may have at most \(UploadedForm.maximumFields) fields", field: name)
        }
        part = .field(name, Data())
      }
    case .bytes(let bytes):
      switch part {
      case .none: break
      case .field(let name, let value):
        guard value.count + bytes.count <= UploadedForm.maximumFieldBytes else {
          throw SpeechError(
            .invalidRequest, "\(name) may have at most \(UploadedForm.maximumFieldBytes) bytes in a form", field: name)
        }
        part = .field(name, value + bytes)
      case .file(let file):
        guard file.count + bytes.count <= UploadLimits.fileBytes else {
          throw SpeechError(.audioTooLarge, "a file may have at most \(UploadLimits.fileBytes) bytes", field: "file")
        }
        try file.append(bytes)
      }
    }
  }

  /// - Throws: as ``take(_:)``.
  mutating func finish() throws(SpeechError) -> UploadedForm {
    try endPart()
    return form
  }

  private mutating func endPart() throws(SpeechError) {
    switch part {
    case .none: break
    case .field(let name, let value):
      guard let text = String(validating: value, as: UTF8.self) else {
        throw SpeechError(.invalidRequest, "\(name) is not UTF-8", field: name)
      }
      form.fields[name] = text
    case .file(let file):
      // A form without a chosen file has an empty one.
      if file.count > 0 { form.files.append(try file.data()) }
    }
    part = .none
  }
}

/// A file without a name, which the system removes when it is closed and no longer mapped.
private final class UnnamedFile {
  private let handle: FileHandle
  private(set) var count = 0

  init(folder: String) throws(SpeechError) {
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var path = Array((folder + "/.upload-XXXXXX").utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw Self.failure(String(cString: strerror(errno))) }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(path)
  }

  func append(_ bytes: Data) throws(SpeechError) {
    do {
      try handle.write(contentsOf: bytes)
    } catch {
      throw Self.failure(error.localizedDescription)
    }
    count += bytes.count
  }

  /// The content, mapped into memory.
  func data() throws(SpeechError) -> Data {
    guard let bytes = mmap(nil, count, PROT_READ, MAP_PRIVATE, handle.fileDescriptor, 0), bytes != MAP_FAILED else {
      throw Self.failure(String(cString: strerror(errno)))
    }
    return Data(bytesNoCopy: bytes, count: count, deallocator: .unmap)
  }

  private static func failure(_ reason: String) -> SpeechError {
    SpeechError(.internal, "the upload can't be stored: \(reason)")
  }
}
