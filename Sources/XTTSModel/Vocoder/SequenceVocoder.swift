/// Decodes one sequence's audio while its codes come, in windows that follow each other. Joined end to end they are the
/// sequence decoded at once.
public protocol SequenceVocoder: AnyObject {
  /// The audio that became certain with some more codes; it does not depend on how they were cut before.
  /// - Parameters:
  ///   - codes: the codes that came since the last window, counted from the sequence's start; may be none at the end.
  ///   - isLast: no more come.
  ///   - latents: of the sequence so far, `[≥ codes.upperBound, latentSize]` row-major.
  /// - Throws: ``ModelError`` `invalidArgument` for codes that don't follow, or latents that are not there.
  func decode(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> [Float]

  /// The same for another thread to decode; the sequence's next window is asked for when that is done. nil where only the
  /// calling thread can.
  func detached(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> KernelVocoderWindow?
}

extension SequenceVocoder {
  public func detached(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> KernelVocoderWindow? {
    nil
  }
}

/// Makes samples of latents, sequence by sequence.
public protocol LatentVocoder {
  /// Width of a latent: the GPT's hidden size.
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
  /// - Returns: samples in -1…1; none for no codes.
  public func decode(latents: [Float], speakerEmbedding: [Float], speed: Float = 1) throws(ModelError) -> [Float] {
    let codeCount = latents.count / latentSize
    guard codeCount * latentSize == latents.count else {
      throw ModelError(.invalidArgument, "\(latents.count) latent values are not rows of \(latentSize)")
    }
    return try sequence(speakerEmbedding: speakerEmbedding, speed: speed)
      .decode(codes: 0..<codeCount, isLast: true, latents: latents)
  }
}
