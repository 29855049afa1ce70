// swift-tools-version: 6.1
import PackageDescription

func environment(_ name: String) -> String? { Context.environment[name].flatMap { $0.isEmpty ? nil : $0 } }

// SPEECHBUS_STRICT=1, which CI sets, makes warnings errors. It needs unsafe flags, which a package that others depend on
// must not have.
let strict: [SwiftSetting] = environment("SPEECHBUS_STRICT") == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]

// libtorch: Debian's, or the one that LIBTORCH names (a 2.x release, with `include` and `lib` in it). CUDA_INCLUDE, the
// headers of the CUDA runtime that it was made with, adds the GPU; no GPU is needed to build.
let libtorch = environment("LIBTORCH")
let cudaInclude = libtorch.flatMap { _ in environment("CUDA_INCLUDE") }
let torchInclude = libtorch.map { $0 + "/include" } ?? "/usr/include"
let torchCxx: [CXXSetting] = [
  .unsafeFlags(
    ["-I\(torchInclude)", "-I\(torchInclude)/torch/csrc/api/include", "-Wno-deprecated-declarations"]
      + (libtorch == nil ? [] : ["-std=c++20"]) + (cudaInclude.map { ["-DCTORCH_CUDA", "-I\($0)"] } ?? []))
]
// A LIBTORCH is linked by path: another one in a folder that is searched earlier must not take its place. Nothing refers to
// the CUDA libraries by name, so the linker is told to keep them; what they need of others is found where the program runs.
func linked(_ folder: String, _ libraries: [String]) -> [String] {
  libraries.flatMap { ["-Xlinker", "\(folder)/lib/lib\($0).so"] }
}
let torchLinker: [LinkerSetting] =
  libtorch.map { folder in
    let cuda =
      ["-Xlinker", "--no-as-needed"] + linked(folder, ["torch_cuda", "c10_cuda", "torch"])
      + ["-Xlinker", "--unresolved-symbols=ignore-in-shared-libs"]
    return [
      .unsafeFlags(
        linked(folder, ["torch_cpu", "c10"]) + ["-Xlinker", "-rpath", "-Xlinker", "\(folder)/lib"]
          + (cudaInclude == nil ? [] : cuda))
    ]
  } ?? [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

let argumentParser = product("ArgumentParser", "swift-argument-parser")
let coreMetrics = product("CoreMetrics", "swift-metrics")
let grdb = product("GRDB", "GRDB.swift")
let heap = product("HeapModule", "swift-collections")
let hummingbird = product("Hummingbird", "hummingbird")
let hummingbirdCore = product("HummingbirdCore", "hummingbird")
let httpTypes = product("HTTPTypes", "swift-http-types")
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle")
let logging = product("Logging", "swift-log")
let metrics = product("Metrics", "swift-metrics")
let nioCore = product("NIOCore", "swift-nio")
let nioFoundation = product("NIOFoundationCompat", "swift-nio")
let nioHTTP1 = product("NIOHTTP1", "swift-nio")
let nioHTTPTypes = product("NIOHTTPTypes", "swift-nio-extras")
let nioHTTPTypesHTTP1 = product("NIOHTTPTypesHTTP1", "swift-nio-extras")
let nioPosix = product("NIOPosix", "swift-nio")
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
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
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
    .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSndfile", providers: [.apt(["libsndfile1-dev"])]),
    .target(name: "CICU", linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]),
    .target(name: "CPinyinData", exclude: ["pinyin.txt"]),
    // Optimised in debug builds too: tests run whole models through it.
    .target(
      name: "CKernels", cxxSettings: [.unsafeFlags(["-O3", "-Wall", "-Wno-psabi", "-fno-exceptions", "-fno-rtti"])]),
    .target(name: "CTorch", cxxSettings: torchCxx, linkerSettings: torchLinker),

    // 1: values and ports; tensors; files; the broker's protocol
    library("SpeechCore", ["CCrypto"]),
    library("Checkpoint", ["SpeechCore"]),
    library("Torch", ["CTorch", "SpeechCore"]),
    library("RabbitMQ", ["CRabbitMQ", "SpeechCore", lifecycle, logging]),
    .target(name: "SpeechPage", resources: [.embedInCode("Files")], swiftSettings: strict),

    // 2: sound, text, model
    library("SpeechAudio", ["SpeechCore", "CSndfile"]),
    library("XTTSText", ["SpeechCore", "Checkpoint", "CICU", "CPinyinData", heap]),
    library("XTTSModel", ["Torch", "CKernels", "Checkpoint", "SpeechCore", heap]),

    // 3: the engine
    library("XTTSEngine", ["XTTSModel", "XTTSText", "Checkpoint", "Torch", "SpeechCore"]),

    // 4: the use cases
    library("SpeechService", ["SpeechCore", "SpeechAudio", heap]),

    // 5: each one outside thing
    library("AMQPAdapter", ["RabbitMQ", "SpeechCore", "SpeechService", lifecycle, logging]),
    library(
      "HTTPAdapter",
      [
        "SpeechCore", "SpeechPage", "SpeechService", httpTypes, hummingbird, hummingbirdCore, logging, nioCore,
        nioFoundation,
        nioHTTPTypes,
      ]),
    .target(
      name: "Downloads", dependencies: ["CCurl", "SpeechCore", logging],
      resources: [.embedInCode("Manifest/manifest.json")], swiftSettings: strict),
    library("ModelStore", ["Checkpoint"]),
    library("Observability", [coreMetrics, logging]),
    library("SQLiteStorage", ["SpeechCore", grdb]),

    // 6: the composition root
    .executableTarget(
      name: "speechbus",
      dependencies: [
        "AMQPAdapter", "Checkpoint", "Downloads", "HTTPAdapter", "ModelStore", "Observability",
        "RabbitMQ", "SQLiteStorage", "SpeechAudio", "SpeechCore", "SpeechService", "XTTSEngine", "XTTSModel",
        "XTTSText",
        argumentParser, lifecycle, logging, metrics,
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

    // the CPU kernels against what the machine can do at best
    .executableTarget(
      name: "kernel-bench", dependencies: ["CKernels"], path: "Development/KernelBench",
      linkerSettings: [.linkedLibrary("m")]),

    // a service under load while things break
    .executableTarget(
      name: "soak",
      dependencies: [
        "AMQPAdapter", "ModelStore", "RabbitMQ", "SpeechAudio", "SpeechCore", "TestSupport", argumentParser,
        logging,
      ], path: "Development/Soak", swiftSettings: strict),

    // what tests and the programs of Development share: a private broker, a service without a model, child processes
    .target(name: "TestSupport", dependencies: ["SpeechCore"], path: "Tests/Support", swiftSettings: strict),

    tests("SpeechCoreTests", ["SpeechCore"]),
    tests("CheckpointTests", ["Checkpoint", "TestSupport"]),
    tests("CKernelsTests", ["CKernels"]),
    tests("TorchTests", ["Torch"]),
    tests("RabbitMQTests", ["RabbitMQ", "TestSupport", logging]),
    tests("SpeechAudioTests", ["SpeechAudio", "SpeechCore"]),
    tests("XTTSTextTests", ["XTTSText", "SpeechCore", "TestSupport"], resources: [.copy("Fixtures")]),
    tests(
      "XTTSModelTests", ["XTTSModel", "Torch", "CKernels", "Checkpoint", "ModelStore", "SpeechCore"],
      resources: [.copy("Fixtures")]),
    tests(
      "XTTSEngineTests",
      ["XTTSEngine", "Checkpoint", "XTTSModel", "SpeechCore", "Downloads", "ModelStore", "TestSupport"]),
    tests("SpeechServiceTests", ["SpeechService", "SpeechAudio", "SpeechCore", "SQLiteStorage"]),
    tests(
      "AMQPAdapterTests",
      ["AMQPAdapter", "RabbitMQ", "SpeechCore", "TestSupport", "bus-stub-worker", logging]),
    tests("DownloadsTests", ["Downloads", "SpeechCore", "TestSupport", logging, nioCore, nioHTTP1, nioPosix]),
    tests(
      "HTTPAdapterTests",
      [
        "HTTPAdapter", "SpeechCore", "SpeechPage", httpTypes, hummingbird, logging, nioCore, nioHTTP1, nioHTTPTypes,
        nioHTTPTypesHTTP1, nioPosix,
      ]),
    tests(
      "ModelStoreTests", ["ModelStore", "Checkpoint", "Downloads", "SpeechCore", "TestSupport"],
      resources: [.copy("Fixtures")]),
    tests("ObservabilityTests", ["Observability", coreMetrics, logging]),
    tests(
      "SpeechbusTests",
      [
        "speechbus", "AMQPAdapter", "Checkpoint", "Downloads", "ModelStore", "Observability", "RabbitMQ",
        "SQLiteStorage", "SpeechAudio", "SpeechCore", "TestSupport", argumentParser, logging,
      ]),
    tests("SoakTests", ["soak", "RabbitMQ", "SpeechCore"]),
    tests("SQLiteStorageTests", ["SQLiteStorage", "SpeechCore", grdb]),
  ],
  // libtorch 2 needs C++20, in which clang takes headers of other targets for modules: so that is for CTorch alone.
  cxxLanguageStandard: libtorch == nil ? .cxx17 : nil
)
