import Foundation
import Hummingbird
import SpeechCore
import SpeechService

/// The endpoints for operators: queues, dead-lettered messages, recorded requests, usage.
struct OperatorEndpoints {
  private static let dead = "/api/v1/tts/dead"
  private static let deadMessage = "\(dead)/{message_id}"
  private static let requeue = "\(deadMessage)/requeue"
  private static let requests = "/api/v1/tts/requests"
  private static let queues = "/api/v1/tts/queues"
  private static let usage = "/api/v1/tts/usage"
  static let privatePaths: Set = [dead, requests]
  static let paths: Set = [dead, deadMessage, requeue, requests, queues, usage]

  private static let outcomes = ["ok", "replayed", "error"]
  /// The most entries of one answer.
  private static let pageSizes = 1...200
  /// The whole numbers that JSON's readers keep exactly.
  private static let sequences = 1...9_007_199_254_740_991

  let ports: HTTPPorts

  var all: [Endpoint] {
    [
      queues, deadLetters, recorded, usage,
      settle(.requeue, .post, Self.requeue, "requeueDeadLetter", "Sends the message to its queue, as a new request."),
      settle(.drop, .delete, Self.deadMessage, "dropDeadLetter", "Deletes the message."),
    ]
  }

  // MARK: Queues

  private var queues: Endpoint {
    let ports = ports
    return Endpoint(
      method: .get, path: Self.queues, operationID: "queues",
      summary: "The broker's queues. A replica's own line of waiting requests is speechbus_sequences_waiting.",
      answers: [200: .json("Those that exist.", MessageSchemas.reference("Queues"))], errors: [503]
    ) { _, _ in .json(try await Self.queues(ports).queues(), headers: [.cacheControl: "no-store"]) }
  }

  private var deadLetters: Endpoint {
    let ports = ports
    return Endpoint(
      method: .get, path: Self.dead, operationID: "deadLetters",
      summary: "The oldest dead-lettered messages, and their number.", parameters: [Self.limit],
      answers: [200: .json("The oldest first.", MessageSchemas.reference("DeadLetters"))], errors: [422, 503]
    ) { request, _ in
      do throws(SpeechError) {
        let limit = try Self.number(request, "limit", in: Self.pageSizes) ?? 50
        return .json(try await Self.queues(ports).deadLetters(limit: limit), headers: [.cacheControl: "no-store"])
      } catch {
        return ErrorAnswer(error, location: "query").response
      }
    }
  }

  private func settle(
    _ settlement: DeadLetterSettlement, _ method: HTTPRequest.Method, _ path: String, _ operationID: String,
    _ summary: String
  ) -> Endpoint {
    let ports = ports
    return Endpoint(
      method: method, path: path, operationID: operationID, summary: summary,
      parameters: [
        .init(
          name: "message_id", location: "path", description: "The message's id, or the message_id of its requester.",
          schema: MessageSchemas.string)
      ],
      answers: [200: .json("Done.", MessageSchemas.reference("DeadLetter"))], errors: [404, 422, 503]
    ) { request, context in
      let speech = try request.speechContext(context)
      let found = try await Self.queues(ports).settle(context.pathParameter("message_id"), by: settlement) {
        letter throws(SpeechError) in
        try await ports.requests.record(AuditRecord(settlement, of: letter, speech))
      }
      guard let found else {
        throw HTTPError(
          .notFound, message: "no dead-lettered message has this id, unless another replica reads the queue just now")
      }
      return .json(found, headers: .requestID(speech.requestID))
    }
  }

  private static func queues(_ ports: HTTPPorts) throws(SpeechError) -> any QueueOperations {
    guard let queues = ports.queues() else {
      throw SpeechError(.modelUnavailable, "the service does not use the broker yet; try again soon")
    }
    return queues
  }

  // MARK: Records

  private var recorded: Endpoint {
    let audit = ports.audit
    return Endpoint(
      method: .get, path: Self.requests, operationID: "requests",
      summary: "Recorded requests of this replica, the newest first. A page may be empty although older ones follow.",
      parameters: [
        Self.limit,
        .init(
          name: "outcome", location: "query", description: "Only requests that ended so.",
          schema: ["type": "string", "enum": .array(Self.outcomes.map { .string($0) })]),
        .init(name: "user_id", location: "query", description: "One user's only.", schema: MessageSchemas.string),
        .init(
          name: "before", location: "query", description: "next of the page before.",
          schema: Self.whole(Self.sequences)),
      ],
      answers: [200: .json("The newest first.", MessageSchemas.reference("Requests"))], errors: [422, 503]
    ) { request, _ in
      do throws(SpeechError) {
        let query = AuditQuery(
          outcome: try Self.outcome(request), userID: request.uri.queryParameters.get("user_id"),
          before: try Self.number(request, "before", in: Self.sequences),
          limit: try Self.number(request, "limit", in: Self.pageSizes) ?? 50)
        let page = try await Self.log(audit).requests(query)
        var answer: [String: JSONValue] = ["requests": .array(page.requests)]
        answer["next"] = page.next.map { .number(String($0)) }
        return .bytes(Data(JSONValue(answer).json().utf8), mediaType: "application/json")
      } catch {
        return ErrorAnswer(error, location: "query").response
      }
    }
  }

  private var usage: Endpoint {
    let audit = ports.audit
    let day: JSONValue = ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "example": "2026-01-31"]
    return Endpoint(
      method: .get, path: Self.usage, operationID: "usage", summary: "Totals per user and day (UTC).",
      parameters: [
        .init(name: "user_id", location: "query", description: "One user's only.", schema: MessageSchemas.string),
        .init(name: "from", location: "query", description: "First day.", schema: day),
        .init(name: "to", location: "query", description: "Last day.", schema: day),
      ],
      answers: [200: .json("Newest day first.", MessageSchemas.reference("Usage"))], errors: [422, 503]
    ) { request, _ in
      do throws(SpeechError) {
        let query = UsageQuery(
          userID: request.uri.queryParameters.get("user_id"), from: try Self.day(request, "from"),
          to: try Self.day(request, "to"))
        return .json(["usage": try await Self.log(audit).usage(query)])
      } catch {
        return ErrorAnswer(error, location: "query").response
      }
    }
  }

  private static func log(_ audit: @Sendable () -> (any AuditLog)?) throws(SpeechError) -> any AuditLog {
    guard let audit = audit() else { throw SpeechError(.modelUnavailable, "no usage is recorded") }
    return audit
  }

  // MARK: Parameters

  private static let limit = Endpoint.Parameter(
    name: "limit", location: "query", description: "The most entries.",
    schema: whole(pageSizes).merging(["default": 50]))

  private static func whole(_ range: ClosedRange<Int>) -> JSONValue {
    ["type": "integer", "minimum": .number("\(range.lowerBound)"), "maximum": .number("\(range.upperBound)")]
  }

  private static func number(
    _ request: Request, _ name: String, in range: ClosedRange<Int>
  ) throws(SpeechError) -> Int? {
    guard let text = request.uri.queryParameters.get(name) else { return nil }
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), range.contains(number) else {
      throw SpeechError(
        .invalidRequest, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)", field: name)
    }
    return number
  }

  private static func outcome(_ request: Request) throws(SpeechError) -> String? {
    guard let text = request.uri.queryParameters.get("outcome") else { return nil }
    guard outcomes.contains(text) else {
      throw SpeechError(
        .invalidRequest, "outcome must be one of \(outcomes.joined(separator: ", "))", field: "outcome")
    }
    return text
  }

  private static func day(_ request: Request, _ name: String) throws(SpeechError) -> String? {
    guard let value = request.uri.queryParameters.get(name) else { return nil }
    let isDay =
      value.utf8.count == 10
      && value.utf8.enumerated().allSatisfy { index, byte in
        [4, 7].contains(index) ? byte == 45 : (48...57).contains(byte)
      }
    guard isDay else { throw SpeechError(.invalidRequest, "\(name) must be a day as YYYY-MM-DD", field: name) }
    return value
  }
}

extension AuditRecord {
  /// The record of an operator's decision about a dead-lettered message.
  fileprivate init(_ settlement: DeadLetterSettlement, of letter: DeadLetter, _ context: SpeechCore.RequestContext) {
    self.init(settlement == .requeue ? .requeueDeadLetter : .dropDeadLetter, context)
    let names = [
      "dead_letter": letter.id, "message_id": letter.messageID, "error_code": letter.errorCode,
      "queue": letter.originalQueue,
    ]
    settings = names.compactMapValues { $0.map { String($0.prefix(255)) } }
  }
}
