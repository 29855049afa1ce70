/// How text is rewritten before it is tokenised (`text_normalization`).
public enum NormalizationMode: String, CaseIterable, Codable, Sendable {
  /// Numbers, money, dates, units and other written forms become words.
  case extended
  /// Byte for byte what the model saw in training, faults included.
  case upstream
  /// No rewriting: lower case and Latin letters for Chinese, Japanese and Korean, which the tokenizer needs. Digits and
  /// signs reach the model as they stand.
  case none
}
