import CTorch
import Glibc
import SpeechCore

/// libtorch, behind the shared library of the package `CTorch`. The program does not link it, so that commands without a
/// model start without it.
public enum TorchLibrary {
  /// The file's name, next to the executable.
  public static let fileName = "libspeechbus-torch.so"

  /// Loads the library. Every use of it does so when needed; an explicit call reports a failure early.
  /// - Throws: ``TorchError`` `libraryUnavailable`, naming the file and the reason.
  public static func load() throws(TorchError) { _ = try loaded.get() }

  fileprivate static let loaded: Result<ct_api, TorchError> = {
    do throws(TorchError) {
      return .success(try open(path(nextTo: "/proc/self/exe")))
    } catch {
      return .failure(error)
    }
  }()

  /// - Parameter link: a symbolic link to the executable.
  private static func path(nextTo link: String) -> String {
    guard let resolved = realpath(link, nil) else { return fileName }
    defer { free(resolved) }
    return String(cString: resolved).split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/\(fileName)"
  }

  /// The functions of the library at `path`.
  static func open(_ path: String) throws(TorchError) -> ct_api {
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
      throw TorchError(
        .libraryUnavailable,
        "can't load libtorch through \(path): \(reason). The file must lie next to the program and come from the same "
          + "build; libtorch itself comes from the package libtorch1.13, or from the folder that LD_LIBRARY_PATH names")
    }
    guard let symbol = dlsym(library, CT_LIBRARY_FUNCTION),
      let table = unsafeBitCast(symbol, to: ct_library_function.self)(),
      table.pointee.table_size == MemoryLayout<ct_api>.size
    else {
      throw TorchError(.libraryUnavailable, "\(path) belongs to another build: install the one of this program's build")
    }
    return table.pointee
  }
}

/// The functions of libtorch. ``TorchError/check(_:)`` and every tensor imply that the library is loaded.
let ct: ct_api = {
  do throws(TorchError) {
    return try TorchLibrary.loaded.get()
  } catch {
    preconditionFailure(error.message)
  }
}()
