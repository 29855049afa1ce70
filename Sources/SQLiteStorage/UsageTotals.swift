import GRDB

/// Compares the table of totals with the audit rows that they are drawn from.
enum UsageTotals {
  private static let derived = """
    SELECT date(received_at_ms / 1000, 'unixepoch') AS day, coalesce(payload ->> '$.user_id', '') AS user_id,
      count(*) AS requests, sum(payload ->> '$.outcome' = 'error') AS errors,
      sum(iif(payload ->> '$.outcome' = 'ok', coalesce(payload ->> '$.characters', 0), 0)) AS characters,
      sum(iif(payload ->> '$.outcome' = 'ok' AND typeof(payload ->> '$.audio_seconds') IN ('real', 'integer'),
        max(payload ->> '$.audio_seconds', 0), 0)) AS audio_seconds
    FROM audit WHERE payload ->> '$.action' = 'synthesize' GROUP BY 1, 2
    """
  private static let differing = """
    WITH derived AS (\(derived))
    SELECT coalesce(u.day, d.day) AS day FROM usage u FULL JOIN derived d USING (day, user_id)
    WHERE day > :boundary AND (u.requests IS NOT d.requests OR u.errors IS NOT d.errors
      OR u.characters IS NOT d.characters
      OR abs(coalesce(u.audio_seconds, 0) - coalesce(d.audio_seconds, 0)) > 0.001)
    ORDER BY day LIMIT 1
    """

  /// Days from before the first row that is left can't be compared.
  /// - Throws: `brokenChain` naming the first day that differs.
  static func check(_ db: Database, isPruned: Bool) throws {
    let first = "SELECT date(received_at_ms / 1000, 'unixepoch') FROM audit ORDER BY sequence LIMIT 1"
    let boundary = isPruned ? try String.fetchOne(db, sql: first) ?? "9999" : ""
    guard let day = try String.fetchOne(db, sql: differing, arguments: ["boundary": boundary]) else { return }
    throw StorageError(.brokenChain, "the totals of \(day) differ from the audit rows")
  }
}
