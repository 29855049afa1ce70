import AMQPAdapter
import Foundation
import Metrics
import SpeechAudio
import SpeechCore
import XTTSEngine

/// Turns the engine's events into metrics.
struct EngineMeters: EngineMetrics {
  private let step = Recorder(label: "speechbus_decode_step_seconds")
  private let slotsInUse = Gauge(label: "speechbus_slots_in_use")
  private let waiting = Gauge(label: "speechbus_sequences_waiting")
  private let firstAudio = Recorder(label: "speechbus_first_audio_seconds")
  private let queueWait = Recorder(label: "speechbus_queue_wait_seconds")
  private let codes = Counter(label: "speechbus_codes_total")
  private let audioSeconds = FloatingPointCounter(label: "speechbus_audio_seconds_total")

  func decodeStep(seconds: Double, sequences: Int) { step.record(seconds) }

  func occupancy(slotsInUse: Int, waitingSequences: Int) {
    self.slotsInUse.record(slotsInUse)
    waiting.record(waitingSequences)
  }

  func firstAudio(seconds: Double) { firstAudio.record(seconds) }
  func queueWait(seconds: Double) { queueWait.record(seconds) }
  func codes(_ count: Int) { codes.increment(by: count) }
  func audio(seconds: Double) { audioSeconds.increment(by: seconds) }
}

/// Turns the events of the bus and the memory budgets into metrics.
struct BusMeters: Sendable {
  private let redeliveries = Counter(label: "speechbus_redeliveries_total")
  private let workerLosses = Counter(label: "speechbus_worker_lost_total")
  private let retries = Counter(label: "speechbus_retries_total")
  private let deadLetters = Counter(label: "speechbus_dead_letters_total")
  private let replyRefusals = Counter(label: "speechbus_reply_refusals_total")
  private let postponed = Counter(label: "speechbus_user_postponed_total")
  private let refused = Counter(label: "speechbus_user_refused_total", dimensions: [("transport", "amqp")])
  private let users = Gauge(label: "speechbus_users_active")
  private let largestShare = Gauge(label: "speechbus_user_largest_share")
  private let reconnects = Counter(label: "speechbus_amqp_reconnects_total")
  private let unconfirmed = Gauge(label: "speechbus_amqp_unconfirmed")

  func observe(_ event: AMQPEvent) {
    switch event {
    case .received(let redelivered): if redelivered { redeliveries.increment() }
    case .workerLost: workerLosses.increment()
    case .retried: retries.increment()
    case .replyRefused: replyRefusals.increment()
    case .deadLettered: deadLetters.increment()
    case .deadLetterDropped(let reason):
      Counter(label: "speechbus_dead_letters_dropped_total", dimensions: [("reason", reason.rawValue)]).increment()
    case .postponed: postponed.increment()
    case .userRefused: refused.increment()
    case .reconnected: reconnects.increment()
    case .skipped(let reason):
      Counter(label: "speechbus_skipped_total", dimensions: [("reason", reason.rawValue)]).increment()
    case .answered: break
    }
  }

  func record(_ budgets: MemoryBudgets) {
    for (name, budget) in [("bodies", budgets.bodies), ("audio", budgets.audio), ("replies", budgets.replies)] {
      Gauge(label: "speechbus_memory_held_bytes", dimensions: [("budget", name)]).record(budget.usedBytes)
    }
  }

  func record(_ state: AMQPState) {
    unconfirmed.record(state.unconfirmedCount)
    users.record(state.userCount)
    largestShare.record(state.largestUserShare)
  }
}

/// Counts and times the synthesis requests of all transports.
enum RequestMeters {
  static func observe(_ context: RequestContext, _ result: Result<SynthesisReply, SpeechError>) {
    var outcome = "ok"
    switch result {
    case .success(let reply): Recorder(label: "speechbus_real_time_factor").record(reply.timings.realTimeFactor)
    case .failure(let error): outcome = error.code.rawValue
    }
    let dimensions = [("transport", context.transport.rawValue), ("outcome", outcome)]
    Counter(label: "speechbus_requests_total", dimensions: dimensions).increment()
    Recorder(label: "speechbus_request_seconds").record(Date().timeIntervalSince(context.receivedAt))
  }
}

/// Counts the decoders of recordings that do not end by themselves.
enum DecoderMeters {
  static func counting(_ choice: DecoderChoice) -> AudioDecoder {
    let crashes = Counter(label: "speechbus_decoder_crashes_total")
    return choice.decoder { crashes.increment() }
  }
}
