import Foundation
import SpeechCore

/// The reference clips of registered voices: `XTTS_VOICE_DIR/<database>/<sha256>.flac`.
///
/// Each database has its own folder, so replicas may share a volume. Files are written and removed only under the write
/// lock of the database, so files and rows stay consistent across processes and crashes.
struct SampleDirectory: Sendable {
  let path: String

  init(voiceDirectory: String, replicaID: String) {
    path = (voiceDirectory as NSString).appendingPathComponent(String(replicaID.prefix(12)))
  }

  func store(_ sample: VoiceSample) throws(SpeechError) {
    guard Self.digest(sample.audio) == sample.digest, let file = filePath(digest: sample.digest) else {
      throw SpeechError(.internal, "a voice sample does not match its digest")
    }
    // A file of that name is whole, and its name says what it holds.
    guard !FileManager.default.fileExists(atPath: file) else { return }
    try DurableFile.write(sample.audio, to: file)
  }

  func load(digest: String) throws(SpeechError) -> Data {
    guard let file = filePath(digest: digest), let audio = FileManager.default.contents(atPath: file) else {
      throw SpeechError(.internal, "a voice's sample file is missing")
    }
    guard Self.digest(audio) == digest else {
      throw SpeechError(.internal, "a voice's sample file was changed on disk")
    }
    return audio
  }

  func remove(digest: String) {
    guard let file = filePath(digest: digest) else { return }
    unlink(file)
  }

  /// Digests of all files here; temporary files of writes that were cut off are removed.
  func sweepTemporaryFiles() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasSuffix(DurableFile.temporarySuffix) {
      unlink((path as NSString).appendingPathComponent(name))
    }
    return names.filter { $0.hasSuffix(".flac") }.map { String($0.dropLast(5)) }.filter(Self.isDigest)
  }

  private func filePath(digest: String) -> String? {
    guard Self.isDigest(digest) else { return nil }
    return (path as NSString).appendingPathComponent("\(digest).flac")
  }

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  private static func digest(_ data: Data) -> String { SHA256.hash(data: data).hexadecimal }
}
