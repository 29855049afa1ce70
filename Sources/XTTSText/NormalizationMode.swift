/// How text is cleaned before it is tokenized (the `text_normalization` setting).
public enum NormalizationMode: String, CaseIterable, Codable, Sendable {
  /// Byte for byte what the model saw in training, faults included.
  case upstream
  /// First rewrites what upstream would misread (times, dates, URLs, units …); other text is untouched by it.
  case extended
  /// No rewriting: lower case and Latin letters for Chinese, Japanese and Korean, which the tokenizer needs. Digits and
  /// signs reach the model as they stand.
  case none
}
