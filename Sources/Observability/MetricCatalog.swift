/// The description of a metric: the text of its `# HELP` and `# TYPE` lines, and the buckets of a histogram.
struct MetricDescription: Sendable, Equatable {
  enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  var name: String
  var kind: Kind
  var help: String
  /// Upper bounds in ascending order, without infinity; empty unless the metric is a histogram.
  var buckets: [Double]

  init(_ name: String, _ kind: Kind, _ help: String, buckets: [Double] = []) {
    self.name = name
    self.kind = kind
    self.help = help
    self.buckets = buckets
  }
}

/// The metrics that the service documents. A metric with another name is exported too, without help text.
enum MetricCatalog {
  /// Buckets for the durations of requests, in seconds: 5 ms to 2 minutes.
  static let requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
  /// Buckets for the duration of one decode step, in seconds: 0.1 ms to 1 s.
  static let stepSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
  /// Buckets for seconds of work per second of audio.
  static let realTimeFactors = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

  static let all: [MetricDescription] = [
    .init("speechbus_requests_total", .counter, "Requests finished, by transport and outcome."),
    .init("speechbus_queue_wait_seconds", .histogram, "Time from receipt to the first slot.", buckets: requestSeconds),
    .init(
      "speechbus_first_audio_seconds", .histogram, "Time from receipt to the first audio.", buckets: requestSeconds),
    .init("speechbus_request_seconds", .histogram, "Time from receipt to the whole answer.", buckets: requestSeconds),
    .init(
      "speechbus_real_time_factor", .histogram, "Seconds of work per second of audio.", buckets: realTimeFactors),
    .init("speechbus_audio_seconds_total", .counter, "Seconds of audio produced."),
    .init("speechbus_codes_total", .counter, "Audio codes decoded."),
    .init("speechbus_slots_in_use", .gauge, "Sequences being decoded."),
    .init("speechbus_slots", .gauge, "Sequences that can be decoded together."),
    .init("speechbus_sequences_waiting", .gauge, "Sequences waiting for a slot."),
    .init("speechbus_decode_step_seconds", .histogram, "Duration of one decode step.", buckets: stepSeconds),
    .init("speechbus_redeliveries_total", .counter, "Deliveries the broker marked as redelivered."),
    .init("speechbus_worker_lost_total", .counter, "Requests that a worker held when it was lost."),
    .init("speechbus_retries_total", .counter, "Requests sent to a delayed retry."),
    .init("speechbus_dead_letters_total", .counter, "Requests parked in the dead-letter queue."),
    .init("speechbus_reply_refusals_total", .counter, "Times a requester's queue refused a reply."),
    .init("speechbus_skipped_total", .counter, "Requests not synthesised, by reason."),
    .init("speechbus_user_postponed_total", .counter, "Deliveries sent back because their user has enough waiting."),
    .init("speechbus_user_refused_total", .counter, "Requests refused because their user has enough waiting."),
    .init("speechbus_users_active", .gauge, "Users with requests from the bus waiting or running."),
    .init(
      "speechbus_user_largest_share", .gauge, "Requests from the bus that the user with most has waiting and running."),
    .init("speechbus_amqp_reconnects_total", .counter, "Connections made to the broker after the first."),
    .init("speechbus_amqp_unconfirmed", .gauge, "Published messages the broker has not confirmed yet."),
    .init("speechbus_conditioning_total", .counter, "Voices resolved, by where the latents came from."),
    .init(
      "speechbus_decoder_crashes_total", .counter, "Decoders of recordings that crashed, were killed or met a limit."),
    .init("speechbus_voice_log_refused_total", .counter, "Entries of the voice log that were refused, by reason."),
    .init("speechbus_memory_held_bytes", .gauge, "Bytes that requests hold of each memory budget."),
    .init("speechbus_spans_dropped_total", .counter, "Spans that were not exported."),
    .init("speechbus_build_info", .gauge, "1, with the version and the commit of the program."),
    .init("process_cpu_seconds_total", .counter, "User and system CPU time."),
    .init("process_resident_memory_bytes", .gauge, "Resident memory."),
    .init("process_virtual_memory_bytes", .gauge, "Virtual memory."),
    .init("process_open_fds", .gauge, "Open file descriptors."),
    .init("process_max_fds", .gauge, "Most file descriptors that may be open."),
    .init("process_threads", .gauge, "Threads."),
    .init("process_start_time_seconds", .gauge, "Start time, seconds since 1970."),
  ]
}
