/// The autoregressive half of XTTS: turns a prompt (voice and text) into audio codes, one code a step, for several
/// sequences at once. Each sequence lives in a slot of a preallocated KV cache; slots share nothing.
///
/// Not thread-safe: one engine thread owns a decoder.
public protocol GPTDecoder: AnyObject {
  /// Width of the hidden states.
  var hiddenSize: Int { get }
  /// Size of the audio vocabulary, start and stop codes included.
  var audioCodeCount: Int { get }
  var slotCount: Int { get }
  /// Most positions a slot holds: conditioning latents, text tokens and audio codes together.
  var slotCapacity: Int { get }

  /// Runs prompt rows through the model and keeps their keys and values in the slot. Chunks of one prompt are given in
  /// order, the first starting at row 0; a slot's earlier content is forgotten then.
  func prefill(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>) throws(ModelError)

  /// One step: every row takes one code as input (the start code first) and gets the logits of the code that follows.
  ///
  /// - Parameters:
  ///   - rows: at most one row a slot.
  ///   - logits: receives `[rows, audioCodeCount]` float32.
  ///   - hidden: receives `[rows, hiddenSize]` float32, the normalised last hidden states, which are the vocoder's input.
  func decode(
    _ rows: [DecodeRow], logits: UnsafeMutableBufferPointer<Float>, hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError)
}

/// One sequence's part in a decode step.
public struct DecodeRow: Sendable, Equatable {
  public var slot: Int
  /// The input: the start code, or the code drawn last.
  public var code: Int
  /// How many codes the sequence took before this one: 0 for the start code.
  public var codeIndex: Int
  /// Prompt rows in the slot, which come before the codes.
  public var promptLength: Int

  public init(slot: Int, code: Int, codeIndex: Int, promptLength: Int) {
    self.slot = slot
    self.code = code
    self.codeIndex = codeIndex
    self.promptLength = promptLength
  }
}

/// The prompt as the transformer sees it, `[rowCount, hiddenSize]` float32 row-major: conditioning latents, then
/// text tokens (start and stop tokens included) embedded with their positions.
public struct PromptEmbeddings: Sendable, Equatable {
  public var values: [Float]
  public var rowCount: Int

  public init(values: [Float], rowCount: Int) {
    self.values = values
    self.rowCount = rowCount
  }
}
