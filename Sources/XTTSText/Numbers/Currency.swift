/// The currencies upstream expands, in the order it does.
enum Currency: CaseIterable, Sendable {
  case poundSterling, usDollar, euro

  var sign: Unicode.Scalar {
    switch self {
    case .poundSterling: "£"
    case .usDollar: "$"
    case .euro: "€"
    }
  }
}
