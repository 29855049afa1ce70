import CKernels
import Checkpoint

/// The weights of a GPT and a vocoder as the CPU kernels read them: packed, quantised, weight norm folded in. It takes
/// a start most of its time to make them.
///
/// Not written any more once both parts are made.
public final class PackedWeights: @unchecked Sendable {
  let decoder: KernelMemory
  let vocoder: KernelMemory

  init(decoder: KernelMemory, vocoder: KernelMemory) {
    self.decoder = decoder
    self.vocoder = vocoder
  }

  /// Whether a file held it.
  public var wasRead: Bool { decoder.isFilled }

  public var byteCount: Int { decoder.contents.count + vocoder.contents.count }

  /// Whether a GPT and a vocoder took every byte: else it was packed for others.
  public var isUsedUp: Bool {
    decoder.contents.count == decoder.bytes.count && vocoder.contents.count == vocoder.bytes.count
  }

  /// What packed weights depend on, besides the checkpoint: they may be used again only where all of it is the same.
  public struct Form: Sendable, Equatable {
    public var precision: KernelPrecision
    public var instructionSet: KernelContext.InstructionSet
    /// How this program's kernels lay out and round: a checksum of a small matrix and convolution, packed.
    var layout: UInt64

    public init(precision: KernelPrecision, context: KernelContext) throws(ModelError) {
      self.precision = precision
      instructionSet = context.instructionSet
      layout = try Self.layout(precision == .int8 ? CK_INT8 : CK_FLOAT32, context)
    }

    /// Short, for a file's name: `int8-avx2`.
    public var name: String { "\(precision.rawValue)-\(instructionSet.rawValue)" }

    /// The matrix's sizes are no multiples of a panel, so that padding is seen too; those of the convolution fit tiles.
    private static func layout(_ precision: ck_precision, _ context: KernelContext) throws(ModelError) -> UInt64 {
      let (inputs, outputs) = (37, 53)
      let (channels, filters, taps) = (16, 32, 3)
      let values = (0..<(inputs * outputs)).map { Float(($0 * 7919) % 1009 - 504) / 64 }
      let matrixSize = ck_linear_byte_count(precision, Int32(inputs), Int32(outputs))
      let sizes = [CK_DIRECT, CK_TILED].map {
        ck_convolution_byte_count($0, Int32(channels), Int32(filters), Int32(taps))
      }
      let memory = try KernelMemory(
        byteCount: ([matrixSize] + sizes).reduce(0) { $0 + KernelMemory.padded($1) }, pages: CK_SMALL_PAGES)
      try values.withUnsafeBufferPointer { (values) throws(ModelError) in
        var matrix = ck_linear_source(
          values: values.baseAddress, bias: values.baseAddress, inputs: Int32(inputs), outputs: Int32(outputs),
          input_stride: outputs, output_stride: 1)
        var packedMatrix = ck_linear()
        let target = try memory.take(matrixSize)
        try ModelError.check(ck_linear_pack(context.handle, precision, &matrix, target, &packedMatrix), "a matrix")
        var filter = ck_convolution_source(
          values: values.baseAddress, inputs: Int32(channels), outputs: Int32(filters), taps: Int32(taps),
          tap_stride: 1, input_stride: taps, output_stride: channels * taps)
        for (form, size) in zip([CK_DIRECT, CK_TILED], sizes) {
          var packedFilter = ck_convolution()
          try ModelError.check(
            ck_convolution_pack(context.handle, form, &filter, try memory.take(size), &packedFilter), "a convolution")
        }
      }
      return FastChecksum.of(memory.contents)
    }
  }
}
