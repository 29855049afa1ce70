/// The content of a generated tensor. The ranges keep activations near unit size through the whole model, so that a random
/// checkpoint exercises it as a trained one does, and let no weight be neutral, so that a dropped one shows.
enum TensorFill: Equatable {
  /// Uniform around `center`.
  case uniform(center: Float, halfRange: Float)
  /// The int64 one.
  case counter
  /// The fixed parts of the speaker encoder's spectrogram, which the published file also holds.
  case preEmphasis, hammingWindow, melFilterbank

  init(_ tensor: XTTSLayout.Entry) {
    let name = tensor.name
    let leaf = name.split(separator: ".").last ?? ""
    switch leaf {
    case "num_batches_tracked": self = .counter
    case "filter": self = .preEmphasis
    case "window": self = .hammingWindow
    case "fb": self = .melFilterbank
    // Log-mel values reach from -11.5 to about 5.
    case "mel_stats": self = .uniform(center: 4, halfRange: 1)
    case "running_mean", "bias": self = .uniform(center: 0, halfRange: 0.1)
    case "running_var": self = .uniform(center: 1, halfRange: 0.5)
    case "latents": self = .uniform(center: 0, halfRange: 0.5)
    // Together the four upsamplings keep the signal's size; residual branches stay below their trunk.
    case "original0":
      let isUpsampling = name.contains(".ups.")
      self = .uniform(center: isUpsampling ? 2 : 0.8, halfRange: isUpsampling ? 0.4 : 0.16)
    default:
      if leaf == "gamma" || tensor.shape.count == 1 {
        self = .uniform(center: 1, halfRange: 0.2)
      } else if name.contains("embedding.") {
        self = .uniform(center: 0, halfRange: 0.5)
      } else {
        self = .uniform(center: 0, halfRange: Float(Self.deviation(tensor) * 3.0.squareRoot()))
      }
    }
  }

  /// The standard deviation of a matrix or kernel.
  private static func deviation(_ tensor: XTTSLayout.Entry) -> Double {
    let name = tensor.name
    // The speaker embedding has length 1, not its width's root.
    if name.contains("waveform_decoder.cond") { return 0.5 }
    let isTransposed = name.contains(".c_attn.") || name.contains(".c_proj.") || name.contains(".c_fc.")
    let inputs = isTransposed ? tensor.shape[0] : tensor.shape.dropFirst().reduce(1, *)
    return gain(name) / Double(max(inputs, 1)).squareRoot()
  }

  private static func gain(_ name: String) -> Double {
    if name.contains("_head.") { return 3 }  // clear margins between codes
    if name.contains(".c_proj.") { return 0.5 }
    if name.contains(".conv_post.") { return 0.3 }
    if name.contains("speaker_encoder.") && name.contains("conv") { return 2.0.squareRoot() }
    return 1
  }
}
