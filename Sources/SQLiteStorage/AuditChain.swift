import Foundation
import GRDB
import SpeechCore

/// The audit rows of one database, as a chain: `hash = SHA-256(previous hash ‖ payload)`, hashes as lower-case hex, the
/// first row's previous hash empty. These two lines suffice to check an export.
///
/// Each row also has a signature of its hash, and the end marker has one, made with the replicas' key, which is not in
/// the database.
struct AuditChain: Sendable {
  let keys: KeyRing
  let replicaID: String

  static func hash(payload: String, previous: String) -> String {
    var hash = SHA256()
    hash.update(data: Data(previous.utf8))
    hash.update(data: Data(payload.utf8))
    return hash.finalize().hexadecimal
  }

  /// The record as JSON with sorted keys: the bytes the hash covers.
  static func payload(_ record: AuditRecord) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(date.millisecondsSince1970)
    }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(record), as: UTF8.self)
  }

  // MARK: Writing

  /// Adds a row at the chain's end. The end is read from the file: other processes may have added to it.
  func insert(_ payload: String, _ db: Database) throws {
    var end = try ChainEnd.fetch(db)
    let isIntact = check(end) == .valid
    let (sequence, overflow) = end.lastSequence.addingReportingOverflow(1)
    guard !overflow else { throw StorageError(.unavailable, "the audit is full") }
    let hash = Self.hash(payload: payload, previous: end.lastHash)
    try db.cachedStatement(sql: "INSERT INTO audit (sequence, payload, hash, signature) VALUES (?, ?, ?, ?)")
      .execute(arguments: [sequence, payload, hash, keys.current.signature(of: data(sequence, hash), as: .audit)])
    (end.lastSequence, end.lastHash) = (sequence, hash)
    try save(end, isIntact: isIntact, db)
  }

  /// Writes the end marker. A marker that was changed by another program stays invalid, so that `verify` finds it.
  func save(_ end: ChainEnd, isIntact: Bool, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        UPDATE audit_end SET pruned_sequence = ?, pruned_hash = ?, last_sequence = ?, last_hash = ?,
          unsigned_sequence = ?, signature = ?
        """
    ).execute(arguments: [
      end.prunedSequence, end.prunedHash, end.lastSequence, end.lastHash, end.unsignedSequence,
      isIntact ? keys.current.signature(of: data(end), as: .auditEnd) : "invalid",
    ])
  }

  // MARK: Checking

  func check(_ end: ChainEnd) -> KeyRing.Verdict { keys.check(end.signature, of: data(end), as: .auditEnd) }

  func check(_ signature: String?, sequence: Int64, hash: String) -> KeyRing.Verdict {
    keys.check(signature, of: data(sequence, hash), as: .audit)
  }

  private func data(_ sequence: Int64, _ hash: String) -> Data { Data("\(replicaID) \(sequence) \(hash)".utf8) }

  private func data(_ end: ChainEnd) -> Data {
    Data(
      """
      \(replicaID) \(end.prunedSequence) \(end.prunedHash) \(end.lastSequence) \(end.lastHash) \(end.unsignedSequence)
      """.utf8)
  }
}

/// The row of `audit_end`: the first row of the chain after pruning, and the last.
struct ChainEnd {
  var prunedSequence: Int64
  var prunedHash: String
  var lastSequence: Int64
  var lastHash: String
  /// Version 0.1 wrote the rows up to this one, without signatures.
  var unsignedSequence: Int64
  var signature: String

  static func fetch(_ db: Database) throws -> ChainEnd {
    guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM audit_end")) else {
      throw StorageError(.brokenChain, "the audit's end marker is missing")
    }
    return ChainEnd(
      prunedSequence: row["pruned_sequence"], prunedHash: row["pruned_hash"], lastSequence: row["last_sequence"],
      lastHash: row["last_hash"], unsignedSequence: row["unsigned_sequence"], signature: row["signature"])
  }
}
