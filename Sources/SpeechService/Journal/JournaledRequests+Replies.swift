import Foundation
import SpeechCore

/// Replies to stored form and back.
extension JournaledRequests {
  /// Without the audio, which is kept beside it.
  static func encoded(_ reply: SynthesisReply) throws(SpeechError) -> Data {
    var bare = reply
    bare.audio = nil
    return try encode(bare)
  }

  static func replay(
    _ stored: StoredReply, to onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    var reply = try decode(SynthesisReply.self, stored.reply)
    guard let onAudio else {
      reply.audio = stored.audio
      return reply
    }
    var rest = (stored.audio ?? Data())[...]
    do {
      for count in stored.chunkByteCounts {
        try await onAudio(Data(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      if !rest.isEmpty { try await onAudio(Data(rest)) }
    } catch {
      throw SpeechError(describing: error)
    }
    return reply
  }

  static func fingerprint(_ request: SynthesisRequest) throws(SpeechError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do { return digest([try encoder.encode(request)]) } catch { throw SpeechError(describing: error) }
  }

  static func fingerprint(_ request: VoiceRegistration) -> String {
    let samples = request.samples.map { sample in
      switch sample {
      case .named(let name): Data("name \(name)".utf8)
      case .inline(let audio): audio
      case .url(let url): Data("url \(url)".utf8)
      }
    }
    let fields = [request.displayName, request.language?.rawValue, request.userID, request.sourceNote]
    return digest(fields.map { Data(($0 ?? "\0").utf8) } + samples)
  }

  /// SHA-256 over the parts, each with its length, so that no two lists of parts read the same.
  static func digest(_ parts: [Data]) -> String {
    var hash = SHA256()
    for part in parts {
      hash.update(data: Data("\(part.count) ".utf8))
      hash.update(data: part)
    }
    return hash.finalize().hexadecimal
  }

  static func encode(_ value: some Encodable) throws(SpeechError) -> Data {
    do { return try JSONEncoder().encode(value) } catch { throw SpeechError(describing: error) }
  }

  static func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws(SpeechError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw SpeechError(.internal, "a stored reply can't be read")
    }
  }
}
