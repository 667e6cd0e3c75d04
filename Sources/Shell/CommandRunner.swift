import Columns
import Diagnostics
import Glibc
import Language
import Planning
import Presentation
import Scheduling
import Sessions
import Synchronization

/// One call of the program: what to run and how to write what comes of it.
package struct RunRequest: Sendable {
  /// Statements of the command line (`-e`), run in this order, and a file behind them.
  package var statements: [String] = []
  /// A script, `-` for standard input; nil where none was named.
  package var file: String?
  /// Values of the script's parameters, in the order in which it declares them.
  package var arguments: [String] = []
  /// How large the built-in hospital is; nil for none.
  package var hospitalScale: Int?
  /// Only results are written: no notes, no greeting, no words.
  package var isQuiet = false
  /// The name of an output format; nil to go by the output's ending or the terminal.
  package var format: String?
  /// A file for the results; nil for standard output.
  package var output: String?
  /// Columns to fit tables to; nil for those of the terminal.
  package var width: Int?
  /// False: no colour whatever the terminal; nil: as the terminal and NO_COLOR say.
  package var color: Bool?
  /// Nil for one thread a processor.
  package var threads: Int?
  /// Bytes that a query may hold; nil for a share of the machine's.
  package var memory: Int?
  /// Values of parameters by their names, as they were typed.
  package var parameters: [String: String] = [:]
  /// The program's commands, for who mistypes one.
  package var commands: [String] = []
  /// Shows what every stage does to the rows, as `set steps on`.
  package var steps = false
  /// The seed of draws that name none.
  package var seed: UInt64?
  /// What the shell runs before its first prompt.
  package var firstStatement: String?
  package init() {}
}

/// Carries a request out: a script, statements of the command line, or the shell.
package struct CommandRunner {
  private let request: RunRequest

  package init(_ request: RunRequest) { self.request = request }

  /// What `--format` takes.
  package static var formatNames: [String] { Catalogue.rounds.outputs.map(\.name) }

  /// Carries the request out and gives the exit code.
  package func run() -> Int32 {
    let catalogue = Catalogue.rounds
    var format: OutputFormat?
    if let name = request.format {
      guard let found = catalogue.outputs.first(where: { $0.name == name.lowercased() }) else {
        let near = Suggestion.nearest(to: name, among: catalogue.outputs.map(\.name)).map {
          "did you mean \($0)? "
        }
        Console.error(
          "rounds: there is no format \(visible(name)); \(near ?? "")formats: \(catalogue.outputs.map(\.name).joined(separator: ", "))"
        )
        return ExitStatus.usage.rawValue
      }
      format = found
      if let packing = request.output.flatMap(catalogue.packing), !found.isBinary {
        format = found.packed(packing)
      }
      if found.isBinary, request.output == nil, isatty(STDOUT_FILENO) != 0 {
        Console.error(
          "rounds: \(found.name) is no text and would only disturb the terminal: add --output FILE, or send it on with `|`"
        )
        return ExitStatus.usage.rawValue
      }
    }
    if format == nil, let path = request.output {
      format = catalogue.output(forPath: path)
      if format == nil, !Paths.isDeviceOrPipe(Paths.expandingHome(path)) {
        let endings = catalogue.outputs.flatMap(\.extensions).joined(separator: ", ")
        Console.error(
          "rounds: the ending of \(visible(path)) names no format: use one of \(endings), or say --format")
        return ExitStatus.usage.rawValue
      }
    }
    if let path = request.output.map(Paths.expandingHome), !Paths.isFolder(Paths.folder(path)) {
      // Better said before the script has run, and saved files of its own, than after it.
      Console.error(
        "rounds: there is no folder \(visible(Paths.folder(path))) to write \(visible(Paths.lastPart(path))) into: make it first"
      )
      return ExitStatus.usage.rawValue
    }
    let session = makeSession()
    if request.steps { session.turnOn("steps") }
    if isatty(STDOUT_FILENO) != 0, TerminalKind.namesOtherEncoding() { session.turnOn("ascii") }
    if isInteractive { return ReadLoop(session, request).run() }
    let writer = ResultWriter(request, format: format, session: session)
    session.tell = { writer.write($0) }
    // Who asked for the help of a script has no result to write.
    guard let status = runTexts(session, writer) else { return ExitStatus.done.rawValue }
    session.closeRecording()
    return writer.finish(status).rawValue
  }

  /// Whether somebody types statements at a terminal.
  private var isInteractive: Bool {
    request.statements.isEmpty && request.file == nil && request.output == nil && request.format == nil
      && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0
  }

  private func makeSession() -> Session {
    var options = Session.Options(
      threads: request.threads ?? Machine.processors, memory: request.memory ?? Machine.queryMemory,
      now: Machine.now,
      hospitalScale: request.hospitalScale, parameters: request.parameters)
    options.seed = request.seed
    if let folder = environmentValue("TMPDIR"), !folder.isEmpty {
      options.temporaryFolder = folder
      UnnamedFile.folder = folder
    }
    return Session(
      options: options,
      standardInput: { [folder = options.temporaryFolder, isShell = isInteractive] in
        if isShell { throw StandardInput.isTerminal }
        return try StandardInput.read(temporaryFolder: folder)
      })
  }

  /// Runs what was given; nil where only the help of a script was asked for.
  private func runTexts(_ session: Session, _ writer: ResultWriter) -> ExitStatus? {
    var texts: [SourceText] = request.statements.map {
      SourceText(Help.withQuotedTopic($0, session.catalogue), name: "command line")
    }
    if let file = request.file ?? (texts.isEmpty ? "-" : nil) {
      do {
        texts.append(try Self.script(file))
      } catch {
        var fault = Faults.diagnostic(error, at: nil)
        if !file.contains("."), let near = Suggestion.nearest(to: file, among: request.commands) {
          let script = request.arguments.first ?? "x.rounds"
          fault.help.append(
            request.hospitalScale != nil && near == "run"
              ? "with the built-in hospital a script runs as `rounds demo \(visible(script))`"
              : "did you mean the command `rounds \(near)`?")
        }
        writer.fail([fault])
        return request.file == nil ? .failed : .usage
      }
      if request.arguments.contains("--help") || request.arguments.contains("-h") {
        Console.output(ScriptHelp.text(texts[texts.count - 1], session) + "\n")
        return nil
      }
      if !bindArguments(texts[texts.count - 1], session, writer) { return .usage }
    }
    let names = Set(texts.flatMap { ScriptHelp.parameterNames($0, session) })
    for name in request.parameters.keys.sorted() where request.file == nil && !names.contains(name) {
      Console.error(
        "rounds: no statement declares the parameter \(visible(name)): param \(visible(name)) = …")
      return .usage
    }
    for text in texts {
      let status = session.run(text) { writer.fail($0) }
      // A value that --set gave, and that cannot be, is a wrong command line.
      if status == .failed, session.lastDiagnostics.contains(where: { $0.code == "parameter" }) {
        return .usage
      }
      if status != .done { return status }
    }
    return .done
  }

  /// Plain arguments fill the script's parameters in their order; every --set must name one.
  private func bindArguments(_ source: SourceText, _ session: Session, _ writer: ResultWriter) -> Bool {
    let names = ScriptHelp.parameterNames(source, session)
    if request.arguments.count > names.count {
      Console.error(
        "rounds: \(visible(source.name)) takes \(counted(names.count, "argument")), \(request.arguments.count) given"
      )
      return false
    }
    for (name, value) in zip(names, request.arguments) { session.options.parameters[name] = value }
    for name in request.parameters.keys.sorted() where !names.contains(name) {
      let near = Suggestion.nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
      Console.error("rounds: \(visible(source.name)) has no parameter \(visible(name))\(near)")
      return false
    }
    return true
  }

  // MARK: check and fmt

  /// Tells the faults and warnings of scripts without running them; 1 for a fault, 2 for what cannot be read.
  package static func check(_ files: [String], hospital: Bool, asJSON: Bool) -> Int32 {
    var status: Int32 = 0
    var all: [Diagnostic] = []
    for file in files {
      do {
        let source = try script(file)
        let session = Session(
          options: Session.Options(threads: 1, now: Machine.now, hospitalScale: hospital ? 1 : nil))
        let script = Parser.parse(source)
        let (faults, warnings) = session.settledCheck(script)
        let found = faults + warnings + (faults.isEmpty ? session.review(script) : [])
        all += found
        if found.contains(where: { $0.severity == .error }) {
          status = max(status, ExitStatus.failed.rawValue)
        }
      } catch {
        // As `run` says of a script that is not there.
        all.append(Faults.diagnostic(error, at: nil))
        status = ExitStatus.usage.rawValue
      }
    }
    if asJSON {
      Console.output(DiagnosticJSON.text(all) + "\n")
    } else if !all.isEmpty {
      Console.error(DiagnosticRenderer(color: Console.errorsHaveColor).render(all))
    }
    return status
  }

  // MARK: verify

  /// Runs transcripts again and tells what differs; 1 when anything does, 2 for what is no transcript.
  package static func verify(_ files: [String], threads: Int?) -> Int32 {
    var status: Int32 = 0
    for file in files {
      do {
        let report = try Verification.run(file, threads: threads ?? Machine.processors)
        for difference in report.differences { Console.output(visible(difference) + "\n") }
        let size = counted(report.statements, "statement")
        if report.differences.isEmpty {
          Console.output("\(visible(file)): \(size), all as recorded\n")
        } else {
          Console.output("\(visible(file)): \(size), \(counted(report.differences.count, "difference"))\n")
          status = max(status, ExitStatus.failed.rawValue)
        }
      } catch {
        Console.error(
          DiagnosticRenderer(color: Console.errorsHaveColor).render([Faults.diagnostic(error, at: nil)]))
        status = ExitStatus.usage.rawValue
      }
    }
    return status
  }

  /// A script by the name of its file, `-` for standard input.
  private static func script(_ file: String) throws -> SourceText {
    let name = file == "-" ? "standard input" : file
    // A table is no script, and `fmt` would write over it.
    if Catalogue.rounds.isData(file) {
      throw FormatFault(
        file: file, "this is data, and a script is wanted here",
        help: ["to look at it: rounds -e '\"\(file)\" | describe'", "in the shell: load \"\(file)\""])
    }
    let bytes = try file == "-" ? FileAccess.readAll(STDIN_FILENO, name: name) : FileAccess.read(file)
    return SourceText(try FileAccess.script(bytes, name: name), name: name)
  }

  /// Writes scripts anew in the canonical layout, standard input to standard output.
  ///
  /// - Parameter onlyCheck: writes nothing, and gives 1 where something would be.
  /// - Returns: the exit code: 1 for a script with faults, 2 for what cannot be read.
  package static func format(_ files: [String], onlyCheck: Bool) -> Int32 {
    var status: Int32 = 0
    for file in files {
      do {
        let source = try script(file)
        let script = Parser.parse(source)
        let faults = script.diagnostics.filter { $0.severity == .error }
        if !faults.isEmpty {
          Console.error(
            DiagnosticRenderer(color: Console.errorsHaveColor).render(
              faults.map { $0.located(in: script.source) }))
          status = max(status, ExitStatus.failed.rawValue)
          continue
        }
        var formatted = Printer.format(script, rules: Catalogue.rounds.formatRules)
        if file == "-", !onlyCheck {
          Console.output(formatted)
        } else if formatted != source.text {
          if onlyCheck {
            Console.error(
              "\(visible(source.name)): not in the canonical layout; `rounds fmt \(visible(file))` mends it")
            status = max(status, ExitStatus.failed.rawValue)
          } else {
            try FileAccess.write(file, true) { emit in try formatted.withUTF8 { try emit($0.span) } }
          }
        }
      } catch {
        // As `check` says of a script that is not there.
        Console.error(DiagnosticRenderer().render(Faults.diagnostic(error, at: nil)))
        status = ExitStatus.usage.rawValue
      }
    }
    return status
  }
}

/// The machine, for those below who must not look.
package enum Machine {
  /// Processors that are running, at least 1.
  package static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// A time in seconds since 1970 (UTC) as local time, microseconds since 1970-01-01T00:00.
  package static func local(seconds: Int) -> Int64 {
    var time = time_t(seconds)
    var local = tm()
    localtime_r(&time, &local)
    let (micros, overflow) = (Int64(seconds) &+ Int64(local.tm_gmtoff)).multipliedReportingOverflow(
      by: 1_000_000)
    return overflow ? 0 : micros
  }

  /// Bytes that a query may hold where nobody says: three quarters of what the machine, or the group of processes
  /// that this one belongs to, may use. More would let the system end the program in the middle of a session.
  package static var queryMemory: Int {
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    let (whole, overflow) = pages.multipliedReportingOverflow(by: Int(sysconf(Int32(_SC_PAGESIZE))))
    let machine = overflow || whole <= 0 ? Int.max : whole
    let group = (try? FileAccess.read("/sys/fs/cgroup/memory.max")).flatMap {
      Int(String(decoding: $0, as: UTF8.self).prefix { $0.isNumber })
    }
    return min(machine, group ?? Int.max) / 4 * 3
  }

  /// Local time, microseconds since 1970-01-01T00:00.
  package static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return local(seconds: time.tv_sec) + Int64(time.tv_nsec) / 1000
  }
}

/// The two streams of the program.
package enum Console {
  private static let hasLostOutput = Mutex(false)

  /// Writes to standard output; what cannot be written is told once.
  package static func output(_ text: String) {
    if TerminalMode.write(text, to: STDOUT_FILENO) { return }
    let number = errno
    let isFirst = hasLostOutput.withLock { lost in
      defer { lost = true }
      return !lost
    }
    // Whoever reads has seen enough: `| head`.
    if isFirst, number != EPIPE {
      error("rounds: nothing can be written to standard output: \(FileAccess.reason(number))")
    }
  }

  /// An exit code, or that of a failure where output was lost.
  package static func status(_ code: Int32) -> Int32 {
    code == ExitStatus.done.rawValue && hasLostOutput.withLock { $0 } ? ExitStatus.failed.rawValue : code
  }

  /// Writes what somebody else worded, which may repeat what came from outside, line by line and visibly.
  package static func foreignError(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    error(lines.map { visible(String($0)) }.joined(separator: "\n"))
  }

  /// Writes a line to standard error as it is.
  package static func error(_ text: String) { _ = TerminalMode.write(text + "\n", to: STDERR_FILENO) }
  /// Whether NO_COLOR is not set, or empty.
  package static var wantsColor: Bool { environmentValue("NO_COLOR").map { $0.isEmpty } ?? true }
  /// Whether messages go to a terminal that shows colour, and colour is wanted.
  package static var errorsHaveColor: Bool {
    isatty(STDERR_FILENO) != 0 && wantsColor && environmentValue("TERM") != "dumb"
  }
}
