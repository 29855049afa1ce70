import SpeechCore
import Torch
import XTTSModel

/// Chooses device, precision and sizes, and builds the model's parts. Runs on the engine's thread.
struct BackendLoader {
  let options: EngineOptions

  /// Sequences decoded together where nothing else is asked for.
  static let defaultSlots = (cpu: 8, gpu: 32)

  func load(
    _ directory: String, identity: ModelIdentity
  ) throws(ModelError) -> (loaded: LoadedEngine, backend: EngineBackend) {
    let device = try device()
    let precision = try precision(on: device)
    if let threads = options.threads {
      do throws(TorchError) {
        try Runtime.setThreadCount(threads)
      } catch {
        throw ModelError(.invalidArgument, error.message)
      }
    }
    let model = try XTTS(directory: directory, device: device)
    let slots = options.slots ?? (device == .cpu ? Self.defaultSlots.cpu : Self.defaultSlots.gpu)
    guard (1...1024).contains(slots) else {
      throw ModelError(.invalidArgument, "slots must be from 1 to 1024, not \(slots)")
    }
    let decoder = try decoder(model, precision: precision, slots: slots, device: device)
    let loaded = LoadedEngine(
      model: ModelDescription(
        repo: identity.repo, revision: identity.revision, sha256: identity.sha256, precision: precision.rawValue,
        device: device.description),
      configuration: model.configuration, builtInVoices: model.builtInVoices, slots: slots,
      slotCapacity: decoder.slotCapacity, latentCount: model.conditioner.latentCount,
      speakerSize: model.vocoder.speakerSize, warnings: [Runtime.blas.warning].compactMap { $0 })
    return (loaded, backend(model, decoder: decoder))
  }

  private func backend(_ model: XTTS, decoder: any GPTDecoder) -> EngineBackend {
    let vocoder = model.vocoder
    let conditioner = model.conditioner
    return EngineBackend(
      configuration: model.configuration, prompts: model.prompts, decoder: decoder,
      timeline: { vocoder.timeline(speed: $0) },
      vocode: { window, timeline, latents, embedding throws(ModelError) in
        try vocoder.decode(window, of: timeline, latents: latents, speakerEmbedding: embedding)
      },
      conditioning: { clips throws(ModelError) in try conditioner.conditioning(from: clips) })
  }

  private func decoder(
    _ model: XTTS, precision: EngineOptions.Precision, slots: Int, device: Device
  ) throws(ModelError) -> any GPTDecoder {
    let decoder = try TorchGPT(
      model.gptWeights, slotCount: slots, slotCapacity: model.longestSequence, device: device)
    return device == .cpu ? RowByRowDecoder(decoder) : decoder
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

  private func precision(on device: Device) throws(ModelError) -> EngineOptions.Precision {
    let allowed: [EngineOptions.Precision] = [.float32]
    let precision = options.precision == .auto ? allowed[0] : options.precision
    guard allowed.contains(precision) else {
      let names = allowed.map(\.rawValue).joined(separator: ", ")
      throw ModelError(.invalidArgument, "precision \(precision.rawValue) is not one of \(names) on \(device)")
    }
    return precision
  }
}
