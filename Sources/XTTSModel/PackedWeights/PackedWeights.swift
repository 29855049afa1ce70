import CKernels
import Checkpoint

/// The weights of a GPT and a vocoder in the form of the CPU kernels: packed, quantised, with weight norm folded in.
/// Packing takes most of the time of a start.
///
/// The memory is not written any more once both parts exist.
public final class PackedWeights: @unchecked Sendable {
  let decoder: KernelMemory
  let vocoder: KernelMemory

  init(decoder: KernelMemory, vocoder: KernelMemory) {
    self.decoder = decoder
    self.vocoder = vocoder
  }

  /// Whether the weights were read from a file.
  public var wasRead: Bool { decoder.isFilled }

  /// The size of both parts in bytes.
  public var byteCount: Int { decoder.contents.count + vocoder.contents.count }

  /// Whether a GPT and a vocoder use every byte. If not, the weights were packed for another model.
  public var isUsedUp: Bool {
    decoder.contents.count == decoder.bytes.count && vocoder.contents.count == vocoder.bytes.count
  }

  /// The properties, other than the checkpoint, that packed weights depend on. The weights may be reused only if all
  /// are equal.
  public struct Form: Sendable, Equatable {
    /// The precision of the GPT's linear layers.
    public var precision: KernelPrecision
    /// The instruction set of the kernels.
    public var instructionSet: KernelContext.InstructionSet
    /// Identifies the layout and rounding of this program's kernels: a checksum of a small packed matrix and
    /// convolution.
    var layout: UInt64

    /// The form that the kernels of `context` use.
    public init(precision: KernelPrecision, context: KernelContext) throws(ModelError) {
      self.precision = precision
      instructionSet = context.instructionSet
      layout = try Self.layout(precision == .int8 ? CK_INT8 : CK_FLOAT32, context)
    }

    /// A short form for file names: `int8-avx2`.
    public var name: String { "\(precision.rawValue)-\(instructionSet.rawValue)" }

    /// The matrix's sizes are not multiples of a panel, so that padding is included; the convolution's sizes fit tiles.
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
