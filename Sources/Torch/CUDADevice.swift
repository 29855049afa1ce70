import CTorch

/// A GPU that answers.
public struct CUDADevice: Sendable, Equatable {
  /// The name that the driver reports.
  public var name: String
  /// The total memory.
  public var totalBytes: Int
  /// Free memory at the time of the query.
  public var freeBytes: Int

  /// The device with this number, counted from 0.
  /// - Throws: ``TorchError`` when the device is missing or can't be used.
  public init(index: Int) throws(TorchError) {
    var name = [CChar](repeating: 0, count: 256)
    var (total, free) = (UInt64(0), UInt64(0))
    try TorchError.check(ct.cuda_describe(Int32(clamping: index), &name, name.count, &total, &free))
    self.name = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    (totalBytes, freeBytes) = (Int(clamping: total), Int(clamping: free))
  }
}

/// The CUDA devices of this machine.
public enum CUDAProbe: Sendable, Equatable {
  /// This libtorch, or this build, has none.
  case notBuilt
  /// No device answers; the driver's reason.
  case unavailable(String)
  case devices(Int)

  /// The devices that respond now.
  public static var ofThisMachine: CUDAProbe {
    var count: Int32 = 0
    do throws(TorchError) {
      try TorchLibrary.load()
      guard ct.cuda_is_built() else { return .notBuilt }
      try TorchError.check(ct.cuda_probe(&count))
    } catch {
      return .unavailable(error.message)
    }
    return .devices(Int(count))
  }
}
