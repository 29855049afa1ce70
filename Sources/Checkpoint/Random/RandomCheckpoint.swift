import Foundation

/// A complete model directory with random weights, at any size, in the published layout: `model.pth`, `config.json`,
/// `vocab.json`, `speakers_xtts.pth`. The same dimensions and seed give the same bytes everywhere.
package struct RandomCheckpoint: Sendable {
  var dimensions: XTTSDimensions
  package var seed: UInt64 = 0
  /// The type of floating-point tensors: float32 as published, or float16.
  var scalarType: ScalarType = .float32
  /// Whether `model.pth` holds its configuration as Python objects, as the published file does, or as dictionaries.
  var hasPublishedPickle = false
  /// The approximate number of codes of an utterance before the stop code is drawn; nil leaves it to chance.
  package var typicalCodeCount: Int?

  package init(_ dimensions: XTTSDimensions) { self.dimensions = dimensions }

  /// Writes the four files into `directory`, which is created if missing. Each file appears only when complete.
  package func write(to directory: String) throws(CheckpointError) {
    let layout = try XTTSLayout(dimensions)
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError(.unwritable, "can't be created", file: directory)
    }
    let configuration = ConfigurationFile(dimensions)
    let state = layout.tensors.map { ($0.name, TorchValue.tensor(source($0))) }
    let pickled = hasPublishedPickle ? configuration.pickledObject : configuration.dictionary
    let voices = DemoVoices(dimensions: dimensions, seed: seed).value
    try TorchZipWriter.write(
      .dictionary([("model", .orderedDictionary(state)), ("config", pickled)]), to: "\(directory)/model.pth")
    try TorchZipWriter.write(voices, to: "\(directory)/speakers_xtts.pth")
    try write(configuration.json, to: "\(directory)/config.json")
    try write(DemoVocabulary(tokenCount: dimensions.textTokenCount).json, to: "\(directory)/vocab.json")
  }

  private func write(_ text: String, to path: String) throws(CheckpointError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CheckpointError(.unwritable, "can't be written", file: path)
    }
  }

  /// The tensor's bytes, computed on demand.
  func source(_ tensor: XTTSLayout.Entry) -> TensorSource {
    switch TensorFill(tensor) {
    case .counter: return TensorSource(integers: [1], shape: tensor.shape)
    case .preEmphasis: return constant(SpeakerSpectrogram.preEmphasis, tensor)
    case .hammingWindow:
      return constant(SpeakerSpectrogram.hammingWindow(length: tensor.shape[0]), tensor)
    case .melFilterbank:
      return constant(
        SpeakerSpectrogram.melFilterbank(binCount: tensor.shape[0], melCount: tensor.shape[1]), tensor)
    case .uniform(let center, let halfRange):
      let changes = typicalCodeCount.map { StopRamp(center: $0 - 25).changes(tensor.name, dimensions) } ?? []
      let random = CounterRandom(seed: seed, name: tensor.name)
      return TensorSource(scalarType, shape: tensor.shape) { [scalarType] bytes in
        UniformTensor(random: random, center: center, halfRange: halfRange, scalarType: scalarType).fill(bytes)
        for (index, value) in changes { UniformTensor.store(value, scalarType, at: index, in: bytes) }
      }
    }
  }

  private func constant(_ values: [Float], _ tensor: XTTSLayout.Entry) -> TensorSource {
    TensorSource(floats: values, shape: tensor.shape, scalarType: scalarType)
  }
}
