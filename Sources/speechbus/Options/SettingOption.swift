import ArgumentParser

extension Option where Value == String? {
  /// The option of a setting, with its name and help.
  /// - Parameter alias: another name, kept from earlier versions.
  init<Setting>(_ setting: speechbus.Setting<Setting>, alias: String? = nil) {
    let names = [setting.description.flag, alias].compactMap { $0 }.map { NameSpecification.Element.customLong($0) }
    self.init(name: NameSpecification(names), help: ArgumentHelp(setting.description.help))
  }
}
