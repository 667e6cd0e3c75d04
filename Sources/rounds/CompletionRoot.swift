import ArgumentParser

/// The program as the completion scripts see it: without arguments of its own, which would swallow the commands.
struct CompletionRoot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rounds", subcommands: Rounds.configuration.subcommands)

  @OptionGroup var common: CommonOptions

  /// The script for a shell; where a command may stand, so may the file of a script, and behind `help` a command.
  static func script(for shell: CompletionShell) -> String {
    let script = completionScript(for: shell)
    switch shell {
    case .bash: return bash(script)
    case .zsh:
      let commands = "_describe -V subcommand subcommands && ret=0"
      return script.replacing(commands, with: commands + "\n        _files && ret=0", maxReplacements: 1)
        .replacing("'*:subcommands:'", with: "':command:(\(words))'", maxReplacements: 1)
    default:
      return script + """

        complete -c 'rounds' -n '__rounds_should_offer_completions_for_positional "rounds" -eq 1' -F
        complete -c 'rounds' -n '__fish_seen_subcommand_from help; and test (count (commandline -poc)) -eq 2' \
            -fa '\(words)'
        """
    }
  }

  /// The commands, with blanks between them.
  private static var words: String { Rounds.commandNames.joined(separator: " ") }

  private static func bash(_ script: String) -> String {
    let commands = "COMPREPLY+=($(compgen -W '\(Rounds.commandNames[0]) "
    var lines = script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let start = line.firstRange(of: commands)?.lowerBound else { return String(line) }
      // Behind the file of a script stand its arguments.
      return line[..<start] + "[[ ${#unparsed_words[@]} -gt 0 ]] || " + line[start...]
        + "\n        __rounds_add_completions -f"
    }
    // Behind a command the values of an option are those that the command gives it, not the program's.
    if let values = lines.firstIndex(of: "    case \"${prev}\" in") {
      lines[values] = "    [[ ' \(words) ' == *\" ${unparsed_words[0]:- } \"* ]] || case \"${prev}\" in"
    }
    if let help = lines.firstIndex(of: "_rounds_help() {"), lines.indices.contains(help + 1) {
      lines[help + 1] = "    COMPREPLY+=($(compgen -W '\(words)' -- \"${cur}\"))"
    }
    return lines.joined(separator: "\n")
  }
}
