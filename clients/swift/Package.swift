// swift-tools-version: 6.0
import PackageDescription

let package = Package(
  name: "say",
  targets: [
    .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
    .executableTarget(name: "say", dependencies: ["CRabbitMQ"]),
  ])
