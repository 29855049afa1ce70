import Foundation
import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

@Suite(.timeLimit(.minutes(1)))
struct FairRequestsTests {
  /// Blocks every request until `letOneGo` is called.
  private final class Gated: SpeechRequestHandler {
    private let started = Mutex(0)
    private let recorded = Mutex<[SpeechError.Code]>([])
    private let (events, sink) = AsyncStream<Void>.makeStream()

    var recordedCodes: [SpeechError.Code] { recorded.withLock { $0 } }
    var startedCount: Int { started.withLock { $0 } }
    func letOneGo() { sink.yield() }

    func synthesize(
      _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
    ) async throws(SpeechError) -> SynthesisReply {
      started.withLock { $0 += 1 }
      for await _ in events { break }
      throw SpeechError(.textEmpty, "through")
    }

    func voices() async throws(SpeechError) -> [VoiceSummary] { [] }
    func registerVoice(
      _ request: VoiceRegistration, context: RequestContext
    ) async throws(SpeechError) -> VoiceSummary { throw SpeechError(.internal, "unused") }
    func recordRefusal(
      _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
    ) async throws(SpeechError) { recorded.withLock { $0.append(error.code) } }
    func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {}
    func configuration() async throws(SpeechError) -> ServiceConfiguration { throw SpeechError(.internal, "unused") }
  }

  private func ask(_ requests: FairRequests, _ user: String?) -> Task<SpeechError.Code?, Never> {
    Task {
      var request = SynthesisRequest(text: "a")
      request.userID = user
      do throws(SpeechError) {
        _ = try await requests.synthesize(request, context: RequestContext(transport: .http), onAudio: nil)
        return nil
      } catch {
        return error.code
      }
    }
  }

  private func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
  }

  @Test func theSecondWaitsTheThirdIsRefusedAndOthersPass() async {
    let gated = Gated()
    let refusals = Mutex(0)
    let requests = FairRequests(gated, limits: UserLimits(running: 1, waiting: 1)) { _ in refusals.withLock { $0 += 1 }
    }
    let first = ask(requests, "ada")
    await until { gated.startedCount == 1 }
    // Either of the two requests may wait; the other one is refused.
    let (second, third) = (ask(requests, "ada"), ask(requests, "ada"))
    await until { refusals.withLock { $0 } == 1 }
    #expect(gated.startedCount == 1)
    let (other, nobody) = (ask(requests, "bob"), ask(requests, nil))
    await until { gated.startedCount == 3 }
    for _ in 0..<4 { gated.letOneGo() }
    let codes = [await first.value, await other.value, await nobody.value]
    #expect(codes == [.textEmpty, .textEmpty, .textEmpty])
    #expect(Set([await second.value, await third.value]) == [.overloaded, .textEmpty])
    #expect(gated.startedCount == 4)
    #expect(gated.recordedCodes == [.overloaded])
  }

  @Test func aCancelledWaiterLeavesAndNeverRuns() async {
    let gated = Gated()
    let requests = FairRequests(gated, limits: UserLimits(running: 1, waiting: 5))
    let first = ask(requests, "ada")
    await until { gated.startedCount == 1 }
    let second = ask(requests, "ada")
    second.cancel()
    #expect(await second.value == .cancelled)
    gated.letOneGo()
    #expect(await first.value == .textEmpty)
    let third = ask(requests, "ada")
    await until { gated.startedCount == 2 }
    gated.letOneGo()
    #expect(await third.value == .textEmpty)
  }
}
