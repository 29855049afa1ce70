import Checkpoint
import Foundation
import SpeechCore

/// A file with the latents of a voice: reads `.json`, `.safetensors` and `.pth`, writes the first two.
///
/// JSON is as AllTalk keeps it: `gpt_cond_latent` of `[1, 32, 1024]` and `speaker_embedding` of `[1, 512, 1]` as nested
/// arrays. Dimensions of 1 may be absent. A `.pth` is read by the allow-list of ``Checkpoint``, which runs nothing.
struct VoiceFile: Equatable {
  static let field = "latents_base64"
  private static let latentsName = "gpt_cond_latent"
  private static let embeddingName = "speaker_embedding"
  /// Values of a tensor: 32,768 in the published model.
  private static let maximumValues = 1 << 20

  var conditioning: VoiceConditioning
  /// The values of a row of the latents.
  var hiddenSize: Int
  var displayName: String?
  var language: Language?

  // MARK: Reading

  /// - Throws: `invalid_request` with ``field``.
  init(reading file: Data) throws(SpeechError) {
    guard let kind = LatentsFile(firstBytes: file) else {
      throw Self.error("is no file of latents: .json, .safetensors or .pth with gpt_cond_latent and speaker_embedding")
    }
    let (latents, embedding): (NestedFloats, NestedFloats)
    switch kind {
    case .json:
      let object = try Self.json(file)
      latents = try NestedFloats(object[Self.latentsName], Self.latentsName)
      embedding = try NestedFloats(object[Self.embeddingName], Self.embeddingName)
      (displayName, language) = (object["display_name"]?.text, object["language"]?.text.flatMap(Language.init(tag:)))
    case .tensors:
      let checkpoint: Checkpoint
      do throws(CheckpointError) {
        checkpoint = try Checkpoint(Array(file), name: Self.field)
      } catch {
        throw SpeechError(.invalidRequest, error.description, field: Self.field)
      }
      let values = try Self.voice(in: checkpoint)
      latents = try NestedFloats(values[Self.latentsName]?.tensorValue, Self.latentsName)
      embedding = try NestedFloats(values[Self.embeddingName]?.tensorValue, Self.embeddingName)
      displayName = checkpoint.metadata["display_name"]
      language = checkpoint.metadata["language"].flatMap(Language.init(tag:))
    }
    guard latents.shape.count == 2, embedding.shape.count <= 1 else {
      throw Self.error("must have gpt_cond_latent of [1, 32, 1024] and speaker_embedding of [1, 512, 1]")
    }
    hiddenSize = latents.shape[1]
    conditioning = VoiceConditioning(gptLatents: latents.values, speakerEmbedding: embedding.values)
    guard conditioning.isBounded else {
      throw Self.error("has a value that is not a number, or above \(Int(VoiceConditioning.largestValue))")
    }
    if displayName?.isEmpty == true || displayName?.count ?? 0 > 200 { displayName = nil }
  }

  private static func json(_ file: Data) throws(SpeechError) -> JSONValue {
    do throws(JSONError) {
      return try Array(file).withUnsafeBufferPointer { bytes throws(JSONError) in
        try JSONValue(parsing: UnsafeRawBufferPointer(bytes))
      }
    } catch {
      throw Self.error("is not JSON: \(error.message)")
    }
  }

  /// The dictionary with both tensors: the file's root, or its only member, as in a file of speakers.
  private static func voice(in checkpoint: Checkpoint) throws(SpeechError) -> PickleValue {
    let root = checkpoint.root
    if root[latentsName] != nil { return root }
    let speakers = root.dictionaryValue?.entries.map(\.value).filter { $0[latentsName] != nil } ?? []
    guard speakers.count <= 1 else { throw error("has \(speakers.count) voices; a file may have one") }
    return speakers.first ?? root
  }

  static func error(_ text: String) -> SpeechError {
    SpeechError(.invalidRequest, "\(field) \(text)", field: field)
  }

  /// The values of an array of numbers, without dimensions of 1.
  private struct NestedFloats {
    var shape: [Int] = []
    var values: [Float] = []

    init(_ json: JSONValue?, _ name: String) throws(SpeechError) {
      guard let json else { throw Self.missing(name) }
      try add(json, depth: 0, name)
      shape.removeAll { $0 == 1 }
    }

    init(_ tensor: StoredTensor?, _ name: String) throws(SpeechError) {
      guard let tensor else { throw Self.missing(name) }
      guard tensor.count <= maximumValues else { throw Self.tooMany(name) }
      do throws(CheckpointError) {
        (shape, values) = (tensor.shape.filter { $0 != 1 }, try tensor.floats())
      } catch {
        throw SpeechError(.invalidRequest, error.description, field: field)
      }
    }

    private mutating func add(_ json: JSONValue, depth: Int, _ name: String) throws(SpeechError) {
      if case .number(let text) = json, depth == shape.count, let value = Float(text) {
        guard values.count < maximumValues else { throw Self.tooMany(name) }
        return values.append(value)
      }
      guard let elements = json.elements, !elements.isEmpty, depth < 4, values.isEmpty || depth < shape.count else {
        throw VoiceFile.error("must have \(name) as nested arrays of numbers")
      }
      if depth == shape.count { shape.append(elements.count) }
      guard shape[depth] == elements.count else { throw VoiceFile.error("has rows of unequal length in \(name)") }
      for element in elements { try add(element, depth: depth + 1, name) }
    }

    private static func missing(_ name: String) -> SpeechError { VoiceFile.error("has no \(name)") }
    private static func tooMany(_ name: String) -> SpeechError {
      VoiceFile.error("may have at most \(maximumValues) values in \(name)")
    }
  }

  // MARK: Writing

  init(_ conditioning: VoiceConditioning, hiddenSize: Int, _ voice: VoiceSummary) {
    (self.conditioning, self.hiddenSize) = (conditioning, hiddenSize)
    (displayName, language) = (voice.displayName, voice.language)
  }

  func written(as format: LatentsFormat) throws(SpeechError) -> Data {
    let (latents, embedding) = (conditioning.gptLatents, conditioning.speakerEmbedding)
    let about = ["display_name": displayName, "language": language?.rawValue].compactMapValues { $0 }
    switch format {
    case .json:
      let rows = stride(from: 0, to: latents.count, by: hiddenSize).map { start in
        JSONValue.array(latents[start..<min(start + hiddenSize, latents.count)].map(Self.number))
      }
      let column = embedding.map { JSONValue.array([Self.number($0)]) }
      let members = about.mapValues { JSONValue.string($0) }.merging([
        Self.latentsName: [.array(rows)], Self.embeddingName: [.array(column)],
      ]) { $1 }
      return Data(JSONValue(members).json().utf8)
    case .safetensors:
      do throws(CheckpointError) {
        let rows = latents.count / hiddenSize
        return Data(
          try SafetensorsWriter.bytes(
            [
              (Self.latentsName, TensorSource(floats: latents, shape: [1, rows, hiddenSize])),
              (Self.embeddingName, TensorSource(floats: embedding, shape: [1, embedding.count, 1])),
            ], metadata: about))
      } catch {
        throw SpeechError(.internal, error.description)
      }
    }
  }

  private static func number(_ value: Float) -> JSONValue { .number("\(value)") }
}
