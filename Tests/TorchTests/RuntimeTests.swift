import Testing

@testable import Torch

@Suite struct RuntimeTests {
  @Test func warnsOfTheGenericBLASOnly() {
    let generic = BLAS(libraryPath: "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", hasMKL: false)
    #expect(generic.warning?.contains("libopenblas0-pthread") == true)
    let openBLAS = BLAS(libraryPath: "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", hasMKL: false)
    #expect(openBLAS.warning == nil)
    #expect(BLAS(libraryPath: "", hasMKL: true).warning == nil)
    #expect(BLAS(libraryPath: generic.libraryPath, hasMKL: true).warning == nil)
  }

  @Test func threadCountIsChecked() throws {
    #expect(throws: TorchError.self) { try Runtime.setThreadCount(0) }
    #expect(throws: TorchError.self) { try Runtime.setThreadCount(.max) }
    try Runtime.setThreadCount(1)
    try Runtime.setThreadCount(2)
  }

  @Test func namesItsVersionAndDevices() throws {
    #expect(try Runtime.version.contains("."))
    #expect(Device.cuda(3).description == "cuda:3")
  }

  @Test func aMissingLibraryIsNamedWithItsFix() throws {
    let error = #expect(throws: TorchError.self) { _ = try TorchLibrary.open("/nowhere/libspeechbus-torch.so") }
    #expect(error?.code == .libraryUnavailable)
    #expect(error?.message.contains("/nowhere/libspeechbus-torch.so") == true)
    #expect(error?.message.contains("next to the program") == true)
  }

  @Test func aLibraryOfAnotherBuildIsRefused() throws {
    let error = #expect(throws: TorchError.self) { _ = try TorchLibrary.open("libm.so.6") }
    #expect(error?.message.contains("another build") == true)
  }
}
