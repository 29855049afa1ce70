/// Writes a `.pth` file that `torch.load` and `Checkpoint.open` read.
public enum TorchZipWriter {
  /// Writes `value` to `path`, which appears only when complete. The tensors' bytes are made and written one by one, so
  /// the memory needed is that of the largest.
  public static func write(_ value: TorchValue, to path: String) throws(CheckpointError) {
    do throws(CheckpointError) {
      let pickle = try PickleWriter(value)
      var zip = try ZipWriter(path: path)
      try zip.append(name: "archive/data.pkl", pickle.bytes)
      try zip.append(name: "archive/byteorder", Array("little".utf8))
      for (index, tensor) in pickle.tensors.enumerated() {
        let byteCount = try tensor.source.checkedByteCount(name: tensor.name)
        try zip.append(name: "archive/data/\(index)", tensor.source.bytes(byteCount: byteCount))
      }
      try zip.append(name: "archive/version", Array("3\n".utf8))
      try zip.finish()
    } catch {
      throw error.inFile(path)
    }
  }
}
