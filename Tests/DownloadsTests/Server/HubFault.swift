/// What can go wrong with one answer.
enum HubFault: Sendable {
  /// The connection ends after this share of the body.
  case drop(at: Double)
  case status(Int, [String: String])
  /// The body is this much longer or shorter, and says so.
  case announcedLength(Int)
  /// The body is this much longer or shorter, and no length is announced.
  case unannouncedLength(Int)
  case wrongBytes
  case webPage(contentType: String?)
  case redirect(to: String)
  /// Redirects to itself with a higher number each time.
  case endlessRedirect
  /// Silence after this many bytes.
  case stall(after: Int)
  /// A byte now and then after this many.
  case trickle(after: Int)
  case ignoredRange
  case wrongRange
  /// As long as the server runs.
  indirect case always(HubFault)

  var isPermanent: Bool {
    if case .always = self { true } else { false }
  }

  var inner: HubFault {
    if case .always(let fault) = self { fault } else { self }
  }
}

/// What a connection sends.
struct HubReply: Sendable {
  enum Ending: Sendable {
    case complete, close, stall, trickle
  }

  var status = 200
  var headers: [(String, String)] = []
  var body: [UInt8] = []
  /// Nil: chunked.
  var announcedByteCount: Int?
  var ending = Ending.complete
  /// Sent a few bytes at a time after the body.
  var trickle: [UInt8] = []

  static var notFound: HubReply {
    HubReply(status: 404, headers: [("X-Error-Code", "EntryNotFound")], announcedByteCount: 0)
  }

  static func redirect(_ status: Int, to location: String, _ headers: [(String, String)] = []) -> HubReply {
    HubReply(status: status, headers: [("Location", location)] + headers, announcedByteCount: 0)
  }
}
