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
}
