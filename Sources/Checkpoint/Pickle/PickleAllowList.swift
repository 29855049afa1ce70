/// What the classes and functions that a pickle names are read as. Three kinds: the few that weights are made of, the
/// ones that only an attack names (refused, so that the user learns of it), and all others, which become inert records.
enum PickleAllowList {
  /// Top-level modules that no weights file needs and that are how pickles run code.
  private static let refusedModules: Set<String> = [
    "os", "posix", "nt", "posixpath", "ntpath", "subprocess", "sys", "shutil", "socket", "pty", "commands", "signal",
    "runpy", "importlib", "imp", "pkgutil", "ctypes", "_ctypes", "cffi", "code", "codeop", "codecs", "pickle",
    "_pickle", "cPickle", "marshal", "types", "operator", "_operator", "functools", "_functools", "itertools",
    "webbrowser", "urllib", "http", "ftplib", "smtplib", "asyncio", "multiprocessing", "threading", "_thread", "pdb",
    "bdb", "timeit", "trace", "cProfile", "profile", "inspect", "gc", "atexit", "tempfile", "io", "_io", "builtin",
    "platform", "site", "zipimport", "distutils", "setuptools", "pip", "venv", "idlelib", "lib2to3", "doctest",
  ]

  /// The only members of `builtins` that data is made of.
  private static let builtinTypes: Set<String> = [
    "set", "frozenset", "list", "tuple", "dict", "int", "float", "str", "bool", "bytes", "bytearray", "complex",
    "object", "slice", "range", "long", "unicode",
  ]

  static func check(module: String, name: String) throws(CheckpointError) {
    let top = module.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? module
    let isBuiltin = top == "builtins" || top == "__builtin__" || top == "__builtins__"
    // A dotted name reaches the attributes of a harmless class.
    let isRefused = isBuiltin ? !builtinTypes.contains(name) : refusedModules.contains(top) || name.contains(".")
    guard !isRefused else {
      throw CheckpointError(
        .refused, "its pickle names \(module).\(name), which could run code; do not trust this file")
    }
  }

  enum Instance {
    case tensor, parameter
    case emptyDictionary
    /// Of pairs: `OrderedDict([[key, value], …])`, as older Pythons wrote it.
    case dictionary
    case list
    case record
  }

  /// The result of calling `module.name`.
  static func instance(module: String, name: String) -> Instance {
    switch (module, name) {
    case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"): .tensor
    case ("torch._utils", "_rebuild_parameter"): .parameter
    case ("collections", "OrderedDict"), ("builtins", "dict"), ("__builtin__", "dict"): .dictionary
    case ("collections", "defaultdict"): .emptyDictionary
    case ("torch", "Size"), ("builtins", "set"), ("__builtin__", "set"), ("builtins", "list"),
      ("builtins", "frozenset"), ("__builtin__", "frozenset"), ("builtins", "tuple"):
      .list
    default: .record
    }
  }
}
