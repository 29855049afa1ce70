/// How much of each kind of work a backend takes in one step.
struct StepLimits: Sendable, Equatable {
  /// Rows of one prompt's chunk; nil leaves it to the options.
  var prefillChunk: Int?
  var prefillRows: Int
  var vocodedCodes: Int
}
