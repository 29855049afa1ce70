import Foundation
import SpeechCore
import Torch
import XTTSModel

/// Chooses device, precision and sizes, and builds the model's parts. Runs on the engine's thread.
struct BackendLoader {
  let options: EngineOptions

  /// Sequences decoded together where nothing else is asked for.
  static let defaultSlots = (cpu: 8, gpu: 32)
  static let maximumThreads = 64

  func load(
    _ directory: String, identity: ModelIdentity
  ) throws(ModelError) -> (loaded: LoadedEngine, backend: EngineBackend) {
    let device = try device()
    if let threads = options.threads {
      do throws(TorchError) {
        try Runtime.setThreadCount(threads)
      } catch {
        throw ModelError(.invalidArgument, error.message)
      }
    }
    let model = try XTTS(directory: directory, device: device)
    let precision = try precision(on: device, model.configuration)
    let slots = options.slots ?? (device == .cpu ? Self.defaultSlots.cpu : Self.defaultSlots.gpu)
    guard (1...1024).contains(slots) else {
      throw ModelError(.invalidArgument, "slots must be from 1 to 1024, not \(slots)")
    }
    let backend = try backend(model, precision: precision, slots: slots, device: device)
    let loaded = LoadedEngine(
      model: ModelDescription(
        repo: identity.repo, revision: identity.revision, sha256: identity.sha256, precision: precision.rawValue,
        device: device.description),
      configuration: model.configuration, builtInVoices: model.builtInVoices, slots: slots,
      slotCapacity: backend.decoder.slotCapacity, latentCount: model.conditioner.latentCount,
      speakerSize: model.vocoder.speakerSize, warnings: [Runtime.blas.warning].compactMap { $0 })
    return (loaded, backend)
  }

  /// The CPU kernels where they take the model, else libtorch.
  private func backend(
    _ model: XTTS, precision: EngineOptions.Precision, slots: Int, device: Device
  ) throws(ModelError) -> EngineBackend {
    let capacity = model.longestSequence
    guard device == .cpu, Self.kernelsTake(model.configuration) else {
      let decoder = try TorchGPT(model.gptWeights, slotCount: slots, slotCapacity: capacity, device: device)
      let vocoder = model.vocoder
      return EngineBackend(
        model, decoder: device == .cpu ? RowByRowDecoder(decoder) : decoder,
        timeline: { vocoder.timeline(speed: $0) },
        vocode: { window, timeline, latents, embedding throws(ModelError) in
          try vocoder.decode(window, of: timeline, latents: latents, speakerEmbedding: embedding)
        })
    }
    let context = try KernelContext(threads: threads)
    let decoder = try KernelGPT(
      model.gptWeights, precision: precision == .int8 ? .int8 : .float32, slotCount: slots, slotCapacity: capacity,
      context: context)
    let vocoder = try KernelVocoder(model.weights, configuration: model.configuration, context: context)
    return EngineBackend(
      model, decoder: decoder, timeline: { vocoder.timeline(speed: $0) },
      vocode: { window, timeline, latents, embedding throws(ModelError) in
        try vocoder.decode(window, of: timeline, latents: latents, speakerEmbedding: embedding)
      })
  }

  /// They take attention heads of 16 values or a multiple.
  private static func kernelsTake(_ configuration: XTTSConfiguration) -> Bool {
    let gpt = configuration.gpt
    return gpt.hiddenSize % gpt.headCount == 0 && (gpt.hiddenSize / gpt.headCount) % 16 == 0
  }

  private var threads: Int {
    min(max(1, options.threads ?? ProcessInfo.processInfo.activeProcessorCount), Self.maximumThreads)
  }

  private func device() throws(ModelError) -> Device {
    let device: Device
    switch options.device {
    case nil: device = Runtime.cudaDeviceCount > 0 ? .cuda(0) : .cpu
    case "cpu": device = .cpu
    case "cuda": device = .cuda(0)
    case let name?:
      guard name.hasPrefix("cuda:"), let index = Int(name.dropFirst("cuda:".count)) else {
        throw ModelError(.invalidArgument, "device must be cpu, cuda or cuda:N, not '\(name)'")
      }
      device = .cuda(index)
    }
    guard Runtime.isAvailable(device) else {
      throw ModelError(
        .invalidArgument, "device \(device) is not there: \(Runtime.cudaDeviceCount) CUDA devices answer")
    }
    return device
  }

  private func precision(
    on device: Device, _ configuration: XTTSConfiguration
  ) throws(ModelError) -> EngineOptions.Precision {
    let allowed: [EngineOptions.Precision] =
      device == .cpu && Self.kernelsTake(configuration) ? [.int8, .float32] : [.float32]
    let precision = options.precision == .auto ? allowed[0] : options.precision
    guard allowed.contains(precision) else {
      let names = allowed.map(\.rawValue).joined(separator: ", ")
      throw ModelError(
        .invalidArgument, "precision \(precision.rawValue) can't be had for this model on \(device), only \(names)")
    }
    return precision
  }
}
