import AMQPAdapter
import Foundation
import RabbitMQ
import TestSupport

/// Injects faults and ends them. It also restarts a killed worker, as a supervisor would.
struct FaultInjector: Sendable {
  let broker: PrivateBroker
  let proxy: TCPProxy
  /// This worker is never killed, so that its memory can be compared from start to end; only a rolling restart ends it.
  let steady: Worker
  /// The worker that is killed, and whose clock is moved.
  let victim: Worker
  let client: LoadClient
  let bombs: AudioBombs
  let odd: OddHeaders
  let full: FullReplies
  let foreign: ForeignOrigins
  let rolling: RollingRestart
  /// If false, because no small disk is mounted or no clock library is available, the fault is skipped.
  let canFillDisks: Bool
  let canMoveClock: Bool

  func isPossible(_ fault: SoakPlan.Fault) -> Bool {
    switch fault {
    case .diskFull: canFillDisks
    case .clockJump: canMoveClock
    default: true
    }
  }

  /// Injects a fault and returns when it has ended.
  /// - Parameters:
  ///   - phase: the number of the phase, for requests that are part of the fault.
  ///   - seconds: the length of the phase, over which the fault is spread.
  func inject(_ fault: SoakPlan.Fault, phase: Int, seconds: Double) async throws {
    switch fault {
    case .workerKilled:
      for _ in 0..<3 {
        try await wait(seconds * 0.2)
        await victim.kill()
        try victim.start()
      }
    case .brokerRestarted:
      try await wait(seconds * 0.15)
      try await broker.kill()
      try await broker.startAgain()
    case .lineCut:
      try await wait(seconds * 0.15)
      proxy.cut()
      try await wait(seconds * 0.25)
      proxy.refuseNew(true)
      proxy.cut()
      try await wait(seconds * 0.15)
      proxy.refuseNew(false)
    case .diskFull:
      try await wait(seconds * 0.15)
      for worker in [steady, victim] { try worker.setDiskFull(true) }
      try await wait(seconds * 0.35)
      for worker in [steady, victim] { try worker.setDiskFull(false) }
    case .slowClient:
      try await wait(seconds * 0.1)
      client.slowDown(to: .milliseconds(200))
      try await wait(seconds * 0.5)
      client.slowDown(to: .zero)
    case .clockJump:
      for offset in [3_600, 0, -3_600, 0] {
        try await wait(seconds * 0.18)
        try victim.setClock(offsetSeconds: offset)
      }
    case .audioBombs:
      for wave in 0..<3 {
        try await wait(seconds * 0.2)
        for number in 0..<8 { send(try bombs.offer(8 * wave + number), phase) }
      }
    case .oddHeaders:
      for wave in 0..<3 {
        try await wait(seconds * 0.2)
        for offer in odd.offers(wave: wave) { send(offer, phase) }
      }
    case .fullReplies:
      try await full.fill(ConnectionConfiguration(url: broker.url))
      for wave in 0..<3 {
        try await wait(seconds * 0.2)
        for number in 0..<8 { send(full.offer(8 * wave + number), phase) }
      }
    case .foreignOrigins:
      guard let url = steady.url() else { throw SoakFailure("worker \(steady.name) has no port") }
      for _ in 0..<3 {
        try await wait(seconds * 0.2)
        try await foreign.attack(url)
      }
    case .voiceLogReset:
      let connection = try await Connection.openAny(ConnectionConfiguration(url: broker.url))
      let channel = try await connection.openChannel()
      for _ in 0..<3 {
        try await wait(seconds * 0.2)
        try await channel.delete(queue: QueueNames().voiceLog)
      }
      await connection.close()
    case .rollingRestart:
      for round in 0..<3 {
        for (number, worker) in [steady, victim].enumerated() {
          try await rolling.restart(worker) { index in
            send(rolling.offer("\(round)-\(number)-\(index)"), phase)
          }
        }
      }
    }
  }

  private func send(_ offer: Offer, _ phase: Int) {
    client.ledger.open(offer, phase: phase)
    Task { await client.send(offer) }
  }

  private func wait(_ seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }
}
