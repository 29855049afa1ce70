import ServiceLifecycle

/// A service whose tasks run where an executor says.
struct ServiceOnExecutor<Base: Service>: Service {
  let base: Base
  let executor: any TaskExecutor

  func run() async throws {
    try await withTaskExecutorPreference(executor) { try await base.run() }
  }
}
