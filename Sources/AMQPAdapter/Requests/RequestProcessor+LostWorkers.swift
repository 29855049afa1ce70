import Logging
import RabbitMQ
import SpeechCore

extension RequestProcessor {
  /// Moves a message with which a worker was lost to the queue of suspects, or gives it up.
  func divert(_ request: SpeechRequest, _ decision: DeliveryDecision) async -> Settlement {
    bus.observe(.workerLost)
    var logger = bus.logger.with(request)
    do throws(RabbitMQError) {
      switch decision {
      case .accept, .runAlone: return .requeue
      case .suspect(let count):
        logger[metadataKey: "lost_workers"] = .stringConvertible(count)
        logger.warning("a worker was lost while it held this request; it will run alone")
        try await bus.replies.sender.suspect(request, lostWorkers: count)
        bus.suspectSignal.yield()
      case .giveUp(let count):
        logger.error("the request is dead-lettered", metadata: ["lost_workers": .stringConvertible(count)])
        var request = request
        request.context.attempt += count - 1
        let error = await record(
          SpeechError(.workerLost, "\(count) workers were lost while they held the request"), request)
        try await parkAndTell(request, error, nil, logger)
      }
      return .acknowledge
    } catch {
      return error.code == .unencodable ? await refuseHeaders(of: request, logger) : .requeue
    }
  }

  /// Publishes a request again that this worker returns while it stops.
  func giveBack(_ request: SpeechRequest) async -> Settlement {
    do throws(RabbitMQError) {
      try await bus.replies.sender.giveBack(request)
      return .acknowledge
    } catch {
      return .requeue
    }
  }
}
