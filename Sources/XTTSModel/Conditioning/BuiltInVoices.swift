import Checkpoint
import Foundation
import SpeechCore

/// Reads the voices of a `speakers_xtts.pth`: a dictionary from a speaker's name to its two tensors.
enum BuiltInVoices {
  /// The largest number of speakers that is accepted.
  private static let maximumCount = 10_000

  /// - Returns: the voices in the file's order; empty when there is no file.
  /// - Throws: ``ModelError`` `unreadable`, or `inconsistent` for a voice of another model, naming the speaker.
  static func read(path: String, latentValueCount: Int, speakerSize: Int) throws(ModelError) -> [BuiltInVoice] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let root: PickleValue
    do throws(CheckpointError) {
      root = try Checkpoint.open(path).root
    } catch {
      throw ModelError(.unreadable, error.description)
    }
    guard let dictionary = root.dictionaryValue, dictionary.count <= maximumCount else {
      throw ModelError(.unreadable, "\(path) does not hold a dictionary of at most \(maximumCount) speakers")
    }
    var voices: [BuiltInVoice] = []
    for (name, value) in dictionary.entries {
      let values = { (key: String, count: Int) throws(ModelError) -> [Float] in
        guard let tensor = value[key]?.tensorValue, tensor.count == count else {
          throw ModelError(
            .inconsistent, "\(path): speaker \(name) has no \(key) of \(count) values, the size of model.pth")
        }
        do throws(CheckpointError) {
          return try tensor.floats()
        } catch {
          throw ModelError(.unreadable, error.description)
        }
      }
      voices.append(
        BuiltInVoice(
          name: name,
          conditioning: VoiceConditioning(
            gptLatents: try values("gpt_cond_latent", latentValueCount),
            speakerEmbedding: try values("speaker_embedding", speakerSize))))
    }
    return voices
  }
}
