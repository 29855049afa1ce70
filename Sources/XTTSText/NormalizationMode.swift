/// How text is cleaned before it is tokenized (the `text_normalization` setting).
public enum NormalizationMode: String, CaseIterable, Codable, Sendable {
  /// Byte for byte what the model saw in training, faults included.
  case upstream
  /// First rewrites what upstream would misread (times, dates, URLs, units …); other text is untouched by it.
  case extended
}
