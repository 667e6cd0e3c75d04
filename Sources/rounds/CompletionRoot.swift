import ArgumentParser

/// The program as the completion scripts see it: without arguments of its own, which would swallow the commands.
struct CompletionRoot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rounds", subcommands: Rounds.configuration.subcommands)

  @OptionGroup var common: CommonOptions

  /// The script for a shell; where a command may stand, so may the file of a script.
  static func script(for shell: CompletionShell) -> String {
    let script = completionScript(for: shell)
    switch shell {
    case .bash:
      let commands = "COMPREPLY+=($(compgen -W '\(Rounds.commandNames[0]) "
      return script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.contains(commands) ? line + "\n        __rounds_add_completions -f" : String(line)
      }.joined(separator: "\n")
    case .zsh:
      let commands = "_describe -V subcommand subcommands && ret=0"
      return script.replacing(commands, with: commands + "\n        _files && ret=0", maxReplacements: 1)
    default:
      return script
        + "\ncomplete -c 'rounds' -n '__rounds_should_offer_completions_for_positional \"rounds\" -eq 1' -F"
    }
  }
}
