/// A decoder that processes many sequences at once on the model's device. Prompts are prefilled together, and the
/// device draws the codes, so that a step returns only codes and hidden states.
public protocol DeviceDecoder: GPTDecoder {
  /// Prefills whole prompts together, at most one per slot.
  func prefill(_ prompts: [(slot: Int, prompt: PromptEmbeddings)]) throws(ModelError)

  /// One decode step. Each row has one code as input and gets the next code, drawn as its sampler would draw it. The
  /// latest step may be repeated, with the same result.
  ///
  /// - Parameters:
  ///   - rows: at most one row per slot.
  ///   - samplers: the sampler of each row, in the state before the draw. They are not advanced.
  ///   - codes: receives `[rows]`: the code, or nil if a logit of the row is not a number.
  ///   - hidden: receives `[rows, hiddenSize]` float32, the same values as those of
  ///     ``GPTDecoder/decode(_:logits:hidden:)``.
  func decode(
    _ rows: [DecodeRow], samplers: [CodeSampler], codes: inout [Int?], hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError)

  /// The logits of a slot's last step, `[audioCodeCount]` float32.
  func logits(ofSlot slot: Int) throws(ModelError) -> [Float]
}
