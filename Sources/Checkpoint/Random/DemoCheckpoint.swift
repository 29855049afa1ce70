/// The offline checkpoint of `speechbus model demo`: complete, a few megabytes, and honest about being babble.
public enum DemoCheckpoint {
  /// Writes it into `directory`, which is made if absent.
  public static func write(to directory: String) throws(CheckpointError) {
    try specification.write(to: directory)
  }

  public static let specification = {
    var checkpoint = RandomCheckpoint(.demo)
    checkpoint.seed = 1
    checkpoint.scalarType = .float16
    checkpoint.typicalCodeCount = 65  // three seconds
    return checkpoint
  }()
}
