extension PackedWeights {
  /// The packed weights that `decoder` and `vocoder` use.
  public convenience init(of decoder: KernelGPT, _ vocoder: KernelVocoder) {
    self.init(decoder: decoder.memory, vocoder: vocoder.network.memory)
  }
}
