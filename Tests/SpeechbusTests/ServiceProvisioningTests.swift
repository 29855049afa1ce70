import AMQPAdapter
import SpeechCore
import Testing

@testable import speechbus

/// The steps of a start and a stop, without I/O and clock.
@Suite struct ServiceProvisioningTests {
  private typealias Provisioning = ServiceProvisioning<Int>

  private let start = ContinuousClock.now
  private let pause = Provisioning.pause

  private func model(_ provisioning: Provisioning) -> String? { provisioning.health(broker: nil).components["model"] }

  /// A provisioning that looks for the model.
  private func withDatabase(_ policy: StartPolicy = .wait) -> Provisioning {
    var provisioning = Provisioning(policy: policy)
    _ = provisioning.start()
    if policy == .exit { _ = provisioning.brokerAnswered() }
    #expect(provisioning.databaseOpened() == .findModel)
    return provisioning
  }

  @Test func aStartProvidesOnePartAfterTheOther() {
    var provisioning = Provisioning(policy: .exit)
    #expect(provisioning.start() == .probeBroker)
    #expect(provisioning.brokerAnswered() == .openDatabase)
    #expect(provisioning.databaseOpened() == .findModel)
    #expect(provisioning.modelIncomplete("no files", at: start) == .downloadModel(reason: "no files"))
    #expect(provisioning.downloaded() == .findModel)
    #expect(provisioning.modelFound(1, at: start) == .loadModel)
    #expect(provisioning.health(broker: nil).status == .starting)
    #expect(provisioning.loaded() == .serve)
    #expect(provisioning.phase == .ready)
    #expect(provisioning.stopped() == .finish(failure: nil))
  }

  @Test(arguments: StartPolicy.allCases)
  func onlyAStartThatDoesNotWaitForTheBrokerProbesIt(policy: StartPolicy) {
    var provisioning = Provisioning(policy: policy)
    #expect(provisioning.start() == (policy == .exit ? .probeBroker : .openDatabase))
    guard policy == .exit else { return }
    #expect(provisioning.brokerFailed("refused") == .finish(failure: "refused"))
  }

  @Test(arguments: [StartPolicy.auto, .exit])
  func aMissingPartEndsAStartThatDoesNotWait(policy: StartPolicy) {
    var provisioning = Provisioning(policy: policy)
    _ = provisioning.start()
    if policy == .exit { _ = provisioning.brokerAnswered() }
    #expect(provisioning.databaseFailed("no folder", isPermanent: false) == .finish(failure: "no folder"))
    provisioning = withDatabase(policy)
    _ = provisioning.modelIncomplete("no files", at: start)
    #expect(provisioning.downloadFailed("licence", at: start, jitter: 0) == .finish(failure: "licence"))
    provisioning = withDatabase(policy)
    _ = provisioning.modelFound(1, at: start)
    #expect(provisioning.loadFailed("damaged", at: start, jitter: 0) == .finish(failure: "damaged"))
  }

  @Test func aDatabaseIsWaitedForAndItsReasonReportedOnce() {
    var provisioning = Provisioning(policy: .wait)
    #expect(provisioning.start() == .openDatabase)
    let failed = provisioning.databaseFailed("no folder", isPermanent: false)
    #expect(failed == .wait(pause, for: .database, reason: "no folder"))
    #expect(provisioning.health(broker: nil).components["database"] == "missing")
    #expect(provisioning.waited() == .openDatabase)
    let again = provisioning.databaseFailed("no folder", isPermanent: false)
    #expect(again == .wait(pause, for: .database, reason: nil))
    #expect(provisioning.waited() == .openDatabase)
    #expect(provisioning.databaseOpened() == .findModel)
    #expect(provisioning.health(broker: nil).components["database"] == "open")
  }

  @Test func aWrongDatabaseEndsEachStart() {
    var provisioning = Provisioning(policy: .wait)
    _ = provisioning.start()
    #expect(provisioning.databaseFailed("foreign", isPermanent: true) == .finish(failure: "foreign"))
  }

  @Test func theHubIsQueriedLessAndLessOften() {
    var provisioning = withDatabase()
    var now = start
    for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
      guard case .downloadModel = provisioning.modelIncomplete("no files", at: now) else {
        Issue.record("no download after \(now - start)")
        return
      }
      _ = provisioning.downloadFailed("404", at: now, jitter: 0)
      #expect(model(provisioning) == "missing")
      #expect(provisioning.waited() == .findModel)
      now += .seconds(seconds)
      let early = provisioning.modelIncomplete("no files", at: now - .milliseconds(1))
      #expect(early == .wait(pause, for: .model, reason: nil))
    }
  }

  @Test func theReasonOfAnIncompleteModelIsReportedOnce() {
    var provisioning = withDatabase()
    #expect(provisioning.modelIncomplete("no files", at: start) == .downloadModel(reason: "no files"))
    #expect(
      provisioning.downloadFailed("404", at: start, jitter: 0) == .wait(pause, for: .model, reason: "404"))
    _ = provisioning.waited()
    #expect(provisioning.modelIncomplete("no files", at: start + .seconds(5)) == .downloadModel(reason: nil))
    #expect(provisioning.downloadFailed("404", at: start, jitter: 0) == .wait(pause, for: .model, reason: nil))
  }

  @Test func filesThatAppearEndTheWaitForTheHub() {
    var provisioning = withDatabase()
    _ = provisioning.modelIncomplete("no files", at: start)
    _ = provisioning.downloadFailed("404", at: start, jitter: 0)
    #expect(provisioning.waited() == .findModel)
    #expect(provisioning.modelFound(1, at: start) == .loadModel)
    #expect(model(provisioning) == "loading")
  }

  @Test func filesThatDoNotLoadAreTriedAgainWhenTheyChangeAndWithBackOff() {
    var provisioning = withDatabase()
    #expect(provisioning.modelFound(1, at: start) == .loadModel)
    _ = provisioning.loadFailed("damaged", at: start, jitter: 0)
    #expect(model(provisioning) == "unusable")
    _ = provisioning.waited()
    #expect(provisioning.modelFound(1, at: start + .seconds(4)) == .wait(pause, for: .model, reason: nil))
    #expect(model(provisioning) == "unusable")
    // Other files are tried immediately, with a new back-off.
    #expect(provisioning.modelFound(2, at: start + .seconds(4)) == .loadModel)
    _ = provisioning.loadFailed("damaged", at: start + .seconds(4), jitter: 0)
    #expect(provisioning.modelFound(2, at: start + .seconds(8)) == .wait(pause, for: .model, reason: nil))
    #expect(provisioning.modelFound(2, at: start + .seconds(9)) == .loadModel)
    #expect(model(provisioning) == "loading")
  }

  @Test func aDownloadShowsItsProgress() {
    var provisioning = withDatabase()
    _ = provisioning.modelIncomplete("no files", at: start)
    #expect(model(provisioning) == "missing")
    provisioning.downloading(0.259)
    #expect(model(provisioning) == "downloading")
    #expect(provisioning.health(broker: nil).components["download"] == "25 %")
    _ = provisioning.downloaded()
    #expect(provisioning.health(broker: nil).components["download"] == nil)
  }

  @Test func readinessFollowsModelAndBroker() {
    var provisioning = withDatabase()
    #expect(provisioning.health(broker: .connected).status == .starting)
    _ = provisioning.modelFound(1, at: start)
    #expect(provisioning.health(broker: .connected).status == .starting)
    _ = provisioning.loaded()
    let expected: [(AMQPState.Connection?, HealthReport.Status)] = [
      (nil, .unavailable), (.connecting, .unavailable), (.blocked, .unavailable), (.connected, .ok),
      (.draining, .draining), (.stopped, .draining),
    ]
    for (broker, status) in expected { #expect(provisioning.health(broker: broker).status == status) }
  }

  @Test func aStopEndsReadinessImmediately() {
    var provisioning = withDatabase()
    _ = provisioning.modelFound(1, at: start)
    _ = provisioning.loaded()
    provisioning.stop(at: start)
    #expect(provisioning.health(broker: .connected).status == .draining)
    #expect(model(provisioning) == "ready")
    provisioning.stop(at: start + .seconds(1))
    #expect(provisioning.phase == .draining(since: start))
    #expect(provisioning.stopped() == .finish(failure: nil))
    #expect(model(provisioning) == "stopped")
  }

  /// A stop during any step ends the start without a failure, also when the step itself failed.
  @Test func aStopDuringAStepEndsTheStart() {
    let steps: [(inout Provisioning) -> Provisioning.Action] = [
      { $0.brokerAnswered() }, { $0.brokerFailed("") }, { $0.databaseOpened() },
      { $0.databaseFailed("", isPermanent: true) }, { $0.modelFound(1, at: self.start) },
      { $0.modelIncomplete("", at: self.start) }, { $0.downloaded() },
      { $0.downloadFailed("", at: self.start, jitter: 0) }, { $0.loaded() },
      { $0.loadFailed("", at: self.start, jitter: 0) }, { $0.waited() },
    ]
    for step in steps {
      var provisioning = withDatabase()
      provisioning.stop(at: start)
      #expect(step(&provisioning) == .finish(failure: nil))
      #expect(provisioning.phase == .stopped)
    }
  }
}

@Suite struct StopRequestsTests {
  @Test func signalsWithinASecondCountAsOne() {
    let start = ContinuousClock.now
    var requests = StopRequests()
    let areSecond = [0, 50, 999, 1_000].map { requests.add(at: start + .milliseconds($0)) }
    #expect(areSecond == [false, false, false, true])
  }
}
