import CKernels

/// Threads and instruction set of the CPU kernels. For one thread at a time; a GPT and a vocoder of one engine may
/// share it.
///
/// Kernels sum every output in one fixed order: a row's bytes depend neither on the other rows of a call nor on the
/// number of threads, only on the instruction set.
public final class KernelContext {
  public enum InstructionSet: String, Sendable, CaseIterable {
    case portable
    /// AVX2, FMA, F16C.
    case avx2
    /// AVX-512 with VNNI.
    case avx512

    /// The best that this machine can run.
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

  public let instructionSet: InstructionSet
  /// While it is out, each kernel that begins leaves out the lendable threads.
  public let loan = CoreLoan()
  private let all: OpaquePointer
  private let rest: OpaquePointer?
  var handle: OpaquePointer { loan.isOut ? rest ?? all : all }

  /// - Parameters:
  ///   - threads: 1…64, the calling one included; as many as there are cores is best.
  ///   - lendable: how many of them are left out while ``loan`` is out; less than `threads`.
  /// - Throws: ``ModelError`` `invalidArgument` when the machine can't run the instruction set, `backend` without memory.
  public init(threads: Int, lendable: Int = 0, instructionSet: InstructionSet = .best) throws(ModelError) {
    let all = try Self.make(threads, instructionSet)
    do throws(ModelError) {
      rest = lendable == 0 ? nil : try Self.make(threads - lendable, instructionSet)
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

  /// Threads that work now, the caller included; fewer than asked for when the system granted no more.
  public var threads: Int { Int(ck_context_threads(handle)) }
}

extension ModelError {
  /// Turns a kernel's status into an error.
  static func check(_ status: ck_status, _ what: @autoclosure () -> String) throws(ModelError) {
    switch status {
    case CK_OK: return
    case CK_OUT_OF_MEMORY: throw ModelError(.backend, "\(what()): out of memory")
    default: throw ModelError(.invalidArgument, "\(what()): arguments out of range")
    }
  }
}
