import ArgumentParser
import Glibc
import Sessions
import Shell

@main
enum Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "--editor-probe" { exit(runEditorProbe()) }
    signal(SIGPIPE, SIG_DFL)
    // A file that is larger than the user's limit is a fault that is told, and its beginning is taken away again.
    signal(SIGXFSZ, SIG_IGN)
    UnfinishedFiles.watchSignals()
    DeepStack.allow()
    SystemLimits.raiseOpenFiles()
    exit(Console.status(Rounds.run(arguments)))
  }
}

/// Options that every way of running takes.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Runs these statements and leaves.", valueName: "statements"))
  var statements: [String] = []

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "No notes and messages, only results.")
  var quiet = false

  @Option(
    help: "table, csv, tsv, json, ndjson, arrow, markdown or html; all but the first write only results.",
    completion: .list(CommandRunner.formatNames))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Writes results to a file, over one that is there; its ending says the format where --format does not.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(help: "Columns to draw in. Off a terminal tables are not cut without it, and charts take 80.")
  var width: Int?

  @Flag(name: .customLong("no-color"), help: "No colour; NO_COLOR in the environment says the same.")
  var noColor = false

  @Option(help: "Threads to use; every number gives the same bits.")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Memory a query may hold, such as 2GB; three quarters of the machine's where nothing is said.",
      valueName: "size"))
  var memory: String?

  @Option(help: "The seed of sample where the script names none.")
  var seed: UInt64?

  @Option(
    name: [.customLong("set"), .customLong("param")],
    help: ArgumentHelp("Sets a parameter of the script.", valueName: "name=value"))
  var parameters: [String] = []

  @Flag(help: "Shows under each stage what it did to the rows.")
  var steps = false

  @Option(help: "How many times larger the built-in hospital is.")
  var scale: Int?
}

struct Rounds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rounds", abstract: "Questions to hospital data.",
    discussion: """
      Without a file or -e it starts the shell; off a terminal it reads statements from standard input.
      Exit codes: 0 done, 1 an error in a query or its data, 2 wrong usage, 3 an assertion failed, 130 interrupted.
      """, version: Launch.version,
    subcommands: [
      Run.self, Demo.self, Check.self, Fmt.self, Verify.self, Learn.self, Completions.self,
    ])

  /// The commands carry their names: one made of its type's name takes a millisecond of looking types up.
  static var commandNames: [String] { configuration.subcommands.map { $0._commandName } }

  @OptionGroup var common: CommonOptions
  @Argument(
    help: ArgumentHelp("A script, or - for standard input.", valueName: "file"), completion: .file())
  var file: String?
  @Argument(help: "Arguments for the script's parameters, in their order.") var arguments: [String] = []

  mutating func run() throws { throw ExitCode(Launch.run(common, file, arguments, hospital: nil)) }

  /// Runs a command line and gives the exit code.
  static func run(_ written: [String]) -> Int32 {
    let given = withoutSecondCommand(written)
    if let code = Launch.plainly(given) { return code }
    let arguments = handingHelp(commandFirst(askingHelp(given)))
    do {
      // The first word chooses the command; a file of that name is reached as ./run.
      let named = configuration.subcommands.first { $0._commandName == arguments.first }
      if let named {
        var command = try named.parseAsRoot(Array(arguments.dropFirst()))
        try command.run()
        return 0
      }
      var command = try Rounds.parse(arguments)
      try command.run()
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      let code = Rounds.exitCode(for: error).rawValue
      let named = configuration.subcommands.first { $0._commandName == arguments.first }
      var text = named.map { $0.fullMessage(for: error) } ?? Rounds.fullMessage(for: error)
      // A command that is read alone does not know whose it is.
      if let name = named?._commandName {
        for (word, owned) in [
          ("\nUSAGE: \(name) ", "\nUSAGE: rounds \(name) "),
          ("\nUsage: \(name) ", "\nUsage: rounds \(name) "),
          ("See '\(name) --help'", "See 'rounds \(name) --help'"),
        ] { text = text.replacing(word, with: owned, maxReplacements: 1) }
      }
      if code == 0 { Console.output(text + "\n") } else { Console.foreignError(text) }
      return code == 0 ? 0 : 2
    }
  }
}

extension Rounds {
  /// `rounds help check` is `rounds check --help`; `help` alone is that of the program.
  private static func askingHelp(_ arguments: [String]) -> [String] {
    guard arguments.first == "help", arguments.count <= 2, access("help", F_OK) != 0 else { return arguments }
    return arguments.dropFirst() + ["--help"]
  }

  /// `rounds demo run FILE` is `rounds demo FILE`: both run it.
  private static func withoutSecondCommand(_ arguments: [String]) -> [String] {
    guard arguments.count > 2, arguments[0] == "demo", arguments[1] == "run", access("run", F_OK) != 0 else {
      return arguments
    }
    return [arguments[0]] + arguments.dropFirst(2)
  }

  /// The options whose value is the next word.
  private static let valued = [
    "-e", "--format", "--output", "--width", "--threads", "--memory", "--seed", "--set", "--param", "--scale",
  ]

  /// Options may stand before the command, too: `rounds -q demo` is `rounds demo -q`.
  private static func commandFirst(_ arguments: [String]) -> [String] {
    var index = 0
    while index < arguments.count, arguments[index].hasPrefix("-"), !["-", "--"].contains(arguments[index]) {
      index += valued.contains(arguments[index]) ? 2 : 1
    }
    guard index > 0, index < arguments.count, commandNames.contains(arguments[index]) else {
      return arguments
    }
    return [arguments[index]] + arguments[..<index] + arguments[(index + 1)...]
  }

  /// `run FILE --help` asks for the help of the script: what stands behind the script's name is the script's own.
  private static func handingHelp(_ arguments: [String]) -> [String] {
    guard let file = arguments.firstIndex(where: { $0.hasSuffix(".rounds") }),
      let help = arguments[file...].firstIndex(where: { $0 == "--help" || $0 == "-h" }),
      !["check", "fmt"].contains(arguments[0])
    else { return arguments }
    return Array(arguments[..<help]) + ["--"] + arguments[help...]
  }
}

extension Rounds {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Runs a script; FILE --help lists its parameters.")
    @OptionGroup var common: CommonOptions
    @Flag(help: "With the built-in hospital loaded.") var demo = false
    @Argument(help: "The script.", completion: .file()) var file: String
    @Argument(help: "Arguments for the script's parameters, in their order.") var arguments: [String] = []
    mutating func run() throws {
      let hospital = demo ? common.scale ?? 1 : nil
      throw ExitCode(Launch.run(common, file, arguments, hospital: hospital))
    }
  }

  struct Demo: ParsableCommand {
    static let name = "demo"
    static let configuration = CommandConfiguration(
      commandName: name, abstract: "The same with the built-in hospital loaded.")
    @OptionGroup var common: CommonOptions
    @Argument(help: "A script, or - for standard input.", completion: .file()) var file: String?
    @Argument(help: "Arguments for the script's parameters, in their order.") var arguments: [String] = []
    mutating func run() throws {
      throw ExitCode(Launch.run(common, file, arguments, hospital: common.scale ?? 1))
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Parses, resolves and type-checks scripts, and prints every error.")
    @Flag(help: "With the tables of the built-in hospital.") var demo = false
    @Option(help: "text or json.", completion: .list(["text", "json"])) var format: String = "text"
    @Argument(help: "Scripts.", completion: .file()) var files: [String]
    mutating func run() throws { throw ExitCode(Launch.check(files, hospital: demo, format: format)) }
  }

  struct Fmt: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fmt", abstract: "Gives scripts the canonical layout.")
    @Flag(help: "Only says which files differ; exit code 1 when any does.") var check = false
    @Argument(help: "Scripts; - for standard input to standard output.", completion: .file())
    var files: [String]
    mutating func run() throws { throw ExitCode(Launch.format(files, onlyCheck: check)) }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Runs transcripts of `record` again and tells every difference.",
      discussion: "Compares results, notes, the files read and the version, by digests. No file is written.")
    @Option(help: "Threads to use; every number gives the same bits.") var threads: Int?
    @Argument(help: "Transcripts.", completion: .file()) var files: [String]
    mutating func run() throws { throw ExitCode(Launch.verify(files, threads: threads)) }
  }

  struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "learn", abstract: "Lessons on the built-in hospital.")
    @OptionGroup var common: CommonOptions
    @Argument(
      help: "The lesson's number, or words of its title; without one they are listed.",
      completion: .list(Tour.numbers))
    var lesson: String?
    mutating func run() throws { throw ExitCode(Launch.learn(common, lesson)) }
  }

  struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "completions", abstract: "Writes a completion script for a shell.")
    @Argument(help: "bash, zsh or fish.", completion: .list(CompletionShell.allCases.map(\.rawValue)))
    var shell: String
    mutating func run() throws {
      guard let shell = CompletionShell(rawValue: shell) else {
        throw ValidationError(
          "completions are for \(CompletionShell.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      Console.output(CompletionRoot.script(for: shell) + "\n")
    }
  }
}
