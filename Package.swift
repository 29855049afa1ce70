// swift-tools-version: 6.1
import PackageDescription

func environment(_ name: String) -> String? { Context.environment[name].flatMap { $0.isEmpty ? nil : $0 } }

// SPEECHBUS_STRICT=1, which CI sets, makes warnings errors. It needs unsafe flags, which a package that others depend on
// must not have.
let strict: [SwiftSetting] = environment("SPEECHBUS_STRICT") == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

let ctorch = product("CTorch", "CTorch")
let torchLibrary = product("speechbus-torch", "CTorch")
let argumentParser = product("ArgumentParser", "swift-argument-parser")
let coreMetrics = product("CoreMetrics", "swift-metrics")
let grdb = product("GRDB", "GRDB.swift")
let heap = product("HeapModule", "swift-collections")
let hummingbird = product("Hummingbird", "hummingbird")
let hummingbirdCore = product("HummingbirdCore", "hummingbird")
let httpTypes = product("HTTPTypes", "swift-http-types")
let inMemoryTracing = product("InMemoryTracing", "swift-distributed-tracing")
let instrumentation = product("Instrumentation", "swift-distributed-tracing")
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle")
let logging = product("Logging", "swift-log")
let metrics = product("Metrics", "swift-metrics")
let nioCore = product("NIOCore", "swift-nio")
let nioFoundation = product("NIOFoundationCompat", "swift-nio")
let nioHTTP1 = product("NIOHTTP1", "swift-nio")
let nioHTTPTypes = product("NIOHTTPTypes", "swift-nio-extras")
let nioHTTPTypesHTTP1 = product("NIOHTTPTypesHTTP1", "swift-nio-extras")
let nioPosix = product("NIOPosix", "swift-nio")
let tracing = product("Tracing", "swift-distributed-tracing")
let unixSignals = product("UnixSignals", "swift-service-lifecycle")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "speechbus",
  products: [.executable(name: "speechbus", targets: ["speechbus"])],
  dependencies: [
    // libtorch as a shared library, which the program loads when a model needs it.
    .package(path: "Sources/CTorch"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // Without swift-configuration, which nothing here uses.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // 0: C and C++ behind one header each
    // The modules CCrypto, CCurl, CExpat, CRabbitMQ, CSndfile, CSpeexDSP and CZlib.
    .systemLibrary(
      name: "CLibraries", pkgConfig: "libcrypto libcurl expat librabbitmq sndfile speexdsp zlib",
      providers: [
        .apt([
          "libssl-dev", "libcurl4-openssl-dev", "libexpat1-dev", "librabbitmq-dev", "libsndfile1-dev",
          "libspeexdsp-dev", "zlib1g-dev",
        ])
      ]),
    // ICU, and the table of pinyin.
    .target(
      name: "CText", exclude: ["pinyin.txt"], linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]),
    // Optimised in debug builds too: tests run whole models through it.
    .target(
      name: "CKernels", cxxSettings: [.unsafeFlags(["-O3", "-Wall", "-Wno-psabi", "-fno-exceptions", "-fno-rtti"])]),
    // FFmpeg's libraries are loaded by the process that decodes, so nothing is linked.
    .target(name: "CAudioDecoder"),

    // The commit of the build, which the environment of `swift build` names.
    .target(
      name: "CRelease",
      cSettings: environment("SPEECHBUS_COMMIT").flatMap { $0.allSatisfy(\.isHexDigit) ? $0 : nil }.map {
        [.define("SPEECHBUS_COMMIT", to: "\"\($0)\"")]
      }),

    // 1: values and ports; tensors; files; the broker's protocol
    library("SpeechCore", ["CLibraries", "CRelease", tracing]),
    library("Checkpoint", ["SpeechCore"]),
    library("Torch", [ctorch, torchLibrary, "SpeechCore"]),
    library("RabbitMQ", ["CLibraries", "SpeechCore", lifecycle, logging]),

    // 2: sound, text, model
    library("SpeechAudio", ["SpeechCore", "CAudioDecoder", "CLibraries"]),
    library("XTTSText", ["SpeechCore", "Checkpoint", "CText", heap]),
    library("XTTSModel", ["Torch", "CKernels", "Checkpoint", "SpeechCore", heap]),

    // 3: the engine
    library("XTTSEngine", ["XTTSModel", "XTTSText", "Checkpoint", "Torch", "SpeechCore"]),

    // 4: the use cases
    library("SpeechService", ["SpeechCore", "SpeechAudio", "Checkpoint", heap, tracing]),

    // 5: each one outside thing
    library("AMQPAdapter", ["RabbitMQ", "SpeechCore", "SpeechService", lifecycle, logging, tracing]),
    .target(
      name: "HTTPAdapter",
      dependencies: [
        "SpeechCore", "SpeechService", httpTypes, hummingbird, hummingbirdCore, logging, nioCore, nioFoundation,
        nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, tracing,
      ], resources: [.embedInCode("Page"), .embedInCode("Schemas")], swiftSettings: strict),
    .target(
      name: "Downloads", dependencies: ["CLibraries", "SpeechCore", logging],
      resources: [.embedInCode("Manifest/manifest.json")], swiftSettings: strict),
    library("Observability", ["SpeechCore", coreMetrics, instrumentation, logging, tracing]),
    library("SQLiteStorage", ["SpeechCore", grdb]),

    // 6: the composition root
    .executableTarget(
      name: "speechbus",
      dependencies: [
        "AMQPAdapter", "CAudioDecoder", "Checkpoint", "Downloads", "HTTPAdapter", "Observability",
        "RabbitMQ", "SQLiteStorage", "SpeechAudio", "SpeechCore", "SpeechService", "XTTSEngine", "XTTSModel",
        "XTTSText",
        argumentParser, lifecycle, logging, metrics, tracing,
      ], swiftSettings: strict),

    // Development: programs that don't ship. The bus without a model: for the benchmark, and for tests that kill a worker.
    .executableTarget(
      name: "bus-bench",
      dependencies: [
        "AMQPAdapter", "RabbitMQ", "SpeechCore", "SpeechService", "SQLiteStorage", "TestSupport", logging,
      ],
      path: "Development/BusBench", swiftSettings: strict),
    .executableTarget(
      name: "bus-stub-worker",
      dependencies: ["AMQPAdapter", "RabbitMQ", "TestSupport", lifecycle, logging, unixSignals],
      path: "Development/BusStubWorker", swiftSettings: strict),

    // the CPU kernels compared with the peak of the machine
    .executableTarget(
      name: "kernel-bench", dependencies: ["CKernels"], path: "Development/KernelBench",
      linkerSettings: [.linkedLibrary("m")]),

    // the audio decoder on damaged files, and alone for tests
    .executableTarget(name: "decoder-fuzz", dependencies: ["CAudioDecoder"], path: "Development/DecoderFuzz"),

    // a service under load and faults
    .executableTarget(
      name: "soak",
      dependencies: [
        "AMQPAdapter", "Checkpoint", "RabbitMQ", "SpeechAudio", "SpeechCore", "TestSupport", argumentParser,
        logging,
      ], path: "Development/Soak", swiftSettings: strict),

    // shared by the tests and the programs of Development: a private broker, a service without a model, child processes
    .target(
      name: "TestSupport", dependencies: ["Checkpoint", "SpeechCore"], path: "Tests/Support", swiftSettings: strict),

    tests("SpeechCoreTests", ["SpeechCore", "TestSupport"]),
    tests(
      "CheckpointTests", ["Checkpoint", "Downloads", "SpeechCore", "TestSupport"],
      resources: [.copy("Fixtures")]),
    tests("CKernelsTests", ["CKernels"]),
    tests("TorchTests", ["Torch"]),
    tests("RabbitMQTests", ["RabbitMQ", "SpeechCore", "TestSupport", logging]),
    tests(
      "SpeechAudioTests", ["SpeechAudio", "SpeechCore", "TestSupport", "decoder-fuzz"], resources: [.copy("Fixtures")]),
    tests("XTTSTextTests", ["XTTSText", "SpeechCore", "TestSupport"], resources: [.copy("Fixtures")]),
    tests(
      "XTTSModelTests", ["XTTSModel", "Torch", "CKernels", "Checkpoint", "SpeechCore", "TestSupport"],
      resources: [.copy("Fixtures")]),
    tests(
      "XTTSEngineTests",
      ["XTTSEngine", "Checkpoint", "XTTSModel", "SpeechCore", "Downloads", "TestSupport"]),
    tests(
      "SpeechServiceTests",
      [
        "SpeechService", "SpeechAudio", "Checkpoint", "SpeechCore", "SQLiteStorage", "TestSupport", inMemoryTracing,
        tracing,
      ]),
    tests(
      "AMQPAdapterTests",
      ["AMQPAdapter", "RabbitMQ", "SpeechCore", "TestSupport", "bus-stub-worker", logging]),
    tests("DownloadsTests", ["Downloads", "SpeechCore", "TestSupport", logging, nioCore, nioHTTP1, nioPosix]),
    tests(
      "HTTPAdapterTests",
      [
        "HTTPAdapter", "SpeechCore", "TestSupport", httpTypes, hummingbird, logging, nioCore, nioHTTP1, nioHTTPTypes,
        nioHTTPTypesHTTP1, nioPosix,
      ]),
    tests("ObservabilityTests", ["Observability", coreMetrics, instrumentation, logging, tracing]),
    tests(
      "SpeechbusTests",
      [
        "speechbus", "AMQPAdapter", "Checkpoint", "Downloads", "Observability", "RabbitMQ",
        "SQLiteStorage", "SpeechAudio", "SpeechCore", "TestSupport", argumentParser, logging,
      ]),
    tests("SoakTests", ["soak", "AMQPAdapter", "RabbitMQ", "SpeechCore"]),
    .testTarget(
      name: "SQLiteStorageTests", dependencies: ["SQLiteStorage", "SpeechCore", grdb], exclude: ["Fixtures"],
      swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
