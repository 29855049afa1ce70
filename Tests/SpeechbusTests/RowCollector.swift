import Foundation
import Synchronization

/// Exported audit rows, as far as tests look at them.
final class RowCollector: Sendable {
  struct Record: Decodable, Sendable {
    var action: String
    var outcome: String
    var transport: String
    var requestID: String?
    var voiceID: String?
    var key: String?
    var errorCode: String?
    var settings: [String: String]?

    private enum CodingKeys: String, CodingKey {
      case action, outcome, transport, settings
      case requestID = "request_id"
      case voiceID = "voice_id"
      case key = "idempotency_key"
      case errorCode = "error_code"
    }
  }

  private struct Line: Decodable {
    var record: Record
  }

  private let lines = Mutex<[Record]>([])

  var records: [Record] { lines.withLock { $0 } }

  func add(_ line: String) {
    guard let record = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)).record else { return }
    lines.withLock { $0.append(record) }
  }
}
