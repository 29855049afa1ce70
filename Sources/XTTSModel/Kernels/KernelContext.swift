import CKernels

/// The threads and the instruction set of the CPU kernels. Only one thread at a time may use it; the GPT and the
/// vocoder of an engine may share it.
///
/// Kernels sum every output in one fixed order: the bytes of a row depend on the instruction set, but neither on the
/// other rows of a call nor on the number of threads.
public final class KernelContext {
  /// The instruction sets that the kernels are compiled for.
  public enum InstructionSet: String, Sendable, CaseIterable {
    case portable
    /// AVX2, FMA, F16C.
    case avx2
    /// AVX-512 with VNNI.
    case avx512

    /// The best instruction set that this machine supports.
    public static var best: Self { Self(ck_best_variant()) }

    init(_ variant: ck_variant) {
      switch variant {
      case CK_VARIANT_AVX512: self = .avx512
      case CK_VARIANT_AVX2: self = .avx2
      default: self = .portable
      }
    }

    fileprivate var variant: ck_variant {
      switch self {
      case .portable: CK_VARIANT_PORTABLE
      case .avx2: CK_VARIANT_AVX2
      case .avx512: CK_VARIANT_AVX512
      }
    }
  }

  /// The instruction set of this context.
  public let instructionSet: InstructionSet
  /// While the reservation is active, each kernel that starts does not use the reserved threads.
  public let reservation = CoreReservation()
  private let all: OpaquePointer
  private let rest: OpaquePointer?
  var handle: OpaquePointer { reservation.isActive ? rest ?? all : all }

  /// - Parameters:
  ///   - threads: 1…64, including the calling thread; the number of cores is best.
  ///   - reservable: the number of threads that are not used while ``reservation`` is active; less than `threads`.
  public init(threads: Int, reservable: Int = 0, instructionSet: InstructionSet = .best) throws(ModelError) {
    let all = try Self.make(threads, instructionSet)
    do throws(ModelError) {
      rest = reservable == 0 ? nil : try Self.make(threads - reservable, instructionSet)
    } catch {
      ck_context_destroy(all)
      throw error
    }
    self.all = all
    self.instructionSet = instructionSet
  }

  private static func make(_ threads: Int, _ instructionSet: InstructionSet) throws(ModelError) -> OpaquePointer {
    var made: OpaquePointer?
    let status = ck_context_create(Int32(clamping: threads), instructionSet.variant, &made)
    try ModelError.check(status, "kernels for \(instructionSet.rawValue) with \(threads) threads")
    guard let made else { throw ModelError(.backend, "no kernel context") }
    return made
  }

  deinit {
    ck_context_destroy(all)
    if let rest { ck_context_destroy(rest) }
  }

  /// The number of threads in use now, including the caller; smaller than requested if the system granted fewer.
  public var threads: Int { Int(ck_context_threads(handle)) }
}

extension ModelError {
  /// Throws an error for a kernel's failure status.
  static func check(_ status: ck_status, _ what: @autoclosure () -> String) throws(ModelError) {
    switch status {
    case CK_OK: return
    case CK_OUT_OF_MEMORY: throw ModelError(.backend, "\(what()): out of memory")
    default: throw ModelError(.invalidArgument, "\(what()): arguments out of range")
    }
  }
}
