import Foundation
import Testing
import Torch
import XTTSModel

@testable import XTTSEngine

@Suite struct DeviceChoiceTests {
  private func choice(_ name: String?, _ probe: CUDAProbe) throws(ModelError) -> DeviceChoice {
    try DeviceChoice(name, probe: { probe })
  }

  private func message(_ name: String, _ probe: CUDAProbe) -> String {
    do throws(ModelError) {
      return "chose \(try choice(name, probe).kind)"
    } catch {
      return error.message
    }
  }

  @Test func autoTakesAGPUWhereOneAnswers() throws {
    for name in [nil, "auto"] {
      let gpu = try choice(name, .devices(2))
      #expect(gpu.kind == .torch(.cuda(0)))
      #expect(gpu.warning == nil)
      #expect(try choice(name, .notBuilt) == DeviceChoice("cpu", probe: { .devices(1) }))
      let old = try choice(name, .unavailable("the driver is too old"))
      #expect(old.kind == .kernels)
      #expect(old.warning == "no GPU responds, so the CPU is used: the driver is too old")
    }
  }

  @Test func autoFallsBackToTheCPU() throws {
    let choice = try choice("auto", .devices(1))
    #expect(choice.mayFallBack)
    let cpu = choice.fallback(after: ModelError(.backend, "the card is too small"))
    #expect(cpu.kind == .kernels)
    #expect(!cpu.mayFallBack)
    #expect(cpu.warning == "the GPU can't be used, so the CPU is: the card is too small")
  }

  @Test func whatIsAskedForMustBeThere() throws {
    #expect(try choice("cuda:1", .devices(2)).kind == .torch(.cuda(1)))
    #expect(try choice("cuda", .devices(1)).kind == .torch(.cuda(0)))
    #expect(try !choice("cuda", .devices(1)).mayFallBack)
    #expect(message("cuda:2", .devices(2)) == "device cuda:2 does not exist: 2 GPUs respond, counted from cuda:0")
    #expect(message("cuda", .notBuilt).contains("make build-cuda"))
    #expect(message("cuda:1", .unavailable("no driver")).hasSuffix("no GPU responds: no driver"))
    for bad in ["gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:999", ""] {
      #expect(message(bad, .devices(1)).contains("auto, cpu, cuda or cuda:N"))
    }
  }

  @Test func theCPUAsksNoProbe() throws {
    for (name, kind) in [("cpu", DeviceChoice.Kind.kernels), ("libtorch", .torch(.cpu))] {
      let choice = try DeviceChoice(
        name,
        probe: {
          Issue.record("the GPU was looked for")
          return .notBuilt
        })
      #expect(choice.kind == kind)
    }
  }
}

@Suite struct MemoryPlanTests {
  private let tensors = [
    ("gpt.gpt.h.0.attn.c_attn.weight", 378_000_000), ("gpt.text_embedding.weight", 7_000_000),
    ("hifigan_decoder.waveform_decoder.conv_pre.weight", 30_000_000),
  ].map { (name: $0.0, elements: $0.1) }

  private func plan(requested: Int? = nil, free: Int, dtype: DType = .bfloat16) throws(ModelError) -> MemoryPlan {
    let json = """
      {"model_args": {
        "gpt_layers": 30, "gpt_n_model_channels": 1024, "gpt_n_heads": 16, "gpt_max_audio_tokens": 605,
        "gpt_max_text_tokens": 402, "gpt_num_audio_tokens": 1026, "gpt_start_audio_token": 1024,
        "gpt_stop_audio_token": 1025, "gpt_code_stride_len": 1024, "gpt_use_perceiver_resampler": true,
        "input_sample_rate": 22050, "output_sample_rate": 24000, "output_hop_length": 256}}
      """
    let configuration = try XTTSConfiguration(json: Data(json.utf8))
    return try MemoryPlan(
      tensors: tensors, configuration: configuration.gpt, slotCapacity: 1042, dtype: dtype, requested: requested,
      free: free)
  }

  @Test func countsWeightsAndSlots() throws {
    let plan = try plan(free: 140 << 30)
    #expect(plan.weights == 378_000_000 * 2 + 30_000_000 * 4)
    #expect(plan.slot == 30 * 2 * 1024 * 1043 * 2 + (1024 + 1026) * 5)
    #expect(plan.slots == MemoryPlan.preferredSlots)
    #expect(plan.total == plan.weights + plan.slots * plan.slot + MemoryPlan.working)
    #expect(plan.summary.contains("64 slots of 122.2 MiB"))
    #expect(try self.plan(free: 140 << 30, dtype: .float32).slot > 2 * plan.slot - 20_000)
  }

  @Test func slotsFitTheCard() throws {
    let eight = try plan(free: 8 << 30)
    #expect((1..<MemoryPlan.preferredSlots).contains(eight.slots))
    #expect(eight.total <= 8 << 30)
    #expect(eight.total + eight.slot > 8 << 30)
    #expect(try plan(requested: 3, free: 8 << 30).slots == 3)
  }

  @Test func aCardThatIsTooSmallIsNamedSo() throws {
    for (requested, free) in [(nil, 3 << 30), (60, 8 << 30)] as [(Int?, Int)] {
      do throws(ModelError) {
        _ = try plan(requested: requested, free: free)
        Issue.record("it fits")
      } catch {
        #expect(error.code == .backend)
        #expect(error.message.hasPrefix("the card is too small: weights 835.4 MiB"))
        #expect(error.message.contains("SPEECHBUS_SLOTS=auto") == (requested != nil))
      }
    }
  }
}
