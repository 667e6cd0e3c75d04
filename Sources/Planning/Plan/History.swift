import Columns
import Diagnostics

/// What a stage did to its rows that a query must know which goes on from them, be it in the same pipeline or from a
/// table that `let` or the shell has kept.
package enum StageFact: Sendable {
  case joined(JoinCounts)
  case absent(AbsentPeriods)
  /// Rows that came to a filter, and rows that it kept.
  case filtered(rowsIn: Int, rowsOut: Int)
  /// In how many rows something is missing by the question itself: a function over rows, as it is written, for want of a
  /// row to look at; a column that a table of several does not have; a cell of a pivot that no row belongs to.
  case lacking([String: Int])
}

/// What one stage did.
package typealias StageFacts = (origin: StageOrigin, facts: [StageFact])

extension PlanExpression {
  fileprivate func holds(choice place: SourceRange) -> Bool {
    if case .choice = kind, range == place { return true }
    return children.contains { $0.holds(choice: place) }
  }
}

/// How often the rows of a join's sides are in its result.
package struct JoinCounts: Sendable {
  /// Left rows with several matches, and the rows that they added.
  package var multiplied: Int
  /// Pairs beyond one for each left row that has a match.
  package var extra: Int
  /// Right rows that matched, and the pairs of rows in which they did.
  package var met: Int
  /// Pairs of a left and a right row that match.
  package var pairs: Int
  /// Rows of both sides without a match.
  package var unmatched: (left: Int, right: Int)

  package init(multiplied: Int, extra: Int, met: Int, pairs: Int, unmatched: (left: Int, right: Int)) {
    (self.multiplied, self.extra, self.met, self.pairs) = (multiplied, extra, met, pairs)
    self.unmatched = unmatched
  }
}

extension JoinCounts {
  /// Whether rows of one side are in the result several times.
  package func repeats(ofLeft: Bool) -> Bool { ofLeft ? extra > 0 : pairs > met }
}

/// Periods between the first and the last that have no group of an aggregate.
package struct AbsentPeriods: Sendable {
  /// How many have no group.
  package var count: Int
  /// Those that have one, too.
  package var all: Int
  /// What a period is called: month.
  package var word: String
  /// The periods are those of each group of further keys.
  package var ofEachGroup: Bool

  package init(count: Int, all: Int, word: String, ofEachGroup: Bool) {
    (self.count, self.all, self.word, self.ofEachGroup) = (count, all, word, ofEachGroup)
  }
}

extension Plan.Join {
  /// What repeating left rows does to the sums of a stage behind; nothing where none takes them.
  package var repeated: String {
    if summed.isEmpty { return "" }
    return
      ", and \(Plan.listed(summed)) \(Plan.taking(summed)) the values of these rows each time\(countedBefore): \(Self.advice)"
  }

  /// What was counted need not all have come so far.
  private var countedBefore: String { isFiltered ? ", counted before `filter`" : "" }

  private static let advice = "aggregate before the join, or join semi"

  /// What repeating right rows does to the sums of a stage behind.
  package func addedNote(_ counts: JoinCounts) -> Note? {
    guard !added.isEmpty, counts.pairs > counts.met else { return nil }
    return Note(
      .join,
      "\(Plan.listed(added)) \(Plan.taking(added)) the values of \(counted(counts.met, "row")) of \(rightTold) \(grouped(counts.pairs)) times, as often as they matched\(countedBefore): add them up before the join, or behind a distinct of its columns",
      count: counts.pairs - counts.met, total: counts.pairs, at: origin.range)
  }

  fileprivate var pastNotes: [Note] {
    guard let fact else { return [] }
    var notes = [addedNote(fact)].compactMap(\.self)
    if fact.multiplied > 0, !summed.isEmpty {
      notes.append(
        Note(
          .join,
          "\(Plan.listed(summed)) \(Plan.taking(summed)) the values of \(counted(fact.multiplied, "row")) several times: the join with \(rightTold) made \(counted(fact.extra, "row")) more of them\(countedBefore); \(Self.advice)",
          count: fact.multiplied, at: origin.range))
    }
    return notes
  }
}

extension Plan.Aggregate {
  /// A month without rows has no group: whoever averages the groups must know.
  package func absentNote(_ absent: AbsentPeriods) -> Note {
    Note(
      .fact,
      "\(grouped(absent.count)) of the \(counted(absent.all, absent.word)) from the first to the last\(absent.ofEachGroup ? " of each group" : "") \(absent.count == 1 ? "has" : "have") no row: to \(Plan.listed(averaged)) they are not 0, they do not exist",
      count: absent.count, total: absent.all, at: origin.range)
  }
}

extension Plan {
  /// The unit of time that the values of an expression over this plan are the starts of: of `start_of(x, month)`, be it
  /// worked out here or before.
  package func period(of expression: PlanExpression) -> TimeUnit? {
    switch expression.kind {
    case .call(let call) where call.function.name == "start_of":
      if case .text(let word)? = call.arguments.last?.constant { TimeUnit(word) } else { nil }
    case .call(let call) where call.function.name == "date" && call.arguments.first?.type == .datetime: .day
    // The elements of a list go by the steps that it is made of.
    case .call(let call) where call.function.name == "sequence" && call.arguments.count == 3:
      period(of: call.arguments[0], step: call.arguments[2].constant)
    case .column(let column, _): period(ofColumn: column)
    default: nil
    }
  }

  /// The unit of times from the start of one on, where the steps are as long as it.
  private func period(of start: PlanExpression, step: Value?) -> TimeUnit? {
    guard case .duration(let length)? = step else { return nil }
    let unit = start.type == .date ? .day : period(of: start)
    guard let unit, let own = unit.microseconds ?? unit.wholeDays.map({ $0 * Calendar.microsecondsPerDay })
    else {
      return nil
    }
    return own == length ? unit : nil
  }

  private func period(ofColumn column: Int) -> TimeUnit? {
    switch self {
    case .split(let node): node.input.period(ofColumn: column)
    case .scan(let node): node.source.history?.period(ofColumn: node.columns[column])
    case .project(let node): node.input.period(of: node.items[column])
    case .aggregate(let node): column < node.keys.count ? node.input.period(of: node.keys[column]) : nil
    case .window(let node): column < node.input.schema.count ? node.input.period(ofColumn: column) : nil
    case .filter, .sort, .effect, .slice, .sample: children.first?.period(ofColumn: column)
    default: nil
    }
  }

  fileprivate static func listed(_ calls: [String]) -> String {
    calls.prefix(3).joined(separator: ", ") + (calls.count > 3 ? " …" : "")
  }

  fileprivate static func taking(_ calls: [String]) -> String { calls.count == 1 ? "takes" : "take" }

  /// The plan with what its stages did, for queries that go on from its rows; nil where there is nothing to remember.
  ///
  /// It reads nothing any more: its files and tables are let go.
  ///
  /// - Parameter unchosen: in how many rows each `case` and `if` gave no value.
  package func remembering(_ facts: [StageFacts], unchosen: [SourceRange: Int]) -> Plan? {
    var isWorth = false
    let plan = past(facts, unchosen, &isWorth)
    return isWorth ? plan : nil
  }

  private func past(
    _ facts: [StageFacts], _ unchosen: [SourceRange: Int], _ isWorth: inout Bool
  ) -> Plan {
    func told(_ origin: StageOrigin) -> [StageFact] {
      facts.filter { $0.origin.range == origin.range && $0.origin.verb == origin.verb }.flatMap(\.facts)
    }
    func lacking(_ origin: StageOrigin, _ isWorth: inout Bool) -> [String: Int] {
      for case .lacking(let counts) in told(origin) where !counts.isEmpty {
        isWorth = true
        return counts
      }
      return [:]
    }
    switch self {
    case .scan(var node):
      let source = PastSource(node.source)
      if source.history != nil { isWorth = true }
      (node.source, node.filter, node.past) = (source, nil, nil)
      return .scan(node)
    case .filter(var node):
      for case .filtered(let rowsIn, let rowsOut) in told(node.condition.origin) where rowsIn > rowsOut {
        (node.past, isWorth) = ((rowsIn, rowsOut), true)
      }
      return Plan.filter(node).mapChildren { $0.past(facts, unchosen, &isWorth) }
    case .sort:
      isWorth = true
      return mapChildren { $0.past(facts, unchosen, &isWorth) }
    case .join(var node):
      // What its own query asked is answered.
      (node.summed, node.added, node.isFiltered) = ([], [], false)
      for case .joined(let counts) in told(node.origin) { (node.fact, isWorth) = (counts, true) }
      return Plan.join(node).mapChildren { $0.past(facts, unchosen, &isWorth) }
    case .aggregate(var node):
      node.averaged = []
      for case .absent(let absent) in told(node.origin) { (node.absent, isWorth) = (absent, true) }
      node.lacking = lacking(node.origin, &isWorth)
      return Plan.aggregate(node).mapChildren { $0.past(facts, unchosen, &isWorth) }
    case .window(var node):
      node.lacking = lacking(node.origin, &isWorth)
      return Plan.window(node).mapChildren { $0.past(facts, unchosen, &isWorth) }
    case .append(var node):
      node.lacking = lacking(node.origin, &isWorth)
      return Plan.append(node).mapChildren { $0.past(facts, unchosen, &isWorth) }
    case .project(var node):
      node.unchosen = unchosen.filter { choice, _ in node.items.contains { $0.holds(choice: choice) } }
      if !node.unchosen.isEmpty { isWorth = true }
      return Plan.project(node).mapChildren { $0.past(facts, unchosen, &isWorth) }
    default: return mapChildren { $0.past(facts, unchosen, &isWorth) }
    }
  }

  /// The filters that rows have come through, as functions that look at other rows want to know: of this plan by the
  /// places of their stages, of those that made its tables by their rows.
  package var filtersBefore: (stages: Set<Int>, past: [(rowsIn: Int, rowsOut: Int)]) {
    switch self {
    case .filter(let node):
      var found = node.input.filtersBefore
      if let past = node.past {
        found.past.append(past)
      } else {
        found.stages.insert(node.condition.origin.index)
      }
      return found
    case .scan(let node):
      // The stages of another query have other places.
      return (Set(node.filter.map { [$0.origin.index] } ?? []), node.source.history?.filtersBefore.past ?? [])
    case .project, .sort, .window, .effect: return children.first?.filtersBefore ?? ([], [])
    // Where rows come together or apart their numbers are no longer those of one chain.
    default: return ([], [])
    }
  }

  /// Whether tables behind its tables go back further than so many.
  fileprivate func isDeeper(than generations: Int) -> Bool {
    guard case .scan(let node) = self else { return children.contains { $0.isDeeper(than: generations) } }
    guard let history = node.source.history else { return false }
    return generations == 0 || history.isDeeper(than: generations - 1)
  }

  /// What the stages of a plan that was run before have to say of the calls that are marked in them.
  package var pastNotes: [Note] {
    switch self {
    case .scan(let node): node.past?.pastNotes ?? []
    case .join(let node): node.pastNotes + children.flatMap(\.pastNotes)
    case .aggregate(let node):
      (node.averaged.isEmpty ? [] : node.absent.map { [node.absentNote($0)] } ?? [])
        + children.flatMap(\.pastNotes)
    default: children.flatMap(\.pastNotes)
    }
  }
}

/// Where rows came from that were read before.
private final class PastSource: TableSource {
  let schema: Schema
  let name: String
  let history: Plan?
  var knownRowCount: Int? { nil }

  /// Tables that were made of kept ones, and these of others, are followed so far: each may use one twice.
  private static let mostGenerations = 8

  init(_ source: any TableSource) {
    (schema, name) = (source.schema, source.name)
    let isNear = source.history.map { !$0.isDeeper(than: Self.mostGenerations) } ?? false
    history = isNear ? source.history : nil
  }

  func scan(columns: [Int], environment: ScanEnvironment) -> any TableScan { EmptyScan() }
}
