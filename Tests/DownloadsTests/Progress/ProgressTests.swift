import Foundation
import Synchronization
import Testing

@testable import Downloads

@Suite struct ProgressTests {
  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.00 kB"), (1_867_929_118, "1.87 GB"), (361_219, "361 kB"),
    (99_950_000, "100 MB"), (12_345_678, "12.3 MB"), (999_999, "1.00 MB"), (1_050_000, "1.05 MB"), (-5, "0 bytes"),
  ])
  func amountsAreShort(byteCount: Int, text: String) {
    #expect(ByteAmount.text(byteCount) == text)
  }

  private let halfway = DownloadProgress(
    phase: .downloading, file: "model.pth", completedByteCount: 934_000_000, totalByteCount: 1_868_000_000,
    completedFileCount: 3, fileCount: 5)

  @Test func theLineHasBarNumbersSpeedAndTimeLeft() {
    let line = ProgressLine(progress: halfway, elapsed: .seconds(10), receivedByteCount: 100_000_000).text(width: 120)
    #expect(line == "[###############---------------] 50 %  934 MB of 1.87 GB  10.0 MB/s, 1 min 34 s left  model.pth")
  }

  @Test(arguments: [0, 1, 10, 20, 40, 80])
  func theLineFitsItsTerminal(width: Int) {
    let line = ProgressLine(progress: halfway, elapsed: .seconds(10), receivedByteCount: 100_000_000).text(width: width)
    #expect(line.count <= max(width - 1, 0))
  }

  @Test func theFirstSecondPromisesNothing() {
    let line = ProgressLine(progress: halfway, elapsed: .milliseconds(900), receivedByteCount: 5).text(width: 80)
    #expect(!line.contains("left"))
  }

  @Test func metersAddUpFilesAndStartingOver() {
    let seen = Mutex<[DownloadProgress]>([])
    let meter = ProgressMeter(interval: .zero) { progress in seen.withLock { $0.append(progress) } }
    let files = ["a", "b"].map {
      RepositoryFile(name: $0, byteCount: 10, digest: .gitBlobSHA1(String(repeating: "0", count: 40)), isRequired: true)
    }
    meter.begin(.downloading, files: files)
    meter.set("a", byteCount: 4)
    meter.set("a", byteCount: 0)
    meter.set("a", byteCount: 10)
    meter.complete("a")
    meter.set("b", byteCount: 3)
    meter.set("b", byteCount: 10)
    meter.complete("b")
    meter.finish()
    let progress = seen.withLock { $0 }
    #expect(progress.map(\.completedByteCount) == [0, 4, 0, 10, 10, 13, 20, 20, 20])
    #expect(progress.last?.phase == .finished)
    #expect(progress.last?.completedFileCount == 2)
    #expect(progress.last?.fraction == 1)
  }

  @Test func thereIsNoBarWithoutATerminal() {
    let pipe = Pipe()
    #expect(TerminalProgressBar(descriptor: pipe.fileHandleForWriting.fileDescriptor) == nil)
  }

  @Test func theBarRenewsOneLineOfATerminal() throws {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(master >= 0)
    defer { close(master) }
    // The ioctls TIOCSPTLCK (unlocks the other end) and TIOCGPTN (returns its number), which Glibc's module does not
    // export.
    var isLocked: Int32 = 0
    var number: Int32 = -1
    try #require(ioctl(master, 0x4004_5431, &isLocked) == 0)
    try #require(ioctl(master, 0x8004_5430, &number) == 0)
    let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    try #require(terminal >= 0)
    defer { close(terminal) }
    let bar = try #require(TerminalProgressBar(descriptor: terminal))
    bar.update(halfway)
    bar.finish()
    bar.finish()
    var buffer = [UInt8](repeating: 0, count: 4096)
    var text = ""
    // One read may return a part of the line.
    while !text.hasSuffix("\r\n") {
      let count = read(master, &buffer, buffer.count)
      try #require(count > 0)
      text += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
    #expect(text.hasPrefix("\r["))
    #expect(text.contains("50 %"))
    #expect(text.hasSuffix("\u{1B}[K\r\n"))
  }
}
