import Torch
import XTTSModel

/// The device and the backend of the model.
struct DeviceChoice: Equatable {
  enum Kind: Equatable {
    /// The CPU kernels.
    case kernels
    /// libtorch: a GPU, or for checks the CPU with the GPU's code.
    case torch(Device)
  }

  var kind: Kind
  /// Whether the CPU is used if the GPU fails at the start.
  var mayFallBack = false
  /// A warning for the operator.
  var warning: String?

  /// - Parameters:
  ///   - requested: `auto` or nil, `cpu`, `cuda`, `cuda:N`, or `libtorch` for the GPU's code on the CPU.
  ///   - probe: finds the GPUs; called only if the choice depends on them.
  /// - Throws: ``ModelError`` `invalidArgument` for another name or a missing GPU.
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
        warning = "no GPU responds, so the CPU is used: \(reason)"
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
        "device \(name) needs CUDA, which this build does not contain: use a build of make build-cuda, or --device cpu")
    case .unavailable(let reason):
      throw ModelError(.invalidArgument, "device \(name) can't be used, because no GPU responds: \(reason)")
    case .devices(let count):
      guard index < count else {
        throw ModelError(.invalidArgument, "device \(name) does not exist: \(count) GPUs respond, counted from cuda:0")
      }
    }
    return index
  }

  /// The choice after a GPU has failed.
  func fallback(after error: ModelError) -> DeviceChoice {
    var choice = self
    choice.kind = .kernels
    choice.mayFallBack = false
    choice.warning = "the GPU can't be used, so the CPU is: \(error.message)"
    return choice
  }
}
