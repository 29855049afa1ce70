/// The headers of the contract.
enum HeaderName {
  static let deadline = "x-deadline"
  static let traceparent = "traceparent"
  /// The signature of a log entry.
  static let signature = "x-signature"
  /// The number of failed attempts so far.
  static let attempts = "x-attempts"
  /// The number of times the request was sent back because its user had enough waiting requests.
  static let postponements = "x-postponed"
  /// The number of workers that were lost while they held the request.
  static let lostWorkers = "x-lost-workers"
  static let sequence = "x-tts-sequence"
  static let isFinal = "x-tts-final"
  static let errorCode = "x-error-code"
  static let errorMessage = "x-error-message"
  static let originalQueue = "x-original-queue"
  /// The time at which a message was dead-lettered, in Unix milliseconds.
  static let deadAt = "x-dead-at"
  /// The headers that say why a message was dead-lettered.
  static let reasonHeaders: Set = [errorCode, errorMessage, attempts, originalQueue, deadAt, bodyCut, bodyByteCount]
  /// True on a dead-lettered message whose headers were omitted because they did not fit in a frame.
  static let headersCut = "x-headers-cut"
  /// True on a dead-lettered message whose body was omitted; ``bodyByteCount`` has its size.
  static let bodyCut = "x-body-cut"
  static let bodyByteCount = "x-body-bytes"
  /// On a waiting refused reply: the size of the reply, which is at the start of the body.
  static let replyByteCount = "x-reply-bytes"
  /// On a waiting refused reply: the number of refusals.
  static let replyRefusals = "x-reply-refusals"
  static let originalUserID = "x-original-user-id"
  /// Written by quorum queues: the number of earlier deliveries that were not settled.
  static let deliveryCount = "x-delivery-count"
}
