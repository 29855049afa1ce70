/// The threads and the working memory for decoding windows, one window at a time.
///
/// `@unchecked Sendable`: a thread that decodes a window has exclusive use of the workspace.
public final class VocoderWorkspace: @unchecked Sendable {
  let context: KernelContext
  let buffers: KernelVocoderBuffers

  init(_ network: KernelHiFiGAN, context: KernelContext, blockSize: Int) throws(ModelError) {
    self.context = context
    buffers = try KernelVocoderBuffers(network, blockSize: blockSize)
  }
}
