/// A fault in one response.
enum HubFault: Sendable {
  /// The connection ends after this share of the body.
  case drop(at: Double)
  case status(Int, [String: String])
  /// The body differs in length by this many bytes, and the announced length matches it.
  case announcedLength(Int)
  /// The body differs in length by this many bytes, and no length is announced.
  case unannouncedLength(Int)
  case wrongBytes
  case webPage(contentType: String?)
  case redirect(to: String)
  /// Redirects to itself with a higher number each time.
  case endlessRedirect
  /// No bytes follow after this many.
  case stall(after: Int)
  /// Single bytes follow slowly after this many.
  case trickle(after: Int)
  case ignoredRange
  case wrongRange
  /// Repeats the fault as long as the server runs.
  indirect case always(HubFault)

  var isPermanent: Bool {
    if case .always = self { true } else { false }
  }

  var inner: HubFault {
    if case .always(let fault) = self { fault } else { self }
  }
}

/// The bytes of a response, and the way it ends.
struct HubReply: Sendable {
  enum Ending: Sendable {
    case complete, close, stall, trickle
  }

  var status = 200
  var headers: [(String, String)] = []
  var body: [UInt8] = []
  /// Nil: the body is chunked.
  var announcedByteCount: Int?
  var ending = Ending.complete
  /// Bytes that are sent slowly, a few at a time, after the body.
  var trickle: [UInt8] = []

  static var notFound: HubReply {
    HubReply(status: 404, headers: [("X-Error-Code", "EntryNotFound")], announcedByteCount: 0)
  }

  static func redirect(_ status: Int, to location: String, _ headers: [(String, String)] = []) -> HubReply {
    HubReply(status: status, headers: [("Location", location)] + headers, announcedByteCount: 0)
  }
}
