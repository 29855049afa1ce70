/// The linear algebra library behind libtorch's products.
public struct BLAS: Sendable, Equatable {
  /// Symbolic links resolved; empty when it is linked into libtorch itself.
  var libraryPath: String
  /// Whether libtorch was built with Intel MKL.
  var hasMKL: Bool

  /// A warning for the operator when matrix products run tens of times slower than possible: Debian's generic BLAS, which
  /// lives in `.../blas/libblas.so.3`, was chosen by the alternatives system.
  public var warning: String? {
    guard !hasMKL, libraryPath.contains("/blas/libblas.so") else { return nil }
    return "libtorch uses the slow generic BLAS (\(libraryPath)); install libopenblas0-pthread"
  }
}
