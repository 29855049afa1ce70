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

  /// Runs rows of prompts through the model and stores their keys and values in the slots. Pass the chunks of a prompt in
  /// order. A chunk that starts at row 0 discards the slot's earlier content. Rows that the slot holds may be repeated.
  func prefill(_ chunks: [PromptChunk]) throws(ModelError)

  /// One decode step: every row has one code as input (the start code first) and gets the next code, drawn by its
  /// sampler. The latest step may be repeated, with the same result.
  ///
  /// - Parameters:
  ///   - rows: at most one row per slot.
  ///   - samplers: the sampler of each row, in the state before the draw. They are not advanced.
  /// - Returns: one result per row. Drop them before the next step, which then reuses their memory.
  func decode(_ rows: [DecodeRow], samplers: [CodeSampler]) throws(ModelError) -> [DecodedRow]
}

/// Some rows of a prompt and their slot.
public struct PromptChunk: Sendable, Equatable {
  /// The slot of the prompt's sequence.
  public var slot: Int
  /// The whole prompt.
  public var prompt: PromptEmbeddings
  /// The rows to prefill.
  public var rows: Range<Int>

  /// Some rows of `prompt`; nil stands for all.
  public init(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>? = nil) {
    self.slot = slot
    self.prompt = prompt
    self.rows = rows ?? 0..<prompt.rowCount
  }
}

/// The result of one row of a decode step.
public struct DecodedRow: Sendable {
  /// The next code, or the reason why none could be drawn.
  public var code: Result<Int, ModelError>
  /// `[hiddenSize]` float32: the normalised last hidden state, which is the vocoder's input.
  public var latent: ArraySlice<Float>
  /// `[audioCodeCount]` float32: the scores before sampling; empty unless the row needs them.
  public var logits: ArraySlice<Float>
}

/// The row of one sequence in a decode step.
public struct DecodeRow: Sendable, Equatable {
  /// The sequence's slot.
  public var slot: Int
  /// The input: the start code, or the code that was drawn last.
  public var code: Int
  /// The number of earlier codes of the sequence: 0 for the start code.
  public var codeIndex: Int
  /// The number of prompt rows in the slot, which precede the codes.
  public var promptLength: Int
  /// Whether the result contains the logits.
  public var needsLogits: Bool

  /// A row of a step.
  public init(slot: Int, code: Int, codeIndex: Int, promptLength: Int, needsLogits: Bool = false) {
    self.needsLogits = needsLogits
    self.slot = slot
    self.code = code
    self.codeIndex = codeIndex
    self.promptLength = promptLength
  }
}

/// The transformer's input for a prompt, `[rowCount, hiddenSize]` float32 row-major: conditioning latents, then text
/// tokens (start and stop tokens included) embedded with their positions.
public struct PromptEmbeddings: Sendable, Equatable {
  /// `[rowCount, hiddenSize]`.
  var values: [Float]
  /// The number of rows.
  var rowCount: Int
}
