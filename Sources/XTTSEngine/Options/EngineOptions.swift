import XTTSText

/// How an engine runs. What is not set is decided by the model and the machine.
public struct EngineOptions: Sendable {
  /// What the GPT computes in; the vocoder is always float32.
  public enum Precision: String, CaseIterable, Sendable {
    /// The best for the device: `int8` on a CPU, `bfloat16` on a GPU.
    case auto
    case float32
    case int8
    case bfloat16
    case float16
  }

  /// `cpu`, `cuda`, `cuda:N`, or `libtorch` for a GPU's code path on the CPU; nil or `auto` takes a GPU where there is
  /// one.
  public var device: String?
  public var precision = Precision.auto
  /// Whether a GPU's vocoder may round to TF32.
  public var allowsTF32 = false
  /// On a GPU: all steps in one shape, prompts and windows one by one, so that a request's bytes don't depend on the
  /// others. The CPU's never do.
  public var isDeterministic = false
  /// Most sequences decoded together; nil decides by the device.
  public var slots: Int?
  /// CPU threads for the model; nil takes one a core.
  public var threads: Int?
  /// Requests that may wait for a slot; more are refused as `overloaded`.
  public var waitingRequests = 64
  /// Most segments of one request: bounds the audio that waits for a slow listener.
  public var maximumSegments = 256
  /// Most characters of one request after normalisation: digits and symbols become many words.
  public var maximumSpokenText = 20_000
  /// Most codes of one segment, if less than the model's own limit.
  public var maximumCodes: Int?
  public var budget = CodeBudget()
  /// nil: ``WindowPolicy/kernels`` where they compute, the default's elsewhere.
  public var windows: WindowPolicy?
  /// Whether a runaway segment is taken up again once.
  public var retriesRunaways = true
  /// Silence left at the end of a segment; nil leaves all of it.
  public var trailingSilence: Duration? = .milliseconds(150)
  /// Rows of one prefill chunk.
  public var prefillChunk = 64
  public var normalization = NormalizationMode.extended
  /// Folder of a MeCab dictionary; nil looks in the usual places.
  public var japaneseDictionary: String?
  /// Whether the model speaks once before the engine is ready, so that the first request pays for nothing.
  public var warmsUp = true
}

extension EngineOptions {
  public static let standard = EngineOptions()
}
