/// Decodes the audio of one sequence while its codes arrive, in consecutive windows. The windows, concatenated, are the
/// sequence decoded at once.
public protocol SequenceVocoder: AnyObject {
  /// The audio that the new codes determine. It does not depend on how the earlier codes were divided.
  /// - Parameters:
  ///   - codes: the new codes since the last window, counted from the sequence's start; may be empty at the end.
  ///   - isLast: whether these are the last codes.
  ///   - latents: the latents of the sequence so far, `[≥ codes.upperBound, latentSize]` row-major.
  func decode(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> [Float]

  /// The same window, to be decoded on another thread. Request the sequence's next window only after it is decoded. Nil
  /// if only the calling thread can decode.
  func detached(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> KernelVocoderWindow?
}

extension SequenceVocoder {
  public func detached(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> KernelVocoderWindow? {
    nil
  }
}

/// Converts latents to samples, sequence by sequence.
public protocol LatentVocoder {
  /// The width of a latent: the GPT's hidden size.
  var latentSize: Int { get }

  /// Begins a sequence.
  /// - Parameters:
  ///   - speakerEmbedding: `[speakerSize]`.
  ///   - speed: 0.5–2; above 1 is faster.
  func sequence(speakerEmbedding: [Float], speed: Float) throws(ModelError) -> any SequenceVocoder
}

extension LatentVocoder {
  /// Decodes a whole sequence at once.
  /// - Parameters:
  ///   - latents: `[codes, latentSize]` row-major: the normalised hidden states of the steps that drew the codes.
  ///   - speakerEmbedding: `[speakerSize]`.
  /// - Returns: samples in -1…1; empty without codes.
  public func decode(latents: [Float], speakerEmbedding: [Float], speed: Float = 1) throws(ModelError) -> [Float] {
    let codeCount = latents.count / latentSize
    guard codeCount * latentSize == latents.count else {
      throw ModelError(.invalidArgument, "\(latents.count) latent values are not rows of \(latentSize)")
    }
    return try sequence(speakerEmbedding: speakerEmbedding, speed: speed)
      .decode(codes: 0..<codeCount, isLast: true, latents: latents)
  }
}
