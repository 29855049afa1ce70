/// This release, as the program, OpenAPI and AsyncAPI name it.
public enum Release {
  public static let version = "0.1.0"
}
