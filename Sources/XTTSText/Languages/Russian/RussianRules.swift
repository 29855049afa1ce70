extension LanguageRules {
  static let russian = LanguageRules(
    grouping: .comma, numbers: RussianNumbers(),
    ordinalSuffixes: ["-й", "-я", "-е", "-ое", "-ье", "-го"],
    abbreviations: [
      Abbreviation(word: "г-жа", "госпожа"), Abbreviation(word: "г-н", "господин"),
      Abbreviation(word: "д-р", "доктор"),
    ],
    symbols: ["и", "собака", "процентов", "номер", "доллар", "фунт", "градус"])
}
