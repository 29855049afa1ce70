import Testing

@testable import Observability

struct ProcessStatisticsTests {
  @Test func readsPastAHostileCommandName() {
    let stat = "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 7 0 1000 8192000 300 18446744073709551615"
    let values = ProcessStatistics.parse(stat: stat, ticksPerSecond: 100, pageBytes: 4096, bootTime: 1_000_000)
    #expect(values["process_cpu_seconds_total"] == 3)
    #expect(values["process_threads"] == 7)
    #expect(values["process_start_time_seconds"] == 1_000_010)
    #expect(values["process_virtual_memory_bytes"] == 8_192_000)
    #expect(values["process_resident_memory_bytes"] == 1_228_800)
  }

  @Test func anUnreadableLineGivesNothing() {
    #expect(ProcessStatistics.parse(stat: "nonsense", ticksPerSecond: 100, pageBytes: 1, bootTime: nil).isEmpty)
    #expect(ProcessStatistics.parse(stat: "1 (x) S", ticksPerSecond: 100, pageBytes: 1, bootTime: nil).isEmpty)
  }

  @Test func readsThisProcess() {
    let values = ProcessStatistics.read()
    #expect((values["process_resident_memory_bytes"] ?? 0) > 1_048_576)
    #expect((values["process_open_fds"] ?? 0) >= 3)
  }
}
