// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]

// libtorch: Debian's, or the one that LIBTORCH names (a 2.x release, with `include` and `lib` in it).
let libtorch = Context.environment["LIBTORCH"].flatMap { $0.isEmpty ? nil : $0 }
let torchInclude = libtorch.map { $0 + "/include" } ?? "/usr/include"
let torchCxx: [CXXSetting] = [
  .unsafeFlags([
    "-I\(torchInclude)", "-I\(torchInclude)/torch/csrc/api/include", "-Wno-deprecated-declarations",
  ])
]
let torchLinker: [LinkerSetting] =
  [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]
  + (libtorch.map { [.unsafeFlags(["-L\($0)/lib", "-Xlinker", "-rpath", "-Xlinker", "\($0)/lib"])] } ?? [])

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
  name: "speechbus",
  products: [.executable(name: "speechbus", targets: ["speechbus"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // 0: C and C++ behind one header each
    .systemLibrary(name: "CSndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CRabbitMQ", providers: [.apt(["librabbitmq-dev"])]),
    .target(name: "CPinyinData"),
    .target(name: "CTorch", cxxSettings: torchCxx, linkerSettings: torchLinker),

    // 1
    .target(name: "SpeechCore", swiftSettings: strict),
    .target(name: "Checkpoint", swiftSettings: strict),
    .target(name: "Torch", dependencies: ["CTorch"], swiftSettings: strict),
    .target(name: "RabbitMQ", dependencies: ["CRabbitMQ", lifecycle, logging], swiftSettings: strict),

    // 2
    .target(name: "SpeechAudio", dependencies: ["SpeechCore", "CSndfile"], swiftSettings: strict),
    .target(name: "XTTSText", dependencies: ["SpeechCore", "CPinyinData"], swiftSettings: strict),
    .target(name: "XTTSModel", dependencies: ["Torch", "Checkpoint", "SpeechCore"], swiftSettings: strict),

    // 3
    .target(
      name: "XTTSEngine", dependencies: ["XTTSModel", "XTTSText", "Torch", "SpeechCore"], swiftSettings: strict),

    // 4
    .target(name: "SpeechService", dependencies: ["SpeechCore", "SpeechAudio", crypto], swiftSettings: strict),

    // 5: each one outside thing
    .target(name: "AMQPAdapter", dependencies: ["RabbitMQ", "SpeechCore", lifecycle, logging], swiftSettings: strict),
    .target(name: "ModelStore", dependencies: ["Checkpoint", crypto], swiftSettings: strict),
    .target(name: "Observability", dependencies: ["SpeechCore", logging, metrics], swiftSettings: strict),
    .target(name: "SQLiteStorage", dependencies: ["SpeechCore", crypto, grdb], swiftSettings: strict),

    // 6
    .executableTarget(
      name: "speechbus",
      dependencies: [
        "AMQPAdapter", "Checkpoint", "ModelStore", "Observability", "SQLiteStorage", "SpeechAudio", "SpeechCore", "SpeechService", "XTTSEngine",
        "XTTSModel", "XTTSText", argumentParser, lifecycle, logging, metrics,
      ], swiftSettings: strict),

    .testTarget(name: "SpeechCoreTests", dependencies: ["SpeechCore"], swiftSettings: strict),
    .testTarget(name: "CheckpointTests", dependencies: ["Checkpoint"], swiftSettings: strict),
    .testTarget(name: "SpeechAudioTests", dependencies: ["SpeechAudio", "SpeechCore"], swiftSettings: strict),
    .testTarget(name: "XTTSTextTests", dependencies: ["XTTSText", "SpeechCore"], swiftSettings: strict),
    .testTarget(
      name: "SpeechServiceTests", dependencies: ["SpeechService", "SpeechAudio", "SpeechCore", crypto],
      swiftSettings: strict),
  ],
  cxxLanguageStandard: libtorch == nil ? .cxx17 : .cxx20
)
