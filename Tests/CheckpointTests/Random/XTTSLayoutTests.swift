import Testing

@testable import Checkpoint

@Suite struct XTTSLayoutTests {
  @Test func thePublishedSizesGiveThePublishedTensors() throws {
    let layout = try XTTSLayout(XTTSDimensions())
    #expect(layout.tensors.count == 963)
    #expect(Set(layout.tensors.map(\.name)).count == 963)
    let values = layout.tensors.map { $0.shape.reduce(1, *) }.reduce(0, +)
    #expect(values == 466_900_598)
    func shape(_ name: String) -> [Int]? { layout.tensors.first { $0.name == name }?.shape }
    #expect(shape("gpt.gpt.h.29.mlp.c_fc.weight") == [1024, 4096])
    #expect(shape("gpt.mel_pos_embedding.emb.weight") == [608, 1024])
    #expect(shape("gpt.text_pos_embedding.emb.weight") == [404, 1024])
    #expect(shape("gpt.conditioning_perceiver.layers.1.1.0.weight") == [5460, 1024])
    #expect(shape("hifigan_decoder.waveform_decoder.ups.3.parametrizations.weight.original1") == [64, 32, 4])
    #expect(shape("hifigan_decoder.speaker_encoder.layer4.0.downsample.0.weight") == [256, 128, 1, 1])
    #expect(shape("hifigan_decoder.speaker_encoder.fc.weight") == [512, 4096])
    #expect(shape("hifigan_decoder.speaker_encoder.bn1.num_batches_tracked") == [])
  }

  @Test func impossibleSizesAreRefused() {
    for change in [
      { (sizes: inout XTTSDimensions) in sizes.headCount = 3 },
      { $0.width = 0 },
      { $0.width = .max },
      { $0.vocoderChannels = 8 },
      { $0.upsampleKernels = [] },
      { $0.speakerChannels = [32, 64] },
      { $0.audioCodeCount = 2 },
    ] {
      var dimensions = XTTSDimensions()
      change(&dimensions)
      let error = #expect(throws: CheckpointError.self) { try XTTSLayout(dimensions) }
      #expect(error?.code == .unsupported)
    }
  }
}
