import ArgumentParser

/// Finds a misspelt command.
enum CommandNames {
  /// - Returns: the message for the first argument that should name a command and does not; nil if there is none.
  static func mistake(in arguments: [String], below root: any ParsableCommand.Type) -> String? {
    var command = root
    var path = "speechbus"
    for argument in arguments {
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty, !argument.hasPrefix("-"), argument != "help" else { return nil }
      let next = subcommands.first { $0._commandName == argument || $0.configuration.aliases.contains(argument) }
      guard let next else {
        let names = subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        let near = names.map { ($0, distance($0, argument)) }.min { $0.1 < $1.1 }
        let hint =
          near.flatMap { $0.1 <= max(1, argument.count / 3) ? "did you mean \($0.0)?" : nil }
          ?? "the commands are \(names.joined(separator: ", "))"
        return "\(path) has no command \(argument.prefix(32)); \(hint)"
      }
      command = next
      path += " \(argument)"
    }
    return nil
  }

  /// Insertions, removals, replacements and swaps of neighbours that make one word of the other.
  private static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first), Array(second.prefix(32)))
    var rows = [Array(0...second.count)]
    for (index, letter) in first.enumerated() {
      var row = [index + 1]
      for (column, other) in second.enumerated() {
        var least = min(row[column] + 1, rows[index][column + 1] + 1, rows[index][column] + (letter == other ? 0 : 1))
        if index > 0, column > 0, letter == second[column - 1], first[index - 1] == other {
          least = min(least, rows[index - 1][column - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[first.count][second.count]
  }
}
