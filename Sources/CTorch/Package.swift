// swift-tools-version: 6.1
import PackageDescription

// libtorch for speechbus: a table of C functions, and the shared library that fills it. The program loads the library at
// run time, so that commands without a model start without libtorch. This is a separate package, because SwiftPM builds
// shared libraries along with the program only for products of other packages.

func environment(_ name: String) -> String? { Context.environment[name].flatMap { $0.isEmpty ? nil : $0 } }

// libtorch: Debian's, or the one that LIBTORCH names (a 2.x release, with `include` and `lib` in it). CUDA_INCLUDE, the
// headers of the CUDA runtime that it was made with, adds the GPU; no GPU is needed to build.
let libtorch = environment("LIBTORCH")
let cudaInclude = libtorch.flatMap { _ in environment("CUDA_INCLUDE") }
let torchInclude = libtorch.map { $0 + "/include" } ?? "/usr/include"
let torchCxx: [CXXSetting] = [
  .unsafeFlags(
    ["-I\(torchInclude)", "-I\(torchInclude)/torch/csrc/api/include", "-Wno-deprecated-declarations"]
      // In C++20 clang would take the headers of the other target for a module.
      + (libtorch == nil ? [] : ["-std=c++20", "-fno-cxx-modules"])
      + (cudaInclude.map { ["-DCTORCH_CUDA", "-I\($0)"] } ?? []))
]
// A LIBTORCH is linked by path, so that no other one in an earlier folder takes its place. No code refers to the CUDA
// libraries by name, so an option makes the linker keep them. Their own dependencies are found on the GPU host.
func linked(_ folder: String, _ libraries: [String]) -> [String] {
  libraries.flatMap { ["-Xlinker", "\(folder)/lib/lib\($0).so"] }
}
let torchLinker: [LinkerSetting] =
  libtorch.map { folder in
    let cuda =
      ["-Xlinker", "--no-as-needed"] + linked(folder, ["torch_cuda", "c10_cuda", "torch"])
      + ["-Xlinker", "--unresolved-symbols=ignore-in-shared-libs"]
    return [
      .unsafeFlags(
        linked(folder, ["torch_cpu", "c10"]) + ["-Xlinker", "-rpath", "-Xlinker", "\(folder)/lib"]
          + (cudaInclude == nil ? [] : cuda))
    ]
  } ?? [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]

let package = Package(
  name: "CTorch",
  products: [
    .library(name: "CTorch", targets: ["CTorch"]),
    .library(name: "speechbus-torch", type: .dynamic, targets: ["CTorchLibrary"]),
  ],
  targets: [
    .target(name: "CTorch", path: "API"),
    .target(
      name: "CTorchLibrary", dependencies: ["CTorch"], path: "Library", publicHeadersPath: ".", cxxSettings: torchCxx,
      // Without Swift's start code, which would need its standard library.
      linkerSettings: torchLinker + [.unsafeFlags(["-nostartfiles"])]),
  ],
  // libtorch 2 needs C++20.
  cxxLanguageStandard: libtorch == nil ? .cxx17 : nil
)
