/// A decoder that works on many sequences at a time where the model lives: prompts go in together, and codes are drawn
/// there, so that a step brings back codes and hidden states only.
public protocol DeviceDecoder: GPTDecoder {
  /// Runs whole prompts through the model together, at most one a slot.
  func prefill(_ prompts: [(slot: Int, prompt: PromptEmbeddings)]) throws(ModelError)

  /// One step: every row takes one code as input and gets the code that follows, drawn as its sampler would. A step may
  /// be taken again, with the same result, until a later one was.
  ///
  /// - Parameters:
  ///   - rows: at most one row a slot.
  ///   - samplers: of each row, standing where the next code is to be drawn. They are not advanced.
  ///   - codes: receives `[rows]`: the code, or nil where the model gave a logit that is not a number.
  ///   - hidden: receives `[rows, hiddenSize]` float32, as ``GPTDecoder/decode(_:logits:hidden:)`` gives it.
  func decode(
    _ rows: [DecodeRow], samplers: [CodeSampler], codes: inout [Int?], hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError)

  /// `[audioCodeCount]` float32: the logits of a slot's last step.
  func logits(ofSlot slot: Int) throws(ModelError) -> [Float]
}
