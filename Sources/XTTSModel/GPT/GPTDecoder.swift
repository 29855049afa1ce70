/// The autoregressive half of XTTS. From a prompt (voice and text) it computes audio codes, one code per step, for
/// several sequences at once. Each sequence has a slot of a preallocated KV cache; slots are independent.
///
/// Not thread-safe: only one engine thread may use a decoder.
public protocol GPTDecoder: AnyObject {
  /// The width of the hidden states.
  var hiddenSize: Int { get }
  /// The size of the audio vocabulary, start and stop codes included.
  var audioCodeCount: Int { get }
  /// The largest number of sequences at once.
  var slotCount: Int { get }
  /// The number of positions of a slot: conditioning latents, text tokens and audio codes together.
  var slotCapacity: Int { get }

  /// Runs prompt rows through the model and stores their keys and values in the slot. Pass the chunks of a prompt in
  /// order. A chunk that starts at row 0 discards the slot's earlier content.
  func prefill(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>) throws(ModelError)

  /// One decode step: every row has one code as input (the start code first) and gets the logits of the next code.
  ///
  /// - Parameters:
  ///   - rows: at most one row per slot.
  ///   - logits: receives `[rows, audioCodeCount]` float32.
  ///   - hidden: receives `[rows, hiddenSize]` float32, the normalised last hidden states, which are the vocoder's input.
  func decode(
    _ rows: [DecodeRow], logits: UnsafeMutableBufferPointer<Float>, hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError)
}

/// The row of one sequence in a decode step.
public struct DecodeRow: Sendable, Equatable {
  public var slot: Int
  /// The input: the start code, or the code that was drawn last.
  public var code: Int
  /// The number of earlier codes of the sequence: 0 for the start code.
  public var codeIndex: Int
  /// The number of prompt rows in the slot, which precede the codes.
  public var promptLength: Int

  public init(slot: Int, code: Int, codeIndex: Int, promptLength: Int) {
    self.slot = slot
    self.code = code
    self.codeIndex = codeIndex
    self.promptLength = promptLength
  }
}

/// The transformer's input for a prompt, `[rowCount, hiddenSize]` float32 row-major: conditioning latents, then text
/// tokens (start and stop tokens included) embedded with their positions.
public struct PromptEmbeddings: Sendable, Equatable {
  public var values: [Float]
  public var rowCount: Int

  public init(values: [Float], rowCount: Int) {
    self.values = values
    self.rowCount = rowCount
  }
}
