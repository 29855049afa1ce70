// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]

let package = Package(
  name: "speechbus",
  targets: [
    .systemLibrary(name: "CSndfile", providers: [.apt(["libsndfile1-dev"])]),
    .target(name: "SpeechCore", swiftSettings: strict),
    .target(name: "SpeechAudio", dependencies: ["SpeechCore", "CSndfile"], swiftSettings: strict),
    .testTarget(name: "SpeechAudioTests", dependencies: ["SpeechAudio", "SpeechCore"], swiftSettings: strict),
  ]
)
