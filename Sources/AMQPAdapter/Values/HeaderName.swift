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
  /// True on a message in the dead letters whose headers did not fit in a frame and were left out.
  static let headersCut = "x-headers-cut"
  /// True on a message in the dead letters whose body was left out; ``bodyByteCount`` tells how long it was.
  static let bodyCut = "x-body-cut"
  static let bodyByteCount = "x-body-bytes"
  static let bodyHeaders: Set = [bodyCut, bodyByteCount]
  /// On a refused reply that waits: how many bytes at the start of the body are the reply.
  static let replyByteCount = "x-reply-bytes"
  /// On a refused reply that waits: how often it was refused.
  static let replyRefusals = "x-reply-refusals"
  static let originalUserID = "x-original-user-id"
  /// Written by quorum queues: deliveries that were not settled.
  static let deliveryCount = "x-delivery-count"
}
