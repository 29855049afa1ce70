/// The checkpoint of `speechbus model random`: complete, a few megabytes. Its weights are random, so it babbles.
public enum SmallCheckpoint {
  /// Writes it into `directory`, which is created if missing.
  /// - Throws: `unwritable`, naming the file.
  public static func write(to directory: String) throws(CheckpointError) {
    var checkpoint = RandomCheckpoint(.small)
    checkpoint.seed = 1
    checkpoint.scalarType = .float16
    checkpoint.typicalCodeCount = 65  // three seconds
    try checkpoint.write(to: directory)
  }
}
