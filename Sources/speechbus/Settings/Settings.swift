import AMQPAdapter
import Foundation
import HTTPAdapter
import Observability
import SpeechCore
import SpeechService
import XTTSEngine

/// Every setting: variable, option, default, allowed values, help text and documentation come from here.
enum Settings {
  // MARK: Model and engine

  static let modelDirectory = Setting.text(
    "XTTS_MODEL_DIR",
    "folder with model.pth, config.json, vocab.json and speakers_xtts.pth, which replicas may share; without it, a model "
      + "in the cache of Hugging Face (HF_HUB_CACHE, HF_HOME) or Coqui (TTS_HOME) is used before a download",
    default: "models/coqui_xtts_v2", allowed: "a folder")
  static let repository = Setting.text(
    "XTTS_REPO_ID", "repository of the model, downloaded by model pull and by serve with missing files",
    default: "coqui/XTTS-v2", allowed: "a repository id")
  static let modelCache = Setting<ModelCachePlace>(
    "SPEECHBUS_MODEL_CACHE",
    "where packed weights and the checkpoint's digest are stored, so that later starts are faster: on is next to the model",
    default: .besideTheModel, "on", allowed: "on, off, or the path of a folder with a /"
  ) { ModelCachePlace($0) }
  static let modelManifest = Setting.optionalText(
    "SPEECHBUS_MODEL_MANIFEST", "JSON file of revisions, sizes and SHA-256 digests, for mirrors and other models",
    default: "built in", allowed: "a file")
  static let useGPU = Setting.device(
    "XTTS_USE_GPU",
    "device: 1, cuda or cuda:N requires a GPU, 0 or cpu uses the CPU, libtorch checks the GPU's code on it",
    default: "auto: a GPU if one responds")
  static let precision = Setting.choice(
    "XTTS_PRECISION", "precision of the GPT: float32 or int8 on the CPU; float32, bfloat16 or float16 on a GPU",
    default: EngineOptions.Precision.auto)
  static let allowsTF32 = Setting.flag(
    "SPEECHBUS_TF32", "1 lets a GPU's vocoder round its inputs to TF32: faster, with 10 bits of mantissa")
  static let slots = Setting<Int?>(
    "SPEECHBUS_SLOTS", "sequences decoded together; more slots mean more throughput and later first audio",
    default: nil, "auto", allowed: "auto, or a whole number from 1 to 256"
  ) { text in
    if text.lowercased() == "auto" { return .some(nil) }
    return Int(text).flatMap { (1...256).contains($0) ? .some($0) : nil }
  }
  static let defaultVoice = Setting<String?>(
    "XTTS_DEFAULT_VOICE", "audio file of the voice `default`", default: nil, "first built-in speaker",
    allowed: "an audio file that can be read"
  ) { FileManager.default.isReadableFile(atPath: $0) ? .some($0) : nil }
  static let defaultLanguage = Setting<Language>(
    "XTTS_DEFAULT_LANGUAGE", "language of requests that name none", default: .english, Language.english.rawValue,
    allowed: "a language of the model, such as " + Language.allCases.map(\.rawValue).joined(separator: ", ")
  ) { Language(tag: $0) }
  static let textNormalization = Setting.choice(
    "SPEECHBUS_TEXT_NORMALIZATION",
    "how text is rewritten for the model: extended writes numbers, money, dates and units as words; upstream does what "
      + "the model was trained with; none rewrites nothing",
    default: NormalizationMode.extended)
  static let finalPeriod = Setting.choice(
    "SPEECHBUS_DROP_FINAL_PERIOD",
    "whether the period at the end of a segment is left unsaid, after which the model may add a sound; auto: in English and "
      + "French",
    default: FinalPeriod.auto)
  static let pauseSentence = Setting.seconds(
    "SPEECHBUS_PAUSE_SENTENCE", "seconds of silence between sentences; above 0, each sentence is spoken by itself")
  static let pauseParagraph = Setting.seconds(
    "SPEECHBUS_PAUSE_PARAGRAPH", "seconds of silence between paragraphs; above 0, each begins a segment")
  static let lexicon = Setting.optionalText(
    "SPEECHBUS_LEXICON", "id of the lexicon for requests that name none", default: "none", allowed: "a lexicon's id")
  static let japaneseDictionary = Setting<String?>(
    "XTTS_JAPANESE_DICTIONARY", "folder of a MeCab dictionary, for Japanese", default: nil, "found automatically",
    allowed: "a folder with sys.dic, matrix.bin, char.bin and unk.dic"
  ) { folder in
    let files = ["sys.dic", "matrix.bin", "char.bin", "unk.dic"]
    return files.allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") } ? .some(folder) : nil
  }
  static let agreesToLicense = Setting.flag(
    "COQUI_TOS_AGREED", "1 agrees to the Coqui Public Model License, for downloads of XTTS-v2")
  static let hubEndpoint = Setting.text(
    "HF_ENDPOINT", "server of the model's repository, as Hugging Face's tools read it",
    default: "https://huggingface.co",
    allowed: "an http:// or https:// URL")
  static let hubToken = Setting.optionalText(
    "HF_TOKEN", "token for that server; sent to no other host", default: "none", allowed: "a token", isSecret: true)
  static let hubTimeout = Setting.integer(
    "HF_HUB_DOWNLOAD_TIMEOUT", "seconds after which a download that hardly moves is tried again", default: 30,
    in: 1...3_600)
  static let hubOffline = Setting.flag("HF_HUB_OFFLINE", "1 forbids downloads of models")
  static let certificateFile = Setting.optionalText(
    "SSL_CERT_FILE", "PEM file of certificate authorities for downloads", default: "the system's", allowed: "a file")

  // MARK: Bus

  static let amqpURL = Setting.text(
    "SPEECHBUS_AMQP_URL", "broker; several hosts with commas; amqps with ?cacertfile=&certfile=&keyfile=",
    default: "amqp://guest:guest@127.0.0.1:5672/", allowed: "an amqp:// or amqps:// URL")
  static let queue = Setting.text(
    "SPEECHBUS_QUEUE", "queue of synthesis requests", default: "tts.synthesize", allowed: "a queue name")
  static let queueType = Setting.choice(
    "SPEECHBUS_QUEUE_TYPE",
    "type of the queues; classic is for a broker of one node that may lose messages with its disk",
    default: AMQPConfiguration.QueueType.quorum)
  static let delayedRetry = Setting.flag(
    "SPEECHBUS_DELAYED_RETRY",
    "1 makes quorum queues of RabbitMQ 4.3 and later delay the requests that they take back; applies when a queue is first declared"
  )
  static let maximumQueue = Setting.integer(
    "SPEECHBUS_MAX_QUEUE",
    "requests that the queue holds before the broker refuses more, 0 for no limit; applies when the queue is first declared",
    default: 0, in: 0...100_000_000)
  static let prefetch = Setting.integer(
    "SPEECHBUS_PREFETCH", "requests fetched at once; 0 is the number of slots and a few more", default: 0,
    in: 0...10_000)
  static let userRunning = Setting.integer(
    "SPEECHBUS_USER_RUNNING", "most requests of one user_id that run in one worker, 0 for no limit", default: 0,
    in: 0...10_000)
  static let userWaiting = Setting.integer(
    "SPEECHBUS_USER_WAITING", "most requests of one user_id that wait in one worker, 0 for no limit", default: 0,
    in: 0...10_000)
  static let maximumAttempts = Setting.integer(
    "SPEECHBUS_MAX_ATTEMPTS", "attempts before a request goes to tts.dead", default: 5, in: 1...100)
  static let deadMaximumAge = Setting.integer(
    "SPEECHBUS_DEAD_MAX_AGE", "seconds after which a message in tts.dead is dropped, 0 for no limit", default: 604_800,
    in: 0...1_000_000_000)
  static let deadMaximumLength = Setting.integer(
    "SPEECHBUS_DEAD_MAX_LENGTH", "messages in tts.dead above which the oldest are dropped, 0 for no limit",
    default: 10_000, in: 0...100_000_000)
  static let drainSeconds = Setting.integer(
    "SPEECHBUS_DRAIN_SECONDS", "most seconds that a stop waits for running requests", default: 30, in: 0...3_600)
  static let drainListenSeconds = Setting.integer(
    "SPEECHBUS_DRAIN_LISTEN_SECONDS",
    "seconds after a stop signal in which HTTP requests are still served, until load balancers have noticed",
    default: 5,
    in: 0...3_600)
  static let start = Setting.choice(
    "SPEECHBUS_START",
    "the missing parts that a start waits for: auto the broker; wait broker, database and model; exit none",
    default: StartPolicy.auto)

  // MARK: Limits

  static let maximumText = Setting.integer(
    "SPEECHBUS_MAX_TEXT", "characters of a request", default: 5_000, in: 1...1_000_000)
  static let maximumReplyBytes = Setting.integer(
    "SPEECHBUS_MAX_REPLY_BYTES", "bytes of audio in a reply; larger audio is stored and linked as audio_url",
    default: 8 << 20, in: 1_024...(120 << 20))
  static let maximumSpokenText = Setting.integer(
    "SPEECHBUS_MAX_SPOKEN_TEXT",
    "characters of a text after normalisation, which writes digits and symbols as words; more is text_too_long",
    default: 20_000, in: 1...1_000_000)
  static let bodyMemory = Setting.integer(
    "SPEECHBUS_MEMORY_BODIES", "bytes of request bodies and downloaded recordings that all requests may hold",
    default: 128 << 20, in: (1 << 20)...(1 << 40))
  static let audioMemory = Setting.integer(
    "SPEECHBUS_MEMORY_AUDIO",
    "bytes of recordings that all requests may hold while these are decoded and made into voices",
    default: 128 << 20, in: (64 << 20)...(1 << 40))
  static let replyMemory = Setting.integer(
    "SPEECHBUS_MEMORY_REPLIES", "bytes of replies that all requests may hold, from synthesis to delivery",
    default: 512 << 20, in: (1 << 20)...(1 << 40))
  static let decoder = Setting.choice(
    "SPEECHBUS_DECODER",
    "reader of recordings: sndfile reads WAV, FLAC, MP3 and OGG; ffmpeg also all other kinds, and writes AAC, in separate processes",
    default: DecoderChoice.ffmpeg)
  static let allowedURLHosts = Setting.text(
    "SPEECHBUS_URL_ALLOW", "private hosts that speaker_wav_url may reach, with commas", default: "",
    allowed: "host names with commas")

  // MARK: Storage and records

  static let database = Setting.text(
    "SPEECHBUS_DATABASE", "SQLite file of voices, records and stored replies; one per worker, on a local disk",
    default: "speechbus.sqlite", allowed: "a file")
  static let keyFile = Setting<String?>(
    "SPEECHBUS_KEY_FILE",
    "file of the keys that sign voice changes and records, created at the first start; replicas share its content",
    default: nil, "the database's name with .key", allowed: "a file"
  ) { .some($0) }
  static let voiceDirectory = Setting.text(
    "XTTS_VOICE_DIR", "folder of the recordings of registered voices", default: "voices", allowed: "a folder")
  static let storeDirectory = Setting.text(
    "XTTS_STORE_DIR", "folder of audio that is too large for a reply or that a request asked to store",
    default: "generated", allowed: "a folder")
  static let storeURL = Setting<String>(
    "SPEECHBUS_STORE_URL", "where clients reach this worker's stored audio; audio_url begins with it",
    default: "", "none: audio_url is a path", allowed: "an http:// or https:// URL without a query"
  ) { text in
    guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil,
      url.query == nil, url.fragment == nil
    else { return nil }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }
  static let auditText = Setting.choice(
    "SPEECHBUS_AUDIT_TEXT", "the part of a text that a record keeps", default: AuditTextPolicy.hash)
  static let auditDays = Setting.integer(
    "SPEECHBUS_AUDIT_DAYS", "days that audit rows are kept, 0 keeps all", default: 0, in: 0...36_500)
  static let keepRepliesHours = Setting.integer(
    "SPEECHBUS_KEEP_REPLIES_HOURS", "hours that replies are stored for repeated keys", default: 24, in: 1...8_760)
  static let keepRepliesBytes = Setting.integer(
    "SPEECHBUS_KEEP_REPLIES_BYTES", "bytes of stored replies; the oldest are removed first", default: 512 << 20,
    in: 0...(1 << 40))
  static let keepClipsDays = Setting.integer(
    "SPEECHBUS_KEEP_CLIPS_DAYS", "days that stored audio is kept, 0 keeps all", default: 0, in: 0...36_500)
  static let keepClipsBytes = Setting.integer(
    "SPEECHBUS_KEEP_CLIPS_BYTES", "bytes of stored audio, 0 keeps all; the oldest is removed first", default: 0,
    in: 0...(1 << 50))

  // MARK: HTTP and logs

  static let httpHost = Setting.text(
    "SPEECHBUS_HTTP_HOST", "address to listen on; 0.0.0.0 or :: accepts other machines, so set a token then",
    default: "127.0.0.1", allowed: "an address")
  static let httpPort = Setting.integer(
    "SPEECHBUS_HTTP_PORT", "port to listen on; 0 uses any free port; PORT counts where it is unset", default: 8_081,
    in: 0...65_535, fallback: "PORT")
  static let httpIdleSeconds = Setting.integer(
    "SPEECHBUS_HTTP_IDLE_SECONDS",
    "seconds after which an idle connection is closed; more than a proxy's own time-out", default: 75, in: 1...86_400)
  static let adminPort = Setting<Int?>(
    "SPEECHBUS_ADMIN_PORT",
    "separate port for health and metrics; the main port then has no metrics, and its page no live figures",
    default: nil, "none: health and metrics are on the main port", allowed: "a whole number from 0 to 65535"
  ) { Int($0).flatMap { (0...65_535).contains($0) ? .some($0) : nil } }
  static let httpAddressConnections = Setting.integer(
    "SPEECHBUS_HTTP_ADDRESS_CONNECTIONS",
    "connections of one client address (of one /64 network for IPv6), 0 for no limit: set 0 behind a proxy",
    default: 512, in: 0...1_000_000)
  static let tokensFile = Setting.optionalText(
    "SPEECHBUS_TOKENS_FILE", "JSON file of named tokens with scopes, see docs/operating.md", default: "none",
    allowed: "a file")
  static let httpToken = Setting.optionalText(
    "SPEECHBUS_HTTP_TOKEN", "token that requests send as Authorization: Bearer; health and the page's files stay open",
    default: "none: open", allowed: "a token", isSecret: true)
  static let page = Setting.flag("SPEECHBUS_PAGE", "0 disables the page at /", default: true)
  static let allowedOrigins = Setting<[String]>(
    "XTTS_ALLOW_ORIGINS", "origins whose pages may call the service (CORS), with commas", default: ["*"], "*",
    allowed: "* or origins such as https://app.example with commas, without paths and wildcards"
  ) { text in
    let origins = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    return origins.allSatisfy { $0 == "*" || WebOrigin($0) != nil } ? origins : nil
  }
  static let allowedHosts = Setting.text(
    "SPEECHBUS_HTTP_HOSTS", "values of the Host header that are answered, with commas; protects against DNS rebinding",
    default: "", allowed: "host names or addresses with commas")
  static let logLevel = Setting.choice("SPEECHBUS_LOG", "log level", default: LogLevel.info)
  static let logFormat = Setting<LogFormat?>(
    "SPEECHBUS_LOG_FORMAT", "log format; json writes one object per line", default: nil,
    "text on a terminal, else json",
    allowed: "text or json"
  ) { LogFormat(rawValue: $0.lowercased()).map(Optional.some) }

  // MARK: All

  /// In the order of the documentation.
  static let sections: [(title: String, settings: [SettingDescription])] = [
    (
      "Model and engine",
      [
        modelDirectory.description, repository.description, modelCache.description, modelManifest.description,
        useGPU.description, precision.description, allowsTF32.description, slots.description, defaultVoice.description,
        defaultLanguage.description, textNormalization.description, finalPeriod.description,
        pauseSentence.description, pauseParagraph.description, lexicon.description, japaneseDictionary.description,
        agreesToLicense.description,
        hubEndpoint.description, hubToken.description, hubTimeout.description, hubOffline.description,
        certificateFile.description,
      ]
    ),
    (
      "Bus",
      [
        amqpURL.description, queue.description, queueType.description, delayedRetry.description,
        maximumQueue.description, prefetch.description, userRunning.description, userWaiting.description,
        maximumAttempts.description, deadMaximumAge.description,
        deadMaximumLength.description, drainSeconds.description, drainListenSeconds.description, start.description,
      ]
    ),
    (
      "Limits",
      [
        maximumText.description, maximumSpokenText.description, maximumReplyBytes.description, bodyMemory.description,
        audioMemory.description, replyMemory.description, allowedURLHosts.description, decoder.description,
      ]
    ),
    (
      "Storage and records",
      [
        database.description, keyFile.description, voiceDirectory.description, storeDirectory.description,
        storeURL.description, auditText.description,
        auditDays.description, keepRepliesHours.description, keepRepliesBytes.description, keepClipsDays.description,
        keepClipsBytes.description,
      ]
    ),
    (
      "HTTP and logs",
      [
        httpHost.description, httpPort.description, httpIdleSeconds.description, adminPort.description,
        httpAddressConnections.description,
        httpToken.description, tokensFile.description,
        page.description, allowedOrigins.description,
        allowedHosts.description,
        logLevel.description, logFormat.description,
      ]
    ),
    ("Traces", traceDescriptions),
  ]

  static var all: [SettingDescription] { sections.flatMap(\.settings) }

  /// The tables of docs/operating.md.
  static var markdown: String {
    sections.map { title, settings in
      let rows = settings.map { setting in
        let flag = setting.flag.map { "`--\($0)`" } ?? "none: a secret"
        let summary = setting.summary.prefix(1).uppercased() + setting.summary.dropFirst()
        return "| `\(setting.name)` | \(flag) | \(setting.defaultText) | \(setting.allowed) | \(summary) |"
      }
      return """
        ### \(title)
        | variable | option | default | allowed | meaning |
        |---|---|---|---|---|
        \(rows.joined(separator: "\n"))

        """
    }.joined(separator: "\n")
  }
}

enum LogLevel: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }
