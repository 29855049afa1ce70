import Foundation
import TestSupport

/// Breaks things, and mends what does not mend itself: a supervisor would start a killed worker again.
struct FaultInjector: Sendable {
  let broker: PrivateBroker
  let proxy: TCPProxy
  /// Never killed: its memory is watched from start to end.
  let steady: Worker
  /// The one that is killed, and whose clock jumps.
  let victim: Worker
  let client: LoadClient
  let bombs: AudioBombs
  /// Without a small disk or a fake clock, those faults are left out.
  let canFillDisks: Bool
  let canMoveClock: Bool

  func isPossible(_ fault: SoakPlan.Fault) -> Bool {
    switch fault {
    case .diskFull: canFillDisks
    case .clockJump: canMoveClock
    default: true
    }
  }

  /// Returns when everything is as before.
  /// - Parameters:
  ///   - phase: the number of the phase, for requests that are part of the fault.
  ///   - seconds: the phase's length, which the fault is spread over.
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
        for number in 0..<8 {
          let offer = try bombs.offer(8 * wave + number)
          client.ledger.open(offer, phase: phase)
          Task { await client.send(offer) }
        }
      }
    }
  }

  private func wait(_ seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }
}
