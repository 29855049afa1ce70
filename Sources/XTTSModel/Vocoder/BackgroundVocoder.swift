import Torch

/// Decodes vocoder windows of several sequences together on a separate stream, while the caller's stream continues. On
/// the CPU the windows are complete when ``begin(_:)`` returns.
///
/// Not thread-safe: only the thread that calls libtorch may use it.
public final class BackgroundVocoder {
  /// One window to decode.
  public struct Request {
    /// The window.
    public var window: VocoderWindow
    /// The positions of the sequence's codes and samples.
    public var timeline: VocoderTimeline
    /// The latents of `window.codes`, `[codes, latentSize]` row-major.
    public var latents: ArraySlice<Float>
    /// `[speakerSize]`.
    public var speakerEmbedding: [Float]

    /// A window with its input.
    public init(
      window: VocoderWindow, timeline: VocoderTimeline, latents: ArraySlice<Float>, speakerEmbedding: [Float]
    ) {
      self.window = window
      self.timeline = timeline
      self.latents = latents
      self.speakerEmbedding = speakerEmbedding
    }

    /// See ``BackgroundVocoder/request(codes:isLast:latents:speakerEmbedding:speed:)``.
    init?(
      codes: Range<Int>, isLast: Bool, of timeline: VocoderTimeline, latents: [Float], latentSize: Int,
      speakerEmbedding: [Float]
    ) throws(ModelError) {
      let emitted = timeline.decodableSampleCount(codeCount: codes.lowerBound, isComplete: false)
      let next = try timeline.nextWindow(after: emitted, codeCount: codes.upperBound, isComplete: isLast)
      guard let window = next else { return nil }
      let used = (window.codes.lowerBound * latentSize)..<(window.codes.upperBound * latentSize)
      guard used.upperBound <= latents.count else {
        throw ModelError(.invalidArgument, "a vocoder window needs codes \(window.codes), whose latents are missing")
      }
      self.init(
        window: window, timeline: timeline, latents: latents[used], speakerEmbedding: speakerEmbedding)
    }
  }

  /// The next window of a sequence after new codes; nil when the new codes determine no further sample.
  /// - Parameters:
  ///   - codes: the new codes since the last window, counted from the sequence's start.
  ///   - isLast: whether these are the last codes.
  ///   - latents: the latents of the sequence so far, `[≥ codes.upperBound, latentSize]` row-major.
  public func request(
    codes: Range<Int>, isLast: Bool, latents: [Float], speakerEmbedding: [Float], speed: Float
  ) throws(ModelError) -> Request? {
    try Request(
      codes: codes, isLast: isLast, of: vocoder.timeline(speed: speed), latents: latents,
      latentSize: vocoder.latentSize, speakerEmbedding: speakerEmbedding)
  }

  /// Windows that are being decoded.
  public final class Batch {
    private let kept: [Range<Int>]
    /// `[requests, samples]` on the host.
    private let samples: Tensor
    private let end: DeviceEvent
    private let stream: DeviceStream

    fileprivate init(_ requests: [Request], wave: Tensor, stream: DeviceStream) throws(TorchError) {
      kept = requests.map(\.window.keptSamples)
      samples = try Tensor.pinned(wave.shape)
      try samples.copyWithoutWaiting(from: wave)
      end = try DeviceEvent(on: stream.device)
      self.stream = stream
    }

    /// Whether the samples are ready. It does not wait.
    public func isDone() throws(ModelError) -> Bool {
      try ModelError.wrapping { () throws(TorchError) in try end.isDone() }
    }

    /// The samples of each request, in order. It waits until they are ready.
    public func take() throws(ModelError) -> [[Float]] {
      try ModelError.wrapping { () throws(TorchError) in
        if try !end.isDone() { try stream.synchronize() }
        let width = samples.elementCount / max(1, kept.count)
        return try samples.withUnsafeMutableElements(of: Float.self) { samples in
          kept.enumerated().map { index, range in
            Array(samples[(index * width + range.lowerBound)..<(index * width + range.upperBound)])
          }
        }
      }
    }
  }

  private let vocoder: Vocoder
  private let stream: DeviceStream
  private let isBatched: Bool

  /// - Parameter isBatched: false decodes each window by itself, so that its bytes don't depend on the others.
  public init(_ vocoder: Vocoder, device: Device, isBatched: Bool) throws(ModelError) {
    self.vocoder = vocoder
    self.isBatched = isBatched
    stream = try ModelError.wrapping { () throws(TorchError) in try DeviceStream(on: device) }
  }

  /// The properties that windows of one group share.
  private struct Form: Hashable {
    var frameCount: Int
    var stageCount: Int

    init(_ request: Request) {
      frameCount = request.window.frames.count
      stageCount = request.timeline.stages.count
    }
  }

  /// Groups the windows that can be decoded together: those with the same number of frames and of interpolation stages.
  /// - Returns: groups of indices of `requests`, ordered by the first index of each group.
  public func groups(_ requests: [Request]) -> [[Int]] {
    guard isBatched else { return requests.indices.map { [$0] } }
    var groups: [[Int]] = []
    var places: [Form: Int] = [:]
    for (index, request) in requests.enumerated() {
      let form = Form(request)
      if let place = places[form] {
        groups[place].append(index)
      } else {
        places[form] = groups.count
        groups.append([index])
      }
    }
    return groups
  }

  /// Starts decoding one group of ``groups(_:)``.
  public func begin(_ requests: [Request]) throws(ModelError) -> Batch {
    for request in requests {
      try vocoder.check(request.window, latents: request.latents, speakerEmbedding: request.speakerEmbedding)
    }
    return try ModelError.wrapping { () throws(TorchError) in
      try stream.run { () throws(TorchError) in
        let wave = try vocoder.wave(of: requests)
        return try Batch(requests, wave: try wave.squeezed(1), stream: stream)
      }
    }
  }
}
