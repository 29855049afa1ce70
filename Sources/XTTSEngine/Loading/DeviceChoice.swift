import Torch
import XTTSModel

/// What computes the model.
struct DeviceChoice: Equatable {
  enum Kind: Equatable {
    /// The CPU's own kernels.
    case kernels
    /// libtorch: a GPU, or the CPU by a GPU's code path, for checks.
    case torch(Device)
  }

  var kind: Kind
  /// The CPU may take over when the GPU can't be used after all.
  var mayFallBack = false
  /// What the operator should know of the choice.
  var warning: String?

  /// - Parameters:
  ///   - requested: `auto` or nil, `cpu`, `cuda`, `cuda:N`, or `libtorch` for the GPU's code path on the CPU.
  ///   - probe: what there is; asked for only where it matters.
  /// - Throws: ``ModelError`` `invalidArgument` for another name, or a GPU that is asked for and not there.
  init(_ requested: String?, probe: () -> CUDAProbe = { .ofThisMachine }) throws(ModelError) {
    switch requested {
    case "cpu": kind = .kernels
    case "libtorch": kind = .torch(.cpu)
    case nil, "auto":
      switch probe() {
      case .devices(let count) where count > 0:
        kind = .torch(.cuda(0))
        mayFallBack = true
      case .unavailable(let reason):
        kind = .kernels
        warning = "no GPU answers, so the CPU is used: \(reason)"
      case .notBuilt, .devices: kind = .kernels
      }
    case let name?:
      kind = .torch(.cuda(try Self.index(of: name, probe())))
    }
  }

  private static func index(of name: String, _ probe: CUDAProbe) throws(ModelError) -> Int {
    let digits = name.hasPrefix("cuda:") ? String(name.dropFirst("cuda:".count)) : name == "cuda" ? "0" : ""
    guard let index = Int(digits), (0...127).contains(index) else {
      throw ModelError(.invalidArgument, "device must be auto, cpu, cuda or cuda:N, not '\(name)'")
    }
    switch probe {
    case .notBuilt:
      throw ModelError(
        .invalidArgument,
        "device \(name) is asked for, but this build has no CUDA: use one of make build-cuda, or --device cpu")
    case .unavailable(let reason):
      throw ModelError(.invalidArgument, "device \(name) is asked for, but no GPU answers: \(reason)")
    case .devices(let count):
      guard index < count else {
        throw ModelError(.invalidArgument, "device \(name) is not there: \(count) GPUs answer, counted from cuda:0")
      }
    }
    return index
  }

  /// What runs in place of a GPU that failed, and why.
  func fallback(after error: ModelError) -> DeviceChoice {
    var choice = self
    choice.kind = .kernels
    choice.mayFallBack = false
    choice.warning = "the GPU can't be used, so the CPU is: \(error.message)"
    return choice
  }
}
