import Columns
import Diagnostics
import Execution
import Language
import Planning
import Scheduling

/// What a shell needs beyond running texts: stopping, watching, going on after a query that was left behind, and
/// small questions while somebody types.
extension Session {
  /// Makes ready for a run: no stop is asked for, nothing is done yet.
  package func prepareRun() {
    cancellation.reset()
    progress.begin(total: 0)
  }

  /// Asks whatever runs to stop; from any thread.
  package func interrupt() { cancellation.cancel() }

  /// Units of the running stage that are done, and all; both 0 before the first is known.
  package var progressState: (done: Int, total: Int) { progress.state }

  /// All that statements can change.
  package struct Snapshot: Sendable {
    var settings: [String: Value]
    var bindings: [String: Binding]
    var last: (any TableSource)?
    var parameters: [ScriptParameter]
    var original: [String: Binding]
    var undoStates: [State]
    var redoStates: [State]
    var redoFloor: Int
    var lastDiagnostics: [Diagnostic]
    var recorder: Recorder?
    var worked: [WorkedStatement]
    var undone: [TakenBack]
    var history: [HistoryLine]?
    var examples: [String]
    var lesson: LessonPlace?
  }

  /// All that statements can change, as it is now.
  package var snapshot: Snapshot {
    Snapshot(
      settings: settings, bindings: bindings, last: last, parameters: parameters, original: original,
      undoStates: undoStates,
      redoStates: redoStates, redoFloor: redoFloor, lastDiagnostics: lastDiagnostics, recorder: recorder,
      worked: worked,
      undone: undone,
      history: history, examples: examples, lesson: lesson)
  }

  /// A session that goes on from a snapshot, for when this one must be left to a thread that does not stop.
  package func successor(from snapshot: Snapshot) -> Session {
    // Its tables come with the names.
    let next = Session(
      options: options, loadsHospital: false, standardInput: opening.standardInput, readFile: readFile,
      writeFile: writeFile)
    next.settings = snapshot.settings
    next.bindings = snapshot.bindings
    next.last = snapshot.last
    next.parameters = snapshot.parameters
    next.original = snapshot.original
    next.undoStates = snapshot.undoStates
    next.redoStates = snapshot.redoStates
    next.redoFloor = snapshot.redoFloor
    next.lastDiagnostics = snapshot.lastDiagnostics
    next.recorder = snapshot.recorder?.handedOn()
    next.worked = snapshot.worked
    next.undone = snapshot.undone
    next.history = snapshot.history
    next.examples = snapshot.examples
    next.lesson = snapshot.lesson
    return next
  }

  // MARK: While somebody types

  /// The examples that `try` runs.
  package var exampleTexts: [String] { examples }

  /// The names after some statements of which none has run.
  package func environment(after script: Script) -> Environment {
    let checker = ScriptChecker(environment(runs: false), self)
    for statement in script.statements { _ = checker.check(statement, in: script.source) }
    return checker.environment
  }

  /// A small question that may be given up from another thread.
  package final class Lookup: Sendable {
    fileprivate let cancellation = Cancellation()
    package init() {}
    /// Gives the question up, from any thread.
    package func cancel() { cancellation.cancel() }
  }

  /// The rows of a plan; nil when it fails or was given up. Nothing is saved, asserted or remembered.
  package func rows(of plan: Plan, _ lookup: Lookup) -> Table? {
    let context = QueryContext(
      workers: Workers(count: options.threads, cancellation: lookup.cancellation),
      budget: Budget(limit: min(options.memory, 256 << 20)), progress: Progress())
    return try? Executor(context).run(Optimizer.optimised(plan)).table
  }
}
