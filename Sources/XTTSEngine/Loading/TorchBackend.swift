import SpeechCore
import Torch
import XTTSModel

/// Creates the backend on libtorch, for a GPU or with the same code for the CPU.
struct TorchBackend {
  let device: Device
  let options: EngineOptions

  private static let slotsOnCPU = 8

  /// The precisions of the GPT; the first one is the default.
  static func precisions(on device: Device) -> [EngineOptions.Precision] {
    device == .cpu ? [.float32, .bfloat16] : [.bfloat16, .float16, .float32]
  }

  /// Prepares the device for this thread, before any tensor is created on it.
  func enter() throws(ModelError) {
    guard device != .cpu else { return }
    do throws(TorchError) {
      try Runtime.setTF32(options.allowsTF32)
      // The default stream can't be recorded.
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
    let vocoder = try TorchWindowVocoder(model.vocoder, device: device, isBatched: !options.isDeterministic)
    // A GPU prefills these rows and vocodes these codes in about the time of a few.
    let limits = Scheduler.Limits(
      slots: slots, waitingRequests: options.waitingRequests, prefillChunk: model.prompts.maximumRowCount,
      prefillRowsPerStep: 2048, vocodedCodesPerStep: 1024, windows: vocoder.concurrency)
    let backend = EngineBackend(model, decoder: decoder, vocoder: vocoder, limits: limits)
    return (backend, notes)
  }

  private func card(_ index: Int) throws(ModelError) -> CUDADevice {
    do throws(TorchError) {
      return try CUDADevice(index: index)
    } catch {
      throw ModelError(.backend, "\(device) can't be used: \(error.message)")
    }
  }

  /// - Parameter free: the free bytes after the conditioner and the vocoder are loaded; their part is added again.
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
