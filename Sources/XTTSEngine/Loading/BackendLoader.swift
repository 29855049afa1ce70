import Foundation
import SpeechCore
import Torch
import XTTSModel

/// Chooses device, precision and sizes, and creates the model's parts. Runs on the engine's thread.
struct BackendLoader {
  let options: EngineOptions
  /// The packed weights of an earlier start, if there are any.
  var packedWeights: PackedWeightsSource?

  /// The default number of sequences decoded together on the CPU.
  static let defaultSlots = 8
  static let maximumThreads = 64

  func load(_ files: ModelFiles) throws(ModelError) -> (loaded: LoadedEngine, backend: EngineBackend) {
    if let slots = options.slots, !(1...1024).contains(slots) {
      throw ModelError(.invalidArgument, "slots must be from 1 to 1024, not \(slots)")
    }
    let choice = try DeviceChoice(options.device)
    do throws(TorchError) {
      try TorchLibrary.load()
      if let threads = options.threads { try Runtime.setThreadCount(threads) }
    } catch {
      throw ModelError(error.code == .invalidArgument ? .invalidArgument : .backend, error.message)
    }
    do throws(ModelError) {
      return try load(files, on: choice)
    } catch {
      guard choice.mayFallBack, error.code == .backend else { throw error }
      var onCPU = options
      // The CPU kernels may not support the precision of the GPU.
      onCPU.precision = .auto
      let fallback = choice.fallback(after: error)
      return try BackendLoader(options: onCPU, packedWeights: packedWeights).load(files, on: fallback)
    }
  }

  private func load(
    _ files: ModelFiles, on choice: DeviceChoice
  ) throws(ModelError) -> (loaded: LoadedEngine, backend: EngineBackend) {
    var device = Device.cpu
    if case .torch(let chosen) = choice.kind { device = chosen }
    let torch = TorchBackend(device: device, options: options)
    if choice.kind != .kernels { try torch.enter() }
    let model = try XTTS(files: files, device: device)
    let usesKernels = choice.kind == .kernels
    if usesKernels { try Self.checkHeads(model.configuration.gpt) }
    let allowed = usesKernels ? [EngineOptions.Precision.int8, .float32] : TorchBackend.precisions(on: device)
    let precision = try precision(among: allowed, on: device)
    let backend: EngineBackend
    var notes: [String] = []
    var packed: FormedWeights?
    if usesKernels {
      (backend, packed) = try kernels(model, precision: precision)
    } else {
      (backend, notes) = try torch.make(model, precision: precision)
    }
    let loaded = LoadedEngine(
      precision: precision.rawValue, device: device.description, packed: packed, configuration: model.configuration,
      builtInVoices: model.builtInVoices, windows: options.windows ?? (usesKernels ? .kernels : WindowPolicy()),
      slots: backend.decoder.slotCount,
      slotCapacity: backend.decoder.slotCapacity, latentCount: model.conditioner.latentCount,
      speakerSize: model.conditioner.speakerSize,
      warnings: [choice.warning, (try? Runtime.blas)?.warning].compactMap { $0 }, notes: notes)
    return (loaded, backend)
  }

  private func kernels(
    _ model: XTTS, precision: EngineOptions.Precision
  ) throws(ModelError) -> (backend: EngineBackend, packed: FormedWeights?) {
    let slots = options.slots ?? Self.defaultSlots
    // The vocoder gets half of the cores while it works in parallel with the GPT.
    let reserved = threads / 2
    let context = try KernelContext(threads: threads, reservable: reserved)
    let form = try PackedWeights.Form(precision: precision == .int8 ? .int8 : .float32, context: context)
    let make = { (packed: PackedWeights?) throws(ModelError) -> (decoder: KernelGPT, vocoder: KernelVocoder) in
      let decoder = try KernelGPT(
        model.gptWeights, precision: form.precision, slotCount: slots, slotCapacity: model.longestSequence,
        context: context, packed: packed)
      let vocoder = try KernelVocoder(
        model.weights, configuration: model.configuration, context: context, packed: packed)
      try model.check(vocoderSpeakerSize: vocoder.speakerSize)
      try vocoder.reserve(sequences: slots)
      return (decoder, vocoder)
    }
    var parts = made(make, from: packedWeights?.read(form))
    if parts == nil { parts = try make(nil) }
    guard let (decoder, vocoder) = parts else { throw ModelError(.backend, "the model's parts were not made") }
    let thread =
      reserved > 0
      ? VocoderThread(try vocoder.makeWorkspace(KernelContext(threads: reserved)), reserving: context) : nil
    let windows = KernelWindowVocoder(vocoder, thread: thread)
    let limits = Scheduler.Limits(
      slots: slots, waitingRequests: options.waitingRequests, prefillChunk: options.prefillChunk,
      windows: windows.concurrency)
    let backend = EngineBackend(model, decoder: decoder, vocoder: windows, limits: limits)
    return (backend, FormedWeights(weights: PackedWeights(of: decoder, vocoder), form: form))
  }

  /// The parts with the weights of a file; nil if they don't fit, so that the weights are packed again.
  private func made(
    _ make: (PackedWeights?) throws(ModelError) -> (decoder: KernelGPT, vocoder: KernelVocoder),
    from packed: PackedWeights?
  ) -> (decoder: KernelGPT, vocoder: KernelVocoder)? {
    guard let packed, let made = try? make(packed), packed.isUsedUp else { return nil }
    return made
  }

  /// The kernels compute attention heads of 16 values or a multiple.
  private static func checkHeads(_ gpt: XTTSConfiguration.GPT) throws(ModelError) {
    let headSize = gpt.hiddenSize / gpt.headCount
    guard headSize % 16 == 0 else {
      throw ModelError(
        .inconsistent,
        "this model's attention heads have \(headSize) values, and the CPU computes multiples of 16; --device libtorch "
          + "takes any size, slowly")
    }
  }

  private var threads: Int {
    min(max(1, options.threads ?? ProcessInfo.processInfo.activeProcessorCount), Self.maximumThreads)
  }

  private func precision(
    among allowed: [EngineOptions.Precision], on device: Device
  ) throws(ModelError) -> EngineOptions.Precision {
    let precision = options.precision == .auto ? allowed[0] : options.precision
    guard allowed.contains(precision) else {
      let names = allowed.map(\.rawValue).joined(separator: ", ")
      throw ModelError(
        .invalidArgument, "precision \(precision.rawValue) is not available for this model on \(device), only \(names)")
    }
    return precision
  }
}
