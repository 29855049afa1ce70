/// Lets a model under the Coqui Public Model License through only once its terms were agreed to. It never asks.
enum LicenceGate {
  /// The licence's name as the hub gives it.
  static let coquiPublicModelLicence = "coqui-public-model-license"

  /// `licence` is the manifest's; nil for a repository that it does not pin. Such a one holds an XTTS model, so it
  /// falls under the same licence. Throws `licenceNotAgreed` with two lines: what the licence allows, and where it is.
  static func check(licence: String?, repositoryID: String, hasAgreed: Bool) throws(HubError) {
    guard licence == nil || licence == coquiPublicModelLicence, !hasAgreed else { return }
    throw HubError(
      .licenceNotAgreed,
      """
      \(repositoryID): the Coqui Public Model License 1.0.0 allows only non-commercial use of the model and its speech.
      Read it at https://coqui.ai/cpml.txt or in the repository's LICENSE.txt; if you agree, set COQUI_TOS_AGREED=1.
      """)
  }
}
