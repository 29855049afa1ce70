import SpeechCore
import Torch
import XTTSModel

/// Builds the engine's parts on libtorch: a GPU's, or by the same code the CPU's.
struct TorchBackend {
  let device: Device
  let options: EngineOptions

  /// Rows prefilled and codes vocoded in one step: a GPU does them in about the time that a few take.
  private static let limits = StepLimits(prefillRows: 2048, vocodedCodes: 1024)
  private static let slotsOnCPU = 8

  /// What the GPT computes in where nothing else is asked for, and all it can.
  static func precisions(on device: Device) -> [EngineOptions.Precision] {
    device == .cpu ? [.float32, .bfloat16] : [.bfloat16, .float16, .float32]
  }

  /// Readies the device for this thread, before anything is put there.
  func enter() throws(ModelError) {
    guard device != .cpu else { return }
    do throws(TorchError) {
      try Runtime.setTF32(options.allowsTF32)
      // Not the default stream: that one can't be recorded.
      try DeviceStream(on: device).enter()
    } catch {
      throw ModelError(.backend, "\(device) can't be used: \(error.message)")
    }
  }

  func make(
    _ model: XTTS, precision: EngineOptions.Precision
  ) throws(ModelError) -> (backend: EngineBackend, notes: [String]) {
    let dtype: DType =
      switch precision {
      case .bfloat16: .bfloat16
      case .float16: .float16
      default: .float32
      }
    var notes: [String] = []
    var slots = options.slots ?? Self.slotsOnCPU
    if case .cuda(let index) = device {
      let card = try card(index)
      let plan = try plan(model, dtype: dtype, free: card.freeBytes)
      slots = plan.slots
      notes.append("\(device) is \(card.name), \(MemoryPlan.text(card.totalBytes)); \(plan.summary)")
    }
    let decoder = try TorchGPT(
      model.gptWeights, slotCount: slots, slotCapacity: model.longestSequence, device: device, dtype: dtype,
      pinsBucket: options.isDeterministic)
    try decoder.prepare()
    let vocoder = try model.vocoder
    var backend = EngineBackend(
      model, decoder: decoder,
      vocoder: { embedding, speed in vocoder.sequence(speakerEmbedding: embedding, speed: speed) })
    var limits = Self.limits
    limits.prefillChunk = model.prompts.maximumRowCount
    backend.limits = limits
    backend.windows = try BackgroundVocoder(vocoder, device: device, isBatched: !options.isDeterministic)
    return (backend, notes)
  }

  private func card(_ index: Int) throws(ModelError) -> CUDADevice {
    do throws(TorchError) {
      return try CUDADevice(index: index)
    } catch {
      throw ModelError(.backend, "\(device) can't be used: \(error.message)")
    }
  }

  /// `free` is what is left with the conditioner and the vocoder loaded, so their part is added again.
  private func plan(_ model: XTTS, dtype: DType, free: Int) throws(ModelError) -> MemoryPlan {
    var tensors: [(name: String, elements: Int)] = []
    var loaded = 0
    for name in model.weights.names {
      let elements = try model.weights.shape(of: name).reduce(1, *)
      tensors.append((name, elements))
      if name.hasPrefix("hifigan_decoder.") || name.hasPrefix("gpt.conditioning_") { loaded += elements * 4 }
    }
    return try MemoryPlan(
      tensors: tensors, configuration: model.configuration.gpt, slotCapacity: model.longestSequence, dtype: dtype,
      requested: options.slots, free: free + loaded)
  }
}
