import Foundation

/// A request that could not be answered, with the start of its text in place of its body.
public struct DeadLetter: Sendable, Equatable, Encodable {
  /// Computed from the message: 32 hex digits. Equal messages have the same.
  public var id: String
  /// As the requester sent it.
  public var messageID: String?
  /// As the requester sent it.
  public var correlationID: String?
  /// A code of ``SpeechError``, or the broker's reason.
  public var errorCode: String?
  /// One sentence for the operator.
  public var errorMessage: String?
  /// Failed attempts.
  public var attempts: Int?
  /// The queue that it came from; nil when unknown.
  public var originalQueue: String?
  /// The queue of its requester.
  public var replyTo: String?
  /// The time at which it was dead-lettered; nil when unknown.
  public var deadAt: Date?
  /// The first characters of the text to speak; nil for other requests and unreadable bodies.
  public var text: String?
  /// The size of the body that the requester sent.
  public var bytes: Int
  /// Whether the whole body is stored. A body that was too long to be read is not.
  public var isWhole: Bool

  public init(id: String, bytes: Int = 0, isWhole: Bool = true) {
    self.id = id
    self.bytes = bytes
    self.isWhole = isWhole
  }

  private enum CodingKeys: String, CodingKey {
    case id, attempts, bytes, text
    case isWhole = "body_is_whole"
    case deadAt = "dead_at"
    case messageID = "message_id"
    case correlationID = "correlation_id"
    case errorCode = "error_code"
    case errorMessage = "error_message"
    case originalQueue = "original_queue"
    case replyTo = "reply_to"
  }
}
