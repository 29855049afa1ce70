/// The built-in speakers of a random checkpoint: `speakers_xtts.pth`, a dictionary from the name to the GPT's
/// conditioning latents `[1, latents, width]` and the vocoder's speaker embedding `[1, width, 1]` of length 1.
struct DemoVoices {
  static let names = ["Demo Alto", "Demo Tenor", "Demo Bass"]

  let dimensions: XTTSDimensions
  let seed: UInt64

  var value: TorchValue {
    .dictionary(
      Self.names.map { name in
        (
          name,
          .dictionary([
            ("gpt_cond_latent", latents(name)),
            ("speaker_embedding", embedding(name)),
          ])
        )
      })
  }

  /// Elements of unit size, as the perceiver's last norm gives them.
  private func latents(_ name: String) -> TorchValue {
    let random = CounterRandom(seed: seed, name: "\(name).gpt_cond_latent")
    let halfRange = Float(3.0.squareRoot())
    let count = dimensions.perceiverLatentCount * dimensions.width
    return .tensor(
      TensorSource(
        floats: (0..<count).map { random.symmetric($0) * halfRange },
        shape: [1, dimensions.perceiverLatentCount, dimensions.width]))
  }

  private func embedding(_ name: String) -> TorchValue {
    let random = CounterRandom(seed: seed, name: "\(name).speaker_embedding")
    let values = (0..<dimensions.speakerEmbeddingWidth).map { Double(random.symmetric($0)) }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return .tensor(
      TensorSource(floats: values.map { Float($0 / length) }, shape: [1, dimensions.speakerEmbeddingWidth, 1]))
  }
}
