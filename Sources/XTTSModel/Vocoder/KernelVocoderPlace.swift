/// Where windows are decoded: threads, and memory to work on. For one window at a time.
///
/// `@unchecked Sendable`: whoever decodes a window has the place to itself.
public final class KernelVocoderPlace: @unchecked Sendable {
  let context: KernelContext
  let buffers: KernelVocoderBuffers

  init(_ network: KernelHiFiGAN, context: KernelContext, blockSize: Int) throws(ModelError) {
    self.context = context
    buffers = try KernelVocoderBuffers(network, blockSize: blockSize)
  }
}
