// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]

let package = Package(
  name: "speechbus",
  targets: [
    .target(name: "SpeechCore", swiftSettings: strict)
  ]
)
