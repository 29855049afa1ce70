extension PackedWeights {
  /// What `decoder` and `vocoder` were made from, or made.
  public convenience init(of decoder: KernelGPT, _ vocoder: KernelVocoder) {
    self.init(decoder: decoder.memory, vocoder: vocoder.network.memory)
  }
}
