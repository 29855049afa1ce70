import Checkpoint
import Foundation
import SpeechCore
import TestSupport
import Testing

@testable import SpeechService

/// Files with the latents of a voice.
struct VoiceFileTests {
  private let folder: ScratchDirectory
  private static let latents: [Float] = [0.5, -1.25, 3e-5, 4, 5, 6]
  private static let embedding: [Float] = [0.1, 0.2, 0.3, 0.4]

  init() throws { folder = try ScratchDirectory("voice-file") }

  private var voice: VoiceConditioning {
    VoiceConditioning(gptLatents: Self.latents, speakerEmbedding: Self.embedding)
  }

  private func json(_ text: String) throws -> VoiceFile { try VoiceFile(reading: Data(text.utf8)) }

  @Test(arguments: LatentsFormat.allCases)
  func anExportedVoiceIsReadBackExactly(format: LatentsFormat) throws {
    let summary = VoiceSummary(voiceID: "x", displayName: "Äda", language: .german)
    let file = try VoiceFile(voice, hiddenSize: 3, summary).written(as: format)
    #expect(LatentsFile(firstBytes: file) != nil)
    let read = try VoiceFile(reading: file)
    #expect(read == VoiceFile(voice, hiddenSize: 3, summary))
  }

  /// The form of AllTalk, whose program reads nothing but the two members and reshapes nothing.
  @Test func jsonHasTheShapesOfUpstreamsTensors() throws {
    let summary = VoiceSummary(voiceID: "x", displayName: "A", language: .english)
    let file = try VoiceFile(voice, hiddenSize: 3, summary).written(as: .json)
    let object = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
    let latents = try #require(object["gpt_cond_latent"] as? [[[Double]]])
    let embedding = try #require(object["speaker_embedding"] as? [[[Double]]])
    #expect(latents.count == 1 && latents[0].count == 2 && latents[0][0].count == 3)
    #expect(embedding.count == 1 && embedding[0].count == 4 && embedding[0][0].count == 1)
  }

  @Test func dimensionsOfOneMayBeAbsent() throws {
    let read = try json(
      #"{"gpt_cond_latent": [[0.5, -1.25, 3e-5], [4, 5, 6]], "speaker_embedding": [0.1, 0.2, 0.3, 0.4]}"#)
    #expect(read.conditioning == voice && read.hiddenSize == 3 && read.displayName == nil)
  }

  @Test func aDictionaryOfTensorsIsRead() throws {
    let tensors: [(key: String, value: TorchValue)] = [
      ("gpt_cond_latent", .tensor(TensorSource(floats: Self.latents, shape: [1, 2, 3]))),
      ("speaker_embedding", .tensor(TensorSource(floats: Self.embedding, shape: [1, 4, 1], scalarType: .float32))),
    ]
    // A single voice may be inside a file of speakers.
    for root in [TorchValue.dictionary(tensors), .dictionary([("Ada", .dictionary(tensors))])] {
      let read = try VoiceFile(reading: try pth(root))
      #expect(read.conditioning == voice && read.hiddenSize == 3)
    }
    let two = try pth(.dictionary([("Ada", .dictionary(tensors)), ("Bo", .dictionary(tensors))]))
    #expect(throws: SpeechError.self) { try VoiceFile(reading: two) }
  }

  private func pth(_ value: TorchValue) throws -> Data {
    let path = folder.path("\(UUID().uuidString).pth")
    try TorchZipWriter.write(value, to: path)
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  @Test func aPickleThatNamesCodeIsRefused() throws {
    let file = try pth(
      .dictionary([("gpt_cond_latent", .object(module: "os", name: "system", attributes: [])), ("x", .int(1))]))
    let error = #expect(throws: SpeechError.self) { try VoiceFile(reading: file) }
    #expect(error?.field == "latents_base64" && error?.message.contains("os.system") == true)
  }

  @Test(arguments: [
    ("RIFF", "no file of latents"), ("{", "not JSON"), ("{}", "no gpt_cond_latent"),
    (#"{"gpt_cond_latent": [[1, 2], [3]], "speaker_embedding": [1, 2]}"#, "unequal length"),
    (#"{"gpt_cond_latent": [[1, 2], 3], "speaker_embedding": [1, 2]}"#, "nested arrays of numbers"),
    (#"{"gpt_cond_latent": [], "speaker_embedding": [1, 2]}"#, "nested arrays of numbers"),
    (#"{"gpt_cond_latent": [[[[[1]]]]], "speaker_embedding": [1, 2]}"#, "nested arrays of numbers"),
    (#"{"gpt_cond_latent": ["1"], "speaker_embedding": [1, 2]}"#, "nested arrays of numbers"),
    (#"{"gpt_cond_latent": [1, 2], "speaker_embedding": [1, 2]}"#, "[1, 32, 1024]"),
    (#"{"gpt_cond_latent": [[1, 2], [3, 4]], "speaker_embedding": [[1, 2], [3, 4]]}"#, "[1, 512, 1]"),
    (#"{"gpt_cond_latent": [[1, 2], [3, 1e39]], "speaker_embedding": [1, 2]}"#, "above 1000000"),
    (#"{"gpt_cond_latent": [[1, 2], [3, -2e6]], "speaker_embedding": [1, 2]}"#, "above 1000000"),
    (#"{"gpt_cond_latent": [[1, 2], [3, NaN]], "speaker_embedding": [1, 2]}"#, "not JSON"),
  ])
  func otherFilesAreRefusedWithAReason(text: String, reason: String) throws {
    let error = #expect(throws: SpeechError.self) { try json(text) }
    #expect(error?.code == .invalidRequest && error?.field == "latents_base64")
    #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func damagedTensorFilesAreRefused() throws {
    let nan = try SafetensorsWriter.bytes([
      ("gpt_cond_latent", TensorSource(floats: [1, .nan, 3, 4], shape: [2, 2])),
      ("speaker_embedding", TensorSource(floats: [1, 2], shape: [2])),
    ])
    let whole = try VoiceFile(voice, hiddenSize: 3, VoiceSummary(voiceID: "", displayName: "", language: .english))
      .written(as: .safetensors)
    let integers = try SafetensorsWriter.bytes([
      ("gpt_cond_latent", TensorSource(integers: [1, 2, 3, 4], shape: [2, 2])),
      ("speaker_embedding", TensorSource(floats: [1, 2], shape: [2])),
    ])
    for file in [Data(nan), Data(integers), whole.dropLast(3), Data([0x50, 0x4B, 3, 4, 9, 9])] {
      let error = #expect(throws: SpeechError.self) { try VoiceFile(reading: Data(file)) }
      #expect(error?.code == .invalidRequest && error?.field == "latents_base64")
    }
  }

  /// Any bytes end in a voice or a typed error.
  @Test func mutatedFilesAreReadOrRefused() throws {
    var random = SplitMix64(seed: 5)
    let summary = VoiceSummary(voiceID: "x", displayName: "A", language: .english)
    for format in LatentsFormat.allCases {
      let file = try VoiceFile(voice, hiddenSize: 3, summary).written(as: format)
      for _ in 0..<300 {
        var damaged = file
        for _ in 0..<1 + random.next() % 4 {
          damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        do throws(SpeechError) {
          #expect(try VoiceFile(reading: damaged).conditioning.isBounded)
        } catch {
          #expect(error.code == .invalidRequest && error.field == "latents_base64", "\(error)")
        }
      }
    }
  }
}
