/// Names of powers of ten on the long scale (million 10⁶, milliard 10⁹, billion 10¹² …), as num2words builds them.
struct LongScale: Sendable {
  let stems: LatinScale
  /// Ending of 10⁶, 10¹² …
  let mega: String
  /// Ending of 10⁹, 10¹⁵ …; nil for languages with "thousand millions".
  let giga: String?

  private var step: Int { giga == nil ? 6 : 3 }
  private var highestPower: Int { 6 * stems.count + (giga == nil ? 0 : 3) }

  /// The largest named power ≥ 6 that a number of so many digits reaches; nil beyond a thousand times the last name.
  func power(ofDigitCount count: Int) -> Int? {
    guard count > 6, count <= highestPower + 3 else { return nil }
    return min((count - 1) / step * step, highestPower)
  }

  /// The same with hundred and thousand; for numbers of three digits and more.
  func headPower(ofDigitCount count: Int) -> Int? {
    count <= 3 ? 2 : count <= 6 ? 3 : power(ofDigitCount: count)
  }

  func name(ofPower power: Int) -> String {
    let stem = stems[power / 6 - 1]
    return stem + (power % 6 == 0 ? mega : giga ?? mega)
  }
}
