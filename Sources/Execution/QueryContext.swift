import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// What one operator did: for `steps`, `explain analyze` and notes. Counts add up over segments.
package final class OperatorReport: Sendable {
  private struct State {
    var rowsIn = 0
    var rowsOut = 0
    var unknown = 0
    var spilled = 0
    var causes = UnknownCauses()
    var facts: [StageFact] = []
  }

  /// The stage of the text; several operators may have the same.
  package let origin: StageOrigin
  /// What the operator is called where its rows are told: `filter`, `take`.
  package let name: String
  private let state = Mutex(State())

  init(_ name: String, _ origin: StageOrigin) {
    self.name = name
    self.origin = origin
  }

  func add(rowsIn: Int = 0, rowsOut: Int = 0, unknown: Int = 0) {
    state.withLock {
      $0.rowsIn += rowsIn
      $0.rowsOut += rowsOut
      $0.unknown += unknown
    }
  }

  /// Why a condition was not known.
  func add(_ causes: UnknownCauses) { state.withLock { $0.causes.add(causes) } }
  var causes: UnknownCauses { state.withLock { $0.causes } }

  /// Bytes that went through temporary files.
  package var spilled: Int { state.withLock { $0.spilled } }
  func add(spilled bytes: Int) { state.withLock { $0.spilled += bytes } }

  /// What the stage did that queries must know which go on from its rows.
  package var facts: [StageFact] { state.withLock { $0.facts } }
  func did(_ fact: StageFact) { state.withLock { $0.facts.append(fact) } }

  /// Rows that came in; of a join those of the left side alone.
  package var rowsIn: Int { state.withLock { $0.rowsIn } }
  /// Rows that went on.
  package var rowsOut: Int { state.withLock { $0.rowsOut } }
  /// Rows left out because a condition was neither true nor false for them.
  package var unknown: Int { state.withLock { $0.unknown } }
}

/// Something that a stage does with the table that passes it, once the query is through.
package struct EffectResult: Sendable {
  package var kind: Plan.Effect.Kind
  /// The table as it passed the stage, a total among its rows where it has one.
  package var table: Table
  package var origin: StageOrigin
  /// For `assert`: rows for which the condition is not true, and the first of them.
  package var failures: Int
  /// From 0; nil where there is none.
  package var firstFailure: Int?
  /// The last row of the table is a total over the others.
  package var hasTotals: Bool
}

/// The state of one run of one query.
package final class QueryContext: Sendable {
  /// The threads of the run, and the flag that stops it.
  package let workers: Workers
  /// The memory that the run may hold.
  package let budget: Budget
  /// The units of the scan or stage under way.
  package let progress: Progress
  /// Where temporary files belong.
  package let temporaryFolder: String
  /// Measures the operators; nil where nobody asks.
  let profiler: Profiler?
  private let reportList = Mutex<[OperatorReport]>([])
  private let files = Mutex<Set<String>>([])
  private let choiceList = Mutex<[(place: SourceRange, state: CallState)]>([])
  private let noteMakers = Mutex<[@Sendable () -> [Note]]>([])
  private let effectList = Mutex<[EffectResult]>([])
  private let kept = Mutex<[Reservation]>([])
  private let cellValues = Mutex<[ObjectIdentifier: Value]>([:])

  package init(
    workers: Workers, budget: Budget = Budget(), progress: Progress = Progress(),
    temporaryFolder: String = "/tmp", isProfiled: Bool = false
  ) {
    profiler = isProfiled ? Profiler() : nil
    self.temporaryFolder = temporaryFolder
    self.workers = workers
    self.budget = budget
    self.progress = progress
  }

  func report(_ name: String, _ origin: StageOrigin) -> OperatorReport {
    let report = OperatorReport(name, origin)
    reportList.withLock { $0.append(report) }
    return report
  }

  /// Notes which file is read, for notes that would not tell which of several they are of.
  func willRead(_ name: String) { files.withLock { _ = $0.insert(name) } }
  var readsSeveral: Bool { files.withLock { $0.count > 1 } }

  /// Notes to be made when the query is through, in the order of the stages.
  func note(_ maker: @escaping @Sendable () -> [Note]) { noteMakers.withLock { $0.append(maker) } }

  /// Lets go of who makes the notes: they hold evaluators, and these this context.
  func forgetNotes() { noteMakers.withLock { $0.removeAll() } }

  func add(_ effect: EffectResult) { effectList.withLock { $0.append(effect) } }

  /// Keeps memory reserved until the query is through.
  func keep(_ memory: [Reservation]) { kept.withLock { $0 += memory } }

  /// What was told so far, for a stage that may have to run again.
  struct Mark {
    fileprivate var reports: Int
    fileprivate var notes: Int
    fileprivate var effects: Int
    fileprivate var choices: Int
    fileprivate var operators: Int
  }

  func mark() -> Mark {
    Mark(
      reports: reportList.withLock { $0.count }, notes: noteMakers.withLock { $0.count },
      effects: effectList.withLock { $0.count }, choices: choiceList.withLock { $0.count },
      operators: profiler?.count ?? 0)
  }

  /// Forgets what was told since.
  func rewind(to mark: Mark) {
    reportList.withLock { $0.removeLast($0.count - mark.reports) }
    noteMakers.withLock { $0.removeLast($0.count - mark.notes) }
    effectList.withLock { $0.removeLast($0.count - mark.effects) }
    choiceList.withLock { $0.removeLast($0.count - mark.choices) }
    profiler?.forget(from: mark.operators)
  }

  /// Tells that a stage went through temporary files.
  func noteSpilled(_ bytes: Int, _ rows: Int, _ report: OperatorReport) {
    report.add(spilled: bytes)
    let note = Note(
      .fact,
      "\(report.origin.verb): \(counted(rows, "row")) went through temporary files (\(Executor.size(bytes))), as \(Executor.size(budget.limit)) of memory do not hold them",
      count: rows, at: report.origin.range)
    self.note { [note] }
  }

  /// Tells that rows which a stage or the result wants all at once lie in a temporary file.
  func noteSpilled(_ bytes: Int) {
    let note = Note(
      .fact,
      "rows went through temporary files (\(Executor.size(bytes))), as \(Executor.size(budget.limit)) of memory do not hold them"
    )
    self.note { [note] }
  }

  func set(_ value: Value, for subquery: PlanExpression.Subquery) {
    cellValues.withLock { $0[ObjectIdentifier(subquery)] = value }
  }

  func value(of subquery: PlanExpression.Subquery) -> Value {
    cellValues.withLock { $0[ObjectIdentifier(subquery)] ?? .missing }
  }

  /// A `case` or an `if` without a value for all rows, which will count those that it gives none.
  func willChoose(at place: SourceRange, _ state: CallState) {
    choiceList.withLock { $0.append((place, state)) }
  }

  /// In how many rows each `case` and `if` gave no value.
  var unchosen: [SourceRange: Int] {
    choiceList.withLock { choices in
      choices.reduce(into: [:]) { counts, choice in
        if let count = choice.state.counts[Kernels.noBranch], count > 0 {
          counts[choice.place] = max(counts[choice.place] ?? 0, count)
        }
      }
    }
  }

  /// Why values are missing in so many rows, as far as stages have counted it.
  func reason(_ absences: [Absence], for rows: Int) -> MissingReason {
    if let whole = absences.first(where: { !$0.isOfSomeRows && !isRepeated($0) && counts($0).contains(rows) })
    {
      return .whole(whole.why)
    }
    // Rows that a stage counted may have been left out since.
    let parts = absences.flatMap { absence in
      (isRepeated(absence) ? [] : counts(absence)).filter { $0 > 0 && (absence.isOfSomeRows || $0 < rows) }
        .map {
          (count: min($0, rows), why: absence.why)
        }
    }
    if let part = parts.max(by: { $0.count < $1.count }) { return .part(part.why, upTo: part.count) }
    // Of rows that are there several times nobody knows how many they were.
    let repeated = absences.first { absence in isRepeated(absence) && counts(absence).contains { $0 > 0 } }
    return repeated.map { $0.isOfSomeRows ? .perhaps($0.why) : .part($0.why, upTo: nil) } ?? .unknown
  }

  /// Whether a join behind has put rows into the result several times.
  private func isRepeated(_ absence: Absence) -> Bool {
    absence.joins.contains { join in
      if let known = join.known { return known.repeats(ofLeft: join.isOfLeft) }
      return facts(of: join.origin).contains { fact in
        if case .joined(let counts) = fact { counts.repeats(ofLeft: join.isOfLeft) } else { false }
      }
    }
  }

  private func counts(_ absence: Absence) -> [Int] {
    if let known = absence.count { return [known] }
    switch absence.maker {
    case .join(let origin, let isOfLeft):
      return facts(of: origin).compactMap {
        guard case .joined(let counts) = $0 else { return nil }
        return isOfLeft ? counts.unmatched.right : counts.unmatched.left
      }
    case .stage(let origin, let name):
      return facts(of: origin).compactMap { if case .lacking(let counts) = $0 { counts[name] } else { nil } }
    case .choice(let place):
      // A choice of a definition stands at one place for all its uses.
      return choiceList.withLock { choices in
        choices.filter { $0.place == place }.compactMap { $0.state.counts[Kernels.noBranch] }
      }
    }
  }

  private func facts(of origin: StageOrigin) -> [StageFact] {
    reports.filter { $0.origin.range == origin.range }.flatMap(\.facts)
  }

  var reports: [OperatorReport] { reportList.withLock { $0 } }
  var effects: [EffectResult] { effectList.withLock { $0 } }
  var notes: [Note] { noteMakers.withLock { $0 }.flatMap { $0() } }

  /// What a source needs to read its rows for this query.
  package var scanEnvironment: ScanEnvironment {
    ScanEnvironment(workers: workers, budget: budget, progress: progress)
  }
}

/// Why values are missing that a note counts.
enum MissingReason {
  /// For one reason of the question itself, all of them.
  case whole(String)
  /// Some for that, no more than so many, and others that are missing in the data.
  case part(String, upTo: Int?)
  /// Perhaps some for that.
  case perhaps(String)
  case unknown

  var kind: Note.Kind { if case .whole = self { .structural } else { .missing } }

  /// What stands behind the count, with a comma in front.
  var text: String {
    switch self {
    case .whole(let why): ", as where \(why)"
    case .part(let why, let count):
      ", in \(count.map { "up to \(grouped($0))" } ?? "some") of these as where \(why)"
    case .perhaps(let why): ", perhaps as where \(why)"
    case .unknown: ""
    }
  }
}

/// A query's answer.
package struct QueryResult: Sendable {
  /// The rows, a total behind them where there is one.
  package var table: Table
  /// In the order of the stages.
  package var notes: [Note]
  /// What `show`, `chart`, `save` and `assert` were given, in the order of the stages.
  package var effects: [EffectResult]
  /// The rows in and out of each operator that counts them.
  package var reports: [OperatorReport]
  /// What each operator took, from the last one down to what it reads; empty where nobody asked.
  package var profiles: [OperatorProfile] = []
  /// The last row is a total over all rows.
  package var hasTotals: Bool
  /// What the readers of files have to say of columns that came through as they were.
  package var remarks: [Int: ColumnRemark] = [:]
  /// What the stages did to the rows, for queries that go on from them.
  package var history: Plan?
  /// In how many rows each `case` and `if` gave no value.
  package var unchosen: [SourceRange: Int] = [:]

  /// The result as a table to go on from.
  package func source(name: String) -> MemorySource {
    MemorySource(
      result: table, hasTotals: hasTotals, name: name, remarks: remarks, history: history,
      told: notes)
  }

  /// Keeps of a plan that has given this result what is worth to be known of it.
  package mutating func remember(_ plan: Plan) {
    remarks = plan.textRemarks
    history = plan.remembering(
      reports.map { report in
        let isFilter = report.name == "filter"
        let kept = isFilter ? [StageFact.filtered(rowsIn: report.rowsIn, rowsOut: report.rowsOut)] : []
        return (report.origin, report.facts + kept)
      }, unchosen: unchosen)
  }
}
