import Crypto
import Foundation
import NIOSSL

/// A certificate for 127.0.0.1 that signs itself, made anew for each test: no key lies in the repository.
struct TestCertificate {
  let pem: String
  private let keyPEM: String

  init() throws {
    let key = P256.Signing.PrivateKey()
    let signatureAlgorithm = DER.sequence(DER.object([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]))
    let name = DER.sequence(
      DER.set(DER.sequence(DER.object([0x55, 0x04, 0x03]) + DER.value(0x0C, Array("speechbus test".utf8)))))
    let validity = DER.sequence(
      DER.value(0x17, Array("200101000000Z".utf8)) + DER.value(0x18, Array("21200101000000Z".utf8)))
    let isAuthority = DER.sequence(
      DER.object([0x55, 0x1D, 0x13]) + DER.value(0x04, DER.sequence(DER.value(0x01, [0xFF]))))
    let alternativeName = DER.sequence(
      DER.object([0x55, 0x1D, 0x11]) + DER.value(0x04, DER.sequence(DER.value(0x87, [127, 0, 0, 1]))))
    let body = DER.sequence(
      DER.value(0xA0, DER.value(0x02, [2])) + DER.value(0x02, [1]) + signatureAlgorithm + name + validity + name
        + Array(key.publicKey.derRepresentation)
        + DER.value(0xA3, DER.sequence(isAuthority + alternativeName)))
    let signature = try key.signature(for: body).derRepresentation
    let certificate = DER.sequence(body + signatureAlgorithm + DER.value(0x03, [0] + Array(signature)))
    let base64 = Data(certificate).base64EncodedString(options: .lineLength64Characters)
    pem = "-----BEGIN CERTIFICATE-----\n\(base64)\n-----END CERTIFICATE-----\n"
    keyPEM = key.pemRepresentation
  }

  func serverContext() throws -> NIOSSLContext {
    let certificates = try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)).map(NIOSSLCertificateSource.certificate)
    let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(certificateChain: certificates, privateKey: .privateKey(key)))
  }

  private enum DER {
    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
      let count = content.count
      let length: [UInt8] =
        count < 128
        ? [UInt8(count)] : count < 256 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 255)]
      return [tag] + length + content
    }

    static func sequence(_ content: [UInt8]) -> [UInt8] { value(0x30, content) }
    static func set(_ content: [UInt8]) -> [UInt8] { value(0x31, content) }
    static func object(_ identifier: [UInt8]) -> [UInt8] { value(0x06, identifier) }
  }
}
