import Checkpoint

/// Why a model directory can't be used or written.
public struct ModelStoreError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// A file that a model needs is not in its directory.
    case missingFile
    /// A file can't be read.
    case unreadable
    /// A file or directory can't be written.
    case unwritable
    /// Dimensions that no model can have.
    case invalidDimensions
  }

  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
