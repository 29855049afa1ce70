/// The headers of the contract.
enum HeaderName {
  static let deadline = "x-deadline"
  static let traceparent = "traceparent"
  /// Attempts that failed so far.
  static let attempts = "x-attempts"
  /// Times it was sent back because its user had enough waiting.
  static let postponements = "x-postponed"
  static let sequence = "x-tts-sequence"
  static let isFinal = "x-tts-final"
  static let errorCode = "x-error-code"
  static let errorMessage = "x-error-message"
  static let originalQueue = "x-original-queue"
  static let originalUserID = "x-original-user-id"
  /// Written by quorum queues: deliveries that were not settled.
  static let deliveryCount = "x-delivery-count"
}
