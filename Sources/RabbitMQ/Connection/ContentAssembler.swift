import Foundation

/// Assembles a message from its method, header and body frames.
struct ContentAssembler {
  /// Larger bodies are counted and discarded.
  let maxBodyBytes: Int
  private var start: ContentStart?
  private var properties = MessageProperties()
  private var announcedByteCount: UInt64 = 0
  private var receivedByteCount: UInt64 = 0
  private var body = Data()

  init(maxBodyBytes: Int) { self.maxBodyBytes = maxBodyBytes }

  mutating func begin(_ start: ContentStart) {
    self.start = start
    body = Data()
    receivedByteCount = 0
    announcedByteCount = 0
  }

  /// Returns the message when it is complete.
  mutating func header(_ properties: MessageProperties, bodyByteCount: UInt64) -> (ContentStart, Message)? {
    self.properties = properties
    announcedByteCount = bodyByteCount
    return completed()
  }

  mutating func append(_ fragment: Data) -> (ContentStart, Message)? {
    receivedByteCount += UInt64(fragment.count)
    if announcedByteCount <= UInt64(maxBodyBytes) {
      if body.isEmpty { body = fragment } else { body.append(fragment) }
    }
    return completed()
  }

  private mutating func completed() -> (ContentStart, Message)? {
    guard receivedByteCount >= announcedByteCount, let start else { return nil }
    self.start = nil
    defer { body = Data() }
    return (start, Message(properties: properties, body: body, bodyByteCount: Int(clamping: announcedByteCount)))
  }
}
