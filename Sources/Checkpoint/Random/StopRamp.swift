/// Makes a random checkpoint end its utterances, as a trained one does: one channel of the audio position embedding
/// rises with the position, and the stop code's logit listens to that channel alone.
struct StopRamp: Equatable {
  /// The position at which the channel crosses zero; sampling ends some 25 codes later.
  let center: Int

  private static let slope: Float = 0.1
  private static let limit: Float = 6
  private static let stopWeight: Float = 4

  /// The changes to the tensor `name`: flat indices and their new values.
  func changes(_ name: String, _ dimensions: XTTSDimensions) -> [(index: Int, value: Float)] {
    let width = dimensions.width
    switch name {
    case "gpt.mel_pos_embedding.emb.weight":
      return (0..<dimensions.audioPositionCount).map { position in
        (position * width, min(max(Self.slope * Float(position - center), -Self.limit), Self.limit))
      }
    case "gpt.mel_head.weight":
      return (0..<width).map { (dimensions.stopCode * width + $0, $0 == 0 ? Self.stopWeight : 0) }
    default: return []
    }
  }
}
