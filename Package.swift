// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]

let package = Package(
  name: "speechbus",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CSndfile", providers: [.apt(["libsndfile1-dev"])]),
    .target(name: "SpeechCore", swiftSettings: strict),
    .target(name: "SpeechAudio", dependencies: ["SpeechCore", "CSndfile"], swiftSettings: strict),
    .target(
      name: "SpeechService",
      dependencies: ["SpeechCore", "SpeechAudio", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .testTarget(name: "SpeechCoreTests", dependencies: ["SpeechCore"], swiftSettings: strict),
    .testTarget(name: "SpeechAudioTests", dependencies: ["SpeechAudio", "SpeechCore"], swiftSettings: strict),
    .testTarget(
      name: "SpeechServiceTests", dependencies: ["SpeechService", "SpeechAudio", "SpeechCore", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
  ]
)
