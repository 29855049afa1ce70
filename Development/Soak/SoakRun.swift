import AMQPAdapter
import Checkpoint
import Foundation
import RabbitMQ
import SpeechAudio
import SpeechCore
import TestSupport

/// One run. It starts a broker and two workers, determines the correct audio without load, measures capacity, then
/// offers the load and injects faults.
struct SoakRun {
  let options: SoakOptions
  let broker: PrivateBroker
  let proxy: TCPProxy
  let workers: [Worker]
  let names = QueueNames()

  /// Starts the broker and the workers.
  init(_ options: SoakOptions) async throws {
    self.options = options
    try FileManager.default.createDirectory(at: options.directory, withIntermediateDirectories: true)
    broker = try await PrivateBroker.start(name: "soak")
    proxy = try TCPProxy(target: broker.port)
    let environment = options.workerSettings.merging([
      "XTTS_MODEL_DIR": options.model.path, "SPEECHBUS_AMQP_URL": proxy.url,
    ]) { $1 }
    workers = try ["a", "b"].map { name in
      try Worker(
        name: name, directory: options.directory, executable: options.executable, environment: environment,
        clock: name == "b" ? options.clock : nil)
    }
    for worker in workers { try worker.start() }
    for worker in workers {
      try await eventually("worker \(worker.name) is ready", within: .seconds(120)) { worker.isReady() }
    }
  }

  func run() async throws -> SoakResult {
    let ledger = Ledger()
    let client = try await LoadClient(url: proxy.url, names: names, ledger: ledger)
    let direct = try ConnectionConfiguration(url: broker.url)
    let corpus = try await corpus()
    say("speaking \(corpus.items.count) requests alone")
    let digests = try await digests(corpus)
    var source = OfferSource(corpus: corpus, digests: digests, seed: options.seed)

    say("measuring capacity for \(Int(options.capacitySeconds)) s")
    let capacity = try await measureCapacity(client, &source)
    say(String(format: "capacity: %.1f answers/s, %.1f of them speech", capacity.answers, capacity.good))

    let requester = try await AMQPRequester.connect(direct, names: names)
    let bombs = try await AudioBombs { try await requester.synthesize($0).sha256 }
    await requester.close()
    // A whole reply and a stream of one short text.
    let bodies = try corpus.items[2...3].map { try JSONEncoder().encode($0) }
    let foreign = ForeignOrigins()
    let rolling = RollingRestart(body: bodies[1], sha256: digests[3])
    let injector = FaultInjector(
      broker: broker, proxy: proxy, steady: workers[0], victim: workers[1], client: client, bombs: bombs,
      odd: OddHeaders(body: bodies[0], sha256: digests[2]), full: FullReplies(bodies: bodies), foreign: foreign,
      rolling: rolling,
      canFillDisks: workers.allSatisfy(\.isOwnDisk), canMoveClock: options.clock != nil)
    let plan = SoakPlan(
      seconds: options.seconds, load: options.load, faults: options.faults.filter(injector.isPossible),
      overload: options.overload, overloadSeconds: options.overloadSeconds, capacitySeconds: options.capacitySeconds)
    let start = ContinuousClock.now
    let sampler = try Sampler(workers: workers, ledger: ledger, node: broker, queue: names.synthesize, start: start)
    let sampling = Task { await sampler.run() }
    var spans: [SoakResult.Span] = []
    var needlessLosses: Int?
    for (index, phase) in plan.phases.enumerated() {
      let losses = lossCount
      let begin = try await offer(phase, index, capacity.answers, client, &source, injector)
      spans.append(SoakResult.Span(start: (begin - start) / .seconds(1), end: (.now - start) / .seconds(1)))
      if phase.fault?.keepsConnections == true { needlessLosses = (needlessLosses ?? 0) + lossCount - losses }
    }
    say("waiting for open requests: \(ledger.openCount)")
    await drain(ledger)
    sampling.cancel()
    await sampling.value

    let letters = try await deadLetters(direct, atLeast: ledger.all.count { $0.offer.deadLetter != nil })
    for worker in workers { await worker.kill(SIGTERM) }
    await client.stop()
    return SoakResult(
      plan: plan, start: start, spans: spans, capacity: capacity, entries: ledger.all, samples: sampler.all,
      deadLetters: letters,
      retries: workers.reduce(0) { $0 + $1.logCount("failed; trying again") }, needlessLosses: needlessLosses,
      foreign: foreign.count, rolling: rolling.count,
      chains: try workers.map { try verifyAudit($0) },
      omitted: options.faults.filter { !injector.isPossible($0) })
  }

  func stop() async {
    for worker in workers { await worker.kill() }
    proxy.close()
    try? await broker.remove()
  }

  // MARK: Before the load

  /// The model's built-in voices, and one that is registered now on one worker and reaches the other through the
  /// stream.
  private func corpus() async throws -> Corpus {
    let requester = try await AMQPRequester.connect(ConnectionConfiguration(url: broker.url), names: names)
    var answer: ServiceConfiguration?
    // A worker reports ready shortly before it has declared its queues.
    try await eventually("the workers consume", within: .seconds(120)) {
      do {
        answer = try await requester.request(ServiceConfiguration.self, to: names.configuration)
      } catch let error as AMQPAdapterError where error.code == .queueMissing {
        return false
      }
      return true
    }
    guard let configuration = answer else { throw SoakFailure("no configuration came") }
    let clip = ReferenceClip(seed: 5, seconds: 4, sampleRate: 22_050).samples.map { Float($0) / 32_768 }
    let audio = try AudioEncoder.encode(clip, format: .flac, sampleRate: 22_050).base64EncodedString()
    let body = try JSONEncoder().encode(["display_name": "Soak", "speaker_wav_base64": audio])
    let voice = try await requester.request(VoiceSummary.self, body, to: names.registerVoice)
    // Each worker may take a request, and both must have the voice. Several successful requests in a row show that they
    // do.
    var inARow = 0
    try await eventually("both workers know the voice", within: .seconds(120)) {
      let list = try await requester.request(VoiceList.self, to: names.listVoices)
      inARow = list.voices.contains { $0.voiceID == voice.voiceID } ? inARow + 1 : 0
      return inARow >= 20
    }
    await requester.close()
    return Corpus(voices: configuration.voices.prefix(3).map(\.voiceID) + [voice.voiceID])
  }

  private struct VoiceList: Decodable {
    var voices: [VoiceSummary]
  }

  /// The digest of each item's audio, synthesised without other requests.
  private func digests(_ corpus: Corpus) async throws -> [String] {
    let requester = try await AMQPRequester.connect(ConnectionConfiguration(url: broker.url), names: names)
    var digests: [String] = []
    for item in corpus.items { digests.append(try await requester.synthesize(item).sha256) }
    await requester.close()
    return digests
  }

  /// Answers per second with both workers busy; the first third is not counted.
  private func measureCapacity(_ client: LoadClient, _ source: inout OfferSource) async throws -> SoakResult.Capacity {
    let ledger = client.ledger
    try await keepBusy(for: options.capacitySeconds / 3, -1, client, &source)
    let (begin, answered, good) = (ContinuousClock.now, ledger.answeredCount, ledger.goodCount)
    try await keepBusy(for: options.capacitySeconds * 2 / 3, -1, client, &source)
    let seconds = (.now - begin) / .seconds(1)
    let capacity = SoakResult.Capacity(
      answers: Double(ledger.answeredCount - answered) / seconds, good: Double(ledger.goodCount - good) / seconds)
    try await eventually("the measured requests are answered", within: .seconds(120)) { ledger.openCount == 0 }
    return capacity
  }

  // MARK: Load

  /// Offers a phase's requests while its fault is injected. Returns the start of the phase.
  /// - Parameter capacity: answers per second.
  private func offer(
    _ phase: SoakPlan.Phase, _ index: Int, _ capacity: Double, _ client: LoadClient, _ source: inout OfferSource,
    _ injector: FaultInjector
  ) async throws -> ContinuousClock.Instant {
    if phase.offering == .capacity { await drain(client.ledger, to: options.openRequests) }
    let start = ContinuousClock.now
    let fault = Task {
      if let fault = phase.fault { try await injector.inject(fault, phase: index, seconds: phase.seconds) }
    }
    switch phase.offering {
    case .capacity:
      say(String(format: "%@: %.0f s", phase.name, phase.seconds))
      try await keepBusy(for: phase.seconds, index, client, &source)
    case .rate(let load), .overload(let load):
      let rate = load * capacity
      say(String(format: "%@: %.0f s at %.1f requests/s", phase.name, phase.seconds, rate))
      for number in 0..<Int(phase.seconds * rate) {
        send(try source.next(everyoneHasDeadlines: phase.isOverload), index, client)
        try await Task.sleep(until: start + .seconds(Double(number + 1) / rate))
      }
    }
    try await fault.value
    return start
  }

  /// The number of connections to the broker that workers have lost so far.
  private var lossCount: Int { workers.reduce(0) { $0 + $1.logCount("the connection to the broker is lost") } }

  /// Keeps as many requests open as both workers need to stay busy.
  private func keepBusy(
    for seconds: Double, _ phase: Int, _ client: LoadClient, _ source: inout OfferSource
  ) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while .now < end {
      let open = client.ledger.openCount
      for _ in open..<max(open, options.openRequests) { send(try source.next(), phase, client) }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private func send(_ offer: Offer, _ phase: Int, _ client: LoadClient) {
    client.ledger.open(offer, phase: phase)
    Task { await client.send(offer) }
  }

  /// Waits until only a few requests are open, or until there was no answer for longer than the longest retry takes.
  private func drain(_ ledger: Ledger, to few: Int = 0) async {
    var (open, since) = (ledger.openCount, ContinuousClock.now)
    while open > few, .now - since < options.patience {
      try? await Task.sleep(for: .milliseconds(200))
      if ledger.openCount < open { (open, since) = (ledger.openCount, .now) }
    }
  }

  // MARK: After the load

  /// The dead letters, once there are `count` of them or after a wait that is longer than that for a refused reply.
  private func deadLetters(_ broker: ConnectionConfiguration, atLeast count: Int) async throws -> [DeadLetter] {
    let connection = try await Connection.open(broker, endpoint: broker.endpoints[0])
    if count > 0 {
      let channel = try await connection.openChannel()
      let end = ContinuousClock.now + options.patience
      while .now < end, try await channel.inspect(queue: names.dead).messageCount < count {
        try await Task.sleep(for: .milliseconds(500))
      }
      await channel.close()
    }
    let letters = try await DeadLetters(connection: connection, names: names, limit: 100_000).list()
    await connection.close()
    return letters
  }

  /// Whether the audit chain of a worker verifies after the run.
  private func verifyAudit(_ worker: Worker) throws -> Bool {
    let process = Process()
    process.executableURL = options.executable
    process.arguments = [
      "audit", "verify", "--database", worker.disk.appendingPathComponent("speechbus.sqlite").path, "--key-file",
      worker.keyFile,
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  private func say(_ line: String) { FileHandle.standardError.write(Data("soak: \(line)\n".utf8)) }
}
