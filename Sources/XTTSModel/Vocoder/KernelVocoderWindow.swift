/// The next window of a sequence, to be decoded once, on any thread with a workspace. The sequence waits for the
/// result; until then no other code uses its state.
final class KernelVocoderWindow: @unchecked Sendable {
  private let network: KernelHiFiGAN
  private let state: KernelVocoderState
  /// `[speakerSize]`.
  private let speakerEmbedding: [Float]
  /// The next frames of the sequence, `[frames, latentSize]`.
  private let frames: [Float]
  private let isLast: Bool
  /// The number of samples that these frames determine.
  private let sampleCount: Int

  init(
    _ network: KernelHiFiGAN, _ state: KernelVocoderState, speakerEmbedding: [Float], frames: [Float], isLast: Bool,
    sampleCount: Int
  ) {
    self.network = network
    self.state = state
    self.speakerEmbedding = speakerEmbedding
    self.frames = frames
    self.isLast = isLast
    self.sampleCount = sampleCount
  }

  /// Decodes the window.
  /// - Returns: samples in -1…1.
  func decode(at workspace: VocoderWorkspace) throws(ModelError) -> [Float] {
    guard !frames.isEmpty || sampleCount > 0 else { return [] }
    try withPointer(to: speakerEmbedding) { (embedding) throws(ModelError) in
      try network.setSpeaker(embedding, at: workspace)
    }
    return try [Float].filled(count: sampleCount) { (samples) throws(ModelError) in
      let run = KernelVocoderRun(network, state, at: workspace, samples: samples)
      try withPointer(to: frames) { (start) throws(ModelError) in
        try run.take(start, count: frames.count / network.frameSize, isEnd: isLast)
      }
    }
  }
}

/// Calls `body` with the values; there may be none.
private func withPointer(
  to values: [Float], _ body: (UnsafePointer<Float>) throws(ModelError) -> Void
) throws(ModelError) {
  try values.withUnsafeBufferPointer { (values) throws(ModelError) in
    if let start = values.baseAddress { try body(start) }
  }
}

extension [Float] {
  /// Returns an array whose values `body` has written; it must write all of them.
  fileprivate static func filled(
    count: Int, _ body: (UnsafeMutablePointer<Float>) throws(ModelError) -> Void
  ) throws(ModelError) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    let result: Result<Void, ModelError> = values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return .success(()) }
      do throws(ModelError) {
        return .success(try body(start))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
    return values
  }
}
