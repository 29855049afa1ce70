import Testing
import Torch

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
    #expect(Runtime.threadCount == 1)
    try Runtime.setThreadCount(2)
  }

  @Test func namesItsVersionAndDevices() {
    #expect(Runtime.version.contains("."))
    #expect(Runtime.isAvailable(.cpu))
    #expect(Device.cuda(3).description == "cuda:3")
  }
}
