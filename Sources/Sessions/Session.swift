import Columns
import Diagnostics
import Execution
import Hospital
import Language
import Planning
import Scheduling
import Synchronization

/// One person's (or one script's) time with Rounds: names, settings, and statements run one after another.
///
/// Not to be used from two threads at once. The life of a text: `Parser` reads it, every statement is checked against
/// the names that those before it make, and only when nothing is wrong do they run, each telling its outcomes.
package final class Session: @unchecked Sendable {
  /// Options of a run that are not settings of the language.
  package struct Options: Sendable {
    /// How many threads share the work of a query; every number gives the same bits.
    package var threads: Int
    /// The bytes that kept tables and a query may hold together; `Int.max` for no limit.
    package var memory: Int
    /// The local time at the start, microseconds since 1970-01-01T00:00.
    package var now: Int64
    /// The seed of draws that name none; nil for 1.
    package var seed: UInt64?
    /// How large the built-in hospital is; nil for none.
    package var hospitalScale: Int?
    /// Values of the parameters of scripts by their names, as they were typed.
    package var parameters: [String: String]
    /// False runs plans as they are written.
    package var optimise: Bool
    /// Where temporary files belong.
    package var temporaryFolder = "/tmp"

    package init(
      threads: Int, memory: Int = .max, now: Int64, seed: UInt64? = nil, hospitalScale: Int? = nil,
      parameters: [String: String] = [:], optimise: Bool = true
    ) {
      self.threads = threads
      self.memory = memory
      self.now = now
      self.seed = seed
      self.hospitalScale = hospitalScale
      self.parameters = parameters
      self.optimise = optimise
    }
  }

  /// The words of the language.
  package let catalogue = Catalogue.rounds
  package var options: Options
  /// The value of every setting, by its name.
  package internal(set) var settings: [String: Value]
  /// What each name stands for; the hospital's tables are among them.
  package internal(set) var bindings: [String: Binding] = [:]
  /// The table of the last result; nil before there is one.
  package internal(set) var last: (any TableSource)?
  /// Parameters that statements have declared, in order.
  package internal(set) var parameters: [ScriptParameter] = []
  /// Stops what runs when somebody raises it.
  package let cancellation: Cancellation
  /// How far the scan or stage under way is, for whoever watches.
  package let progress = Progress()
  /// Told each outcome as it comes.
  package var tell: (Outcome) -> Void = { _ in }
  let opening: SourceOpening
  let readFile: @Sendable (String) throws -> [UInt8]
  let writeFile:
    @Sendable (String, Bool, (_ emit: (Span<UInt8>) throws -> Void) throws -> Void) throws -> Void
  /// The last error, for `why`.
  package internal(set) var lastDiagnostics: [Diagnostic] = []
  /// Set by `quit`: what stands behind it does not run.
  package internal(set) var wantsToLeave = false
  /// Files being included, against circles.
  var includes: [String] = []
  /// Set while `record` writes down what is asked and answered.
  package var recorder: Recorder?
  /// What runs now was typed behind a space: no transcript and no saved script holds it.
  package var isLeftOut = false
  /// The statements of this session that worked, for `save script` and for a transcript that begins late.
  var worked: [WorkedStatement] = []
  /// Those that `undo` took back, for `redo`.
  var undone: [TakenBack] = []
  /// How often something was remembered for `undo`.
  var changes = 0
  /// What was typed, for `history | …`; nil where there is no shell.
  package var history: [HistoryLine]?
  /// The examples that `help` showed last, for `try`.
  var examples: [String] = []
  var lesson: LessonPlace?
  /// The names that were there before anything was said.
  var original: [String: Binding] = [:]
  var undoStates: [State] = []
  var redoStates: [State] = []
  /// Whether what is remembered now would be forgotten again before anybody can go back to it.
  var forgetsStates = false
  /// How many of these were undone before the recording began: who runs its transcript does not have them.
  var redoFloor = 0

  /// What `undo` goes back to.
  struct State {
    var settings: [String: Value]
    var bindings: [String: Binding]
    var what: String
  }

  /// - Parameter loadsHospital: makes the tables of the hospital that the options name, where they name one.
  package init(
    options: Options, cancellation: Cancellation = Cancellation(), loadsHospital: Bool = true,
    standardInput: @escaping @Sendable () throws -> ByteOrigin = {
      .memory(Buffer([]), name: StandardInput.name)
    },
    readFile: @escaping @Sendable (String) throws -> [UInt8] = FileAccess.read,
    writeFile:
      @escaping @Sendable (String, Bool, (_ emit: (Span<UInt8>) throws -> Void) throws -> Void) throws -> Void =
      FileAccess.write
  ) {
    self.options = options
    self.cancellation = cancellation
    self.readFile = readFile
    self.writeFile = writeFile
    opening = SourceOpening(cancellation: cancellation, standardInput: standardInput)
    settings = Dictionary(uniqueKeysWithValues: Catalogue.rounds.settings.map { ($0.name, $0.defaultValue) })
    if loadsHospital, let scale = options.hospitalScale { loadHospital(scale) }
  }

  private func loadHospital(_ scale: Int) {
    let hospital = SyntheticHospital(scale: scale)
    for name in SyntheticHospital.tableNames { bindings[name] = .table(HospitalSource(hospital, name)) }
    original = bindings
  }

  // MARK: Names and settings for others

  /// The present environment; with `runs` plans can be run while statements are checked (a pivot's columns).
  package func environment(runs: Bool) -> Environment {
    let opening = opening
    var environment = Environment(
      catalogue: catalogue, bindings: bindingsWithHistory, last: last, open: { try opening.open($0, $1) },
      now: now)
    environment.seed = options.seed ?? 1
    environment.memory = options.memory
    if runs {
      let context: @Sendable () -> QueryContext = { [self] in queryContext() }
      let optimise = optimises
      environment.materialise = { [interruption = environment.interruption] plan in
        do {
          return try Executor(context()).run(optimise ? Optimizer.optimised(plan) : plan).table
        } catch {
          if error is SchemaChange || error is ScanRestart || error is Cancelled { interruption.set(error) }
          throw error
        }
      }
    }
    return environment
  }

  /// The time of the run: what `set today` says, otherwise the start.
  package var now: Int64 {
    if case .date(let days)? = settings["today"] {
      return Int64(days) * Columns.Calendar.microsecondsPerDay
    }
    return options.now
  }

  /// Whether a setting is `true`; false for one that does not exist.
  package func isOn(_ setting: String) -> Bool { settings[setting] == .bool(true) }

  var optimises: Bool { options.optimise && settings["optimizer"] != .bool(false) && !isOn("steps") }

  /// Who shares the work of a query and of writing what it gives.
  package var workers: Workers { Workers(count: options.threads, cancellation: cancellation) }

  /// - Parameter isProfiled: each operator is measured.
  func queryContext(isProfiled: Bool = false) -> QueryContext {
    QueryContext(
      workers: workers,
      budget: Budget(limit: options.memory, held: heldBytes),
      progress: progress, temporaryFolder: options.temporaryFolder, isProfiled: isProfiled)
  }

  /// Bytes of the tables under names, which every query finds in use already.
  private var heldBytes: Int {
    if options.memory == .max { return 0 }
    var tables: [Table] = []
    for case .table(let source as MemorySource) in bindings.values { tables.append(source.table) }
    if let last = last as? MemorySource { tables.append(last.table) }
    return MemoryUse(tables).bytes
  }

  // MARK: Running texts

  /// Checks a text and runs it when nothing is wrong with it. Faults go to `fail`, all that can be known at once.
  package func run(_ source: SourceText, fail: ([Diagnostic]) -> Void) -> ExitStatus {
    let script = Parser.parse(source)
    opening.forget()
    let (faults, warnings) = settledCheck(script)
    if !faults.isEmpty {
      lastDiagnostics = faults
      fail(faults + warnings)
      record(refused: source.text, faults)
      return .failed
    }
    let goesBack = script.statements.contains {
      ["undo", "redo", "include"].contains($0.head.word?.text.lowercased() ?? "")
    }
    defer { forgetsStates = false }
    for (place, statement) in script.statements.enumerated() where !wantsToLeave {
      forgetsStates = !goesBack && script.statements.count - place > Session.statesKept
      let status = runAndRecord(statement, script) { statement in attempt(statement, in: source, fail: fail) }
      if status != .done { return status }
    }
    return .done
  }

  private func attempt(_ statement: Statement, in source: SourceText, fail: ([Diagnostic]) -> Void)
    -> ExitStatus
  {
    do {
      try run(statement, in: source)
      return .done
    } catch is Cancelled {
      return .interrupted
    } catch let stop as AssertionFailure {
      var diagnostic = stop.diagnostic
      diagnostic.help += Session.rowsWanted(diagnostic, statement)
      lastDiagnostics = [diagnostic]
      fail([diagnostic.located(in: source)])
      return .assertion
    } catch let list as DiagnosticList {
      lastDiagnostics = list.diagnostics
      fail(list.diagnostics.map { $0.located(in: source) })
      return .failed
    } catch {
      let diagnostic = fault(error, statement).located(in: source)
      lastDiagnostics = [diagnostic]
      fail([diagnostic])
      return .failed
    }
  }

  func fault(_ error: any Error, _ statement: Statement) -> Diagnostic {
    if let exceeded = error as? BudgetExceeded {
      return Diagnostic(
        "memory",
        "\(exceeded.purpose) wants \(grouped(exceeded.wanted >> 20)) MB, more than the \(grouped(exceeded.limit >> 20)) MB allowed",
        at: statement.range, help: ["give it more with --memory, or ask for fewer columns or rows"])
    }
    return Faults.diagnostic(error, at: statement.range)
  }

  /// Faults that may come from a type that only a sample of a file shows.
  private static let typeCodes: Set<String> = [
    "append-types", "argument-type", "argument-types", "branch-types", "fill-type", "key-types", "list-types",
    "operand-types", "sort-type", "split-type", "unpivot-types", "type", "not-a-condition",
  ]

  /// The same check, made again where the types of files turn out to be others once these are read through: a script
  /// must not be refused for what a sample did not hold.
  package func settledCheck(_ script: Script) -> (faults: [Diagnostic], warnings: [Diagnostic]) {
    let checked = check(script)
    guard checked.faults.contains(where: { Self.typeCodes.contains($0.code) }) else { return checked }
    do {
      let hasChanged = try opening.settleTypes(queryContext().scanEnvironment)
      return hasChanged ? check(script) : checked
    } catch {
      return checked
    }
  }

  /// Everything that can be known to be wrong with a text before any of it runs.
  package func check(_ script: Script) -> (faults: [Diagnostic], warnings: [Diagnostic]) {
    var faults = script.diagnostics.filter { $0.severity == .error }.map {
      taught($0, script).located(in: script.source)
    }
    var warnings = script.diagnostics.filter { $0.severity == .warning }.map { $0.located(in: script.source) }
    let checker = ScriptChecker(environment(runs: false), self)
    // Of those that are found on the way some stand in other files, at places of their own.
    let unread = faults
    for statement in script.statements where !unread.contains(where: { inside($0, statement) }) {
      let found = checker.check(statement, in: script.source)
      for diagnostic in found.map({ $0.located(in: script.source) }) {
        if diagnostic.severity == .error {
          faults.append(answered(diagnostic))
        } else {
          warnings.append(diagnostic)
        }
      }
    }
    faults.sort { ($0.range?.lower ?? 0) < ($1.range?.lower ?? 0) }
    return (faults, warnings)
  }

  /// A verb of another language that was written like a function: which verb is meant matters more than the brackets.
  private func taught(_ diagnostic: Diagnostic, _ script: Script) -> Diagnostic {
    if diagnostic.code == "leading-equals" { return withoutEquals(diagnostic, script) }
    if diagnostic.code == "command" { return namingTable(diagnostic, script) }
    if diagnostic.code == "foreign-operator", diagnostic.message.hasPrefix("`!`") {
      return leavingOut(diagnostic, script)
    }
    guard diagnostic.code == "verb-as-call", let range = diagnostic.range,
      let word = script.statements.lazy.flatMap(\.stages).compactMap(\.word).first(where: {
        $0.range.upper == range.lower
      }), catalogue.verb(word.text) == nil || catalogue.verb(word.text)?.name == "count"
    else { return diagnostic }
    if catalogue.verb(word.text) != nil {
      var taught = diagnostic
      let groups = script.source[SourceRange(range.lower + 1, max(range.lower + 1, range.upper - 1))]
      if let written = ForeignHabits.counting(groups) {
        taught.help = ["Write \(written)."]
        taught.fix = nil
        return taught
      }
      taught.help = ["Write \(word.text)\(groups.isEmpty ? "" : " by " + groups)."]
      taught.fix = Diagnostic.Fix(range, groups.isEmpty ? "" : " by " + groups)
      return taught
    }
    let inside = SourceRange(range.lower + 1, max(range.lower + 1, range.upper - 1))
    // Written as a call it is rather a function, or the spelling of one.
    let verbs = catalogue.verbs.map(\.name)
    let nearest = Suggestion.nearest(to: word.text, among: verbs + catalogue.functions.map(\.name))
    let function = catalogue.function(word.text) ?? nearest.flatMap { catalogue.function($0) }
    return CheckMessages.unknownVerb(
      word.text, at: word.range, known: verbs, arguments: script.source[inside],
      function: function.flatMap { catalogue.verb($0.name) == nil ? $0 : nil })
  }

  /// `tabulate ward sex`: with the table that has the columns.
  private func namingTable(_ diagnostic: Diagnostic, _ script: Script) -> Diagnostic {
    guard let range = diagnostic.range, let call = CommandCall.translation(of: script.source[range]) else {
      return diagnostic
    }
    guard let table = environment(runs: false).table(having: call.columns) else { return diagnostic }
    var taught = diagnostic
    taught.help = ["Write \(CheckMessages.quoted(table)) | \(call.stages)"]
    return taught
  }

  /// `=COUNTIF(age, ">65")`: the function of the spreadsheet matters more than the sign in front of it.
  private func withoutEquals(_ diagnostic: Diagnostic, _ script: Script) -> Diagnostic {
    guard let range = diagnostic.range,
      let statement = script.statements.first(where: { $0.range.lower == range.lower })
    else { return diagnostic }
    let rest = Parser.parse(SourceText(script.source[SourceRange(range.upper, statement.range.upper)]))
    // Another one in it would be looked into in the same way, and so on.
    guard !rest.diagnostics.contains(where: { $0.code == diagnostic.code }),
      let unknown = check(rest).faults.first(where: { $0.code == "unknown-function" })
    else { return diagnostic }
    var taught = diagnostic
    taught.help = unknown.help
    taught.fix = nil
    return taught
  }

  /// `select !age`: a column is left out by a verb of its own.
  private func leavingOut(_ diagnostic: Diagnostic, _ script: Script) -> Diagnostic {
    guard let range = diagnostic.range,
      let stage = script.statements.lazy.flatMap(\.stages).first(where: {
        $0.range.lower <= range.lower && range.upper <= $0.range.upper
      }), stage.word.map({ catalogue.verb($0.text)?.name }) == "select"
    else { return diagnostic }
    let rest = script.source[SourceRange(range.upper, stage.range.upper)]
    var taught = diagnostic
    taught.help = ["to leave columns out write drop \(rest.replacing("!", with: ""))"]
    taught.fix = nil
    return taught
  }

  /// What there is in place of a function that no other language calls that here, where a question asks for it often.
  private func answered(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.code == "unknown-function", diagnostic.fix == nil,
      diagnostic.help.first?.hasPrefix("`help functions`") == true,
      let name = diagnostic.message.split(separator: "`").dropFirst().first,
      let answer = HelpSearch(String(name).replacing("_", with: " ").replacing(".", with: " "), catalogue, [])
        .answer
    else { return diagnostic }
    var answered = diagnostic
    answered.help = [answer]
    return answered
  }

  private func inside(_ diagnostic: Diagnostic, _ statement: Statement) -> Bool {
    guard let range = diagnostic.range else { return false }
    return range.lower >= statement.range.lower && range.lower <= statement.range.upper
  }

  // MARK: Undo

  private static let statesKept = 100

  func remember(_ what: String) {
    changes += 1
    if forgetsStates { return }
    undoStates.append(State(settings: settings, bindings: bindings, what: what))
    if undoStates.count > Session.statesKept { undoStates.removeFirst() }
    (redoStates, undone, redoFloor) = ([], [], 0)
  }
}

/// An `assert` that did not hold: exit code 3.
struct AssertionFailure: Error {
  var diagnostic: Diagnostic
}

/// A table of the built-in hospital, made when it is first read.
final class HospitalSource: TableSource {
  private let hospital: SyntheticHospital
  let name: String
  private let made = Mutex<MemorySource?>(nil)

  init(_ hospital: SyntheticHospital, _ name: String) {
    self.hospital = hospital
    self.name = name
  }

  private var memory: MemorySource {
    made.withLock { made in
      if let made { return made }
      let source = MemorySource(hospital.table(name) ?? Table([]), name: name)
      made = source
      return source
    }
  }

  var tableInMemory: Table? { memory.table }
  var schema: Schema { memory.schema }
  var knownRowCount: Int? { memory.knownRowCount }
  func prepareTexts(column: Int, environment: ScanEnvironment) throws {
    try memory.prepareTexts(column: column, environment: environment)
  }
  func scan(columns: [Int], environment: ScanEnvironment) throws -> any TableScan {
    memory.scan(columns: columns, environment: environment)
  }
}
