/// The companding of telephony (ITU-T G.711).
enum G711 {
  static func muLaw(_ sample: Int16) -> UInt8 {
    let sign: UInt8 = sample < 0 ? 0x80 : 0
    let magnitude = min((sample < 0 ? ~sample : sample).magnitude >> 2, 8_158) + 33
    let exponent = UInt8(10 - magnitude.leadingZeroBitCount)
    return ~(sign | exponent << 4 | UInt8(magnitude >> UInt16(exponent + 1) & 0x0F))
  }

  static func aLaw(_ sample: Int16) -> UInt8 {
    let sign: UInt8 = sample < 0 ? 0 : 0x80
    let magnitude = (sample < 0 ? ~sample : sample).magnitude >> 3
    let exponent = UInt8(max(0, 12 - magnitude.leadingZeroBitCount - 1))
    let mantissa = exponent == 0 ? magnitude >> 1 : magnitude >> UInt16(exponent)
    return (sign | exponent << 4 | UInt8(mantissa & 0x0F)) ^ 0x55
  }
}
