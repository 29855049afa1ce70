import Foundation
import TestSupport
import Testing

@testable import speechbus

/// F4, F23 and F25, on the executable.
@Suite(.timeLimit(.minutes(2)))
struct SecretsTests {
  @Test func noSecretIsInTheLogAtAnyLevel() async throws {
    let broker = try await PrivateBroker.shared()
    let secrets = ["tok3n-of-http", "hf_t0ken", "pr1vate-value", "c0llector-key"]
    let service = try await ServiceProcess(
      broker: broker.url,
      settings: [
        "SPEECHBUS_LOG": "trace", "SPEECHBUS_HTTP_TOKEN": secrets[0], "HF_TOKEN": secrets[1],
        "SOME_OTHER_VARIABLE": secrets[2], "OTEL_EXPORTER_OTLP_HEADERS": "authorization=\(secrets[3])",
        // No server listens on port 1.
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://user:\(secrets[3])@127.0.0.1:1",
      ])
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
    let log = service.logText
    #expect(log.contains("Starting service"))
    for secret in secrets + ["guest:guest"] { #expect(!log.contains(secret), "\(secret) is in the log") }
    #expect(!log.unicodeScalars.contains("\u{1B}"))
  }

  @Test func filesAreForTheServicesUserAlone() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(broker: broker.url)
    let manager = FileManager.default
    for name in ["speechbus.sqlite", "speechbus.sqlite-wal", "speechbus.sqlite-shm"] {
      let attributes = try manager.attributesOfItem(atPath: service.directory.appending(path: name).path)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
  }

  @Test func anOpenPortWithoutATokenGivesAWarning() async throws {
    let broker = try await PrivateBroker.shared()
    for (host, token, warns) in [("0.0.0.0", "", true), ("0.0.0.0", "t", false), ("127.0.0.1", "", false)] {
      let service = try await ServiceProcess(
        broker: broker.url, settings: ["SPEECHBUS_HTTP_HOST": host, "SPEECHBUS_HTTP_TOKEN": token],
        waitsUntilReady: false)
      #expect(service.logText.contains("no token is set") == warns, "\(host) \(token)")
      service.signal(SIGKILL)
    }
  }
}
