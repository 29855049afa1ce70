import AMQPAdapter
import ArgumentParser
import Foundation
import SpeechCore

struct Request: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sends a synthesis request to the bus as a client, waits for the reply, writes the audio.",
    discussion: """
      The broker is SPEECHBUS_AMQP_URL, the language XTTS_DEFAULT_LANGUAGE where the options name none. Without \
      --text-normalization the service's own setting applies.

      EXAMPLES
        speechbus request "Hello there." -o hello.wav
        speechbus request "Hello there." -o hello.mp3 --stream --speaker Ana
        speechbus request "It costs $5." -o price.wav --include normalized
        speechbus request - -o letter.wav --reference-audio me.wav --language de < letter.txt
        speechbus request "Order 4711." -o order.wav --message-id order-4711 --deadline 20
        speechbus request "Hello there." -o - | aplay
      """)

  @OptionGroup var speech: SpeechFlags
  @OptionGroup var bus: BusFlags

  @Option(help: "Audio of the voice to speak with, sent along.")
  var referenceAudio: String?

  @Option(help: "Reply queue of this name instead of direct reply-to; an empty name lets the broker choose.")
  var replyQueue: String?

  @Option(help: "Idempotency key: the same key gets the same bytes again.")
  var messageID: String?

  @Option(help: "0 to 9, higher first.")
  var priority: UInt8?

  @Option(help: "Seconds after which the request is not worked on any more.")
  var deadline: Double?

  @Option(help: "Seconds to wait for the reply, or for the next piece of a streamed one.")
  var timeout: Double = 300

  @Option(help: "Seconds to wait for the service's queue to appear.")
  var wait: Double = 0

  func validate() throws {
    guard timeout > 0, timeout <= 86_400, wait >= 0, wait <= 86_400, deadline.map({ $0 > 0 && $0 <= 86_400 }) ?? true
    else { throw badUsage("--timeout, --wait and --deadline take seconds, at most a day") }
    guard priority.map({ $0 <= 9 }) ?? true else { throw badUsage("--priority must be 0 to 9") }
  }

  func run() async throws {
    let language = try Environment.process(Settings.defaultLanguage)
    do {
      let request = try speech.request(voice: try inlineVoice(), defaultLanguage: language)
      let requester = try await AMQPRequester.connect(
        try bus.connection(), names: try bus.names(),
        replyMode: replyQueue.map { .exclusiveQueue($0.isEmpty ? nil : $0) } ?? .direct)
      let file = try OutputFile(speech.output)
      let reply = try await Progress.during("waiting for the reply") {
        try await self.reply(to: request, from: requester, into: file)
      }
      await requester.close()
      if let url = reply.audioURL, reply.audio == nil {
        throw CommandFailure("the audio was too large for a reply; fetch it from the service's \(url)")
      }
      if let audio = reply.audio { try file.append(audio) }
      try file.close()
      ReplySummary(reply, path: speech.output).print()
    } catch let error as SpeechError {
      throw CommandFailure(error.message)
    } catch let error as AMQPAdapterError {
      throw CommandFailure(error.message)
    }
  }

  /// Tries again while the queue is missing, up to `--wait` seconds: the service may still be loading its model.
  private func reply(
    to request: SynthesisRequest, from requester: AMQPRequester, into file: OutputFile
  ) async throws -> SynthesisReply {
    let end = ContinuousClock.now + .seconds(wait)
    let backoff = RetryBackoff(initial: .milliseconds(250), maximum: .seconds(1))
    return try await retry { () throws(AMQPAdapterError) in
      try await requester.synthesize(request, options: options()) { try file.append($0) }
    } pause: { error, attempt in
      guard error.code == .queueMissing, ContinuousClock.now < end else { return nil }
      return backoff.delay(attempt: attempt, jitter: .random(in: 0..<1))
    }
  }

  private func options() -> RequestOptions {
    RequestOptions(
      messageID: messageID, priority: priority, deadline: deadline.map { Date(timeIntervalSinceNow: $0) },
      timeout: .seconds(timeout))
  }

  private func inlineVoice() throws -> VoiceReference? {
    guard let referenceAudio else { return nil }
    guard let audio = FileManager.default.contents(atPath: referenceAudio) else {
      throw CommandFailure("can't read \(referenceAudio)")
    }
    return .inline(audio)
  }
}
