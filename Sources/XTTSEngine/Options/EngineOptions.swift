/// The options of an engine. The model and the machine determine those that are nil.
public struct EngineOptions: Sendable {
  /// The precision of the GPT; the vocoder is always float32.
  public enum Precision: String, CaseIterable, Sendable {
    /// The best for the device: `int8` on a CPU, `bfloat16` on a GPU.
    case auto
    case float32
    case int8
    case bfloat16
    case float16
  }

  /// `cpu`, `cuda`, `cuda:N`, or `libtorch` for the GPU's code on the CPU; nil or `auto` uses a GPU if there is one.
  public var device: String?
  /// The precision of the GPT.
  public var precision = Precision.auto
  /// Whether a GPU's vocoder may round to TF32.
  public var allowsTF32 = false
  /// Makes GPU output independent of concurrent requests (slower): all steps have one shape, and prompts and windows are
  /// computed one by one. CPU output always is independent.
  public var isDeterministic = false
  /// The largest number of sequences decoded together; nil lets the device decide.
  public var slots: Int?
  /// The number of CPU threads for the model; nil for one per core.
  public var threads: Int?
  /// The number of requests that may wait for a slot; more are refused as `overloaded`.
  var waitingRequests = 64
  /// The largest number of segments of one request. It limits the audio that waits for a slow listener.
  var maximumSegments = 256
  /// The largest number of characters of one request after normalisation, which writes digits and symbols as words.
  public var maximumSpokenText = 20_000
  /// The largest number of codes of one segment, if less than the model's limit.
  var maximumCodes: Int?
  /// The numbers of codes that a text may take.
  var budget = CodeBudget()
  /// The windows of audio; nil for ``WindowPolicy/kernels`` on the CPU kernels and the default policy elsewhere.
  var windows: WindowPolicy?
  /// Whether a runaway segment is restarted once.
  var retriesRunaways = true
  /// The silence kept at the end of a segment; nil keeps all of it.
  var trailingSilence: Duration? = .milliseconds(150)
  /// The number of rows of one prefill chunk.
  var prefillChunk = 64
  /// The folder of a MeCab dictionary; nil searches the usual folders.
  public var japaneseDictionary: String?
  /// Whether the model runs once before the engine is ready, so that the first request is not slower.
  public var warmsUp = true
}

extension EngineOptions {
  /// The default options.
  public static let standard = EngineOptions()
}
