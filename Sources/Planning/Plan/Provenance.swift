import Columns
import Diagnostics

/// What becomes of values on their way into an aggregate, for what a result must tell of itself: a join may have
/// repeated the rows, or an aggregate before it made one number of many.
extension Plan {
  private static let sums: Set<String> = ["sum", "mean", "median", "percent", "percentile"]
  private static let means: Set<String> = ["mean", "median", "min", "stddev", "variance", "percentile"]
  private static let shares: Set<String> = ["percent", "proportion", "rate", "mean"]
  fileprivate static let counts: Set<String> = ["count", "count_distinct", "sum"]

  /// The plan with the stages marked that have something to tell once they have run of the values that a call takes.
  ///
  /// - Parameters:
  ///   - call: a call over this plan's columns.
  ///   - keys: the columns that are the groups of the call.
  package func telling(of call: GroupCall, groupedBy keys: Set<Int>) -> Plan {
    let columns = call.arguments.reduce(into: Set<Int>()) { $0.formUnion($1.columns) }
    if columns.isEmpty || call.arguments.isEmpty { return self }
    return marked(Flow(columns: columns, keys: keys, deciders: keys), call)
  }

  /// What of a stage's columns a call further on depends on.
  fileprivate struct Flow {
    /// Those whose values it takes.
    var columns: Set<Int>
    /// Those that are its groups, as they are.
    var keys: Set<Int>
    /// Those by which rows were picked or put into groups on the way: they may leave one of several rows.
    var deciders: Set<Int>
    /// A filter lies between: the rows that a stage counts need not all reach the call.
    var isFiltered = false
  }

  private func marked(_ flow: Flow, _ call: GroupCall) -> Plan {
    switch self {
    case .project(var node):
      func below(_ columns: Set<Int>) -> Set<Int> {
        columns.reduce(into: []) { $0.formUnion(node.items[$1].columns) }
      }
      let keys = flow.keys.compactMap { index -> Int? in
        if case .column(let column, _) = node.items[index].kind { column } else { nil }
      }
      let next = Flow(
        columns: below(flow.columns), keys: Set(keys), deciders: below(flow.deciders),
        isFiltered: flow.isFiltered)
      guard !next.columns.isEmpty else { return self }
      node.input = node.input.marked(next, call)
      return .project(node)
    case .filter(var node):
      var next = flow
      next.deciders.formUnion(node.condition.expression.columns)
      next.isFiltered = true
      node.input = node.input.marked(next, call)
      return .filter(node)
    case .sort, .effect: return mapChildren { $0.marked(flow, call) }
    case .window(let node):
      let count = node.input.schema.count
      guard flow.columns.union(flow.deciders).allSatisfy({ $0 < count }) else { return self }
      return mapChildren { $0.marked(flow, call) }
    case .scan(var node):
      guard let history = node.past ?? node.source.history else { return self }
      func read(_ columns: Set<Int>) -> Set<Int> { Set(columns.map { node.columns[$0] }) }
      let next = Flow(
        columns: read(flow.columns), keys: read(flow.keys), deciders: read(flow.deciders),
        isFiltered: flow.isFiltered)
      node.past = history.marked(next, call)
      return .scan(node)
    case .join(var node):
      if let below = node.ofLeft(flow) {
        if Self.sums.contains(call.function.name), node.kind == .inner || node.kind == .left {
          node.summed.add(call.text)
          node.isFiltered = node.isFiltered || flow.isFiltered
        }
        node.left = node.left.marked(below, call)
        return .join(node)
      }
      if let below = node.ofRight(flow) {
        if call.function.name == "sum" {
          node.added.add(call.text)
          node.isFiltered = node.isFiltered || flow.isFiltered
        }
        node.right = node.right.marked(below, call)
        return .join(node)
      }
      return self
    case .aggregate(var node):
      guard Self.means.contains(call.function.name), flow.columns.allSatisfy({ node.isCount($0) }) else {
        return self
      }
      let series = node.keys.indices.filter { node.keys[$0].type.isTime }
      let others = node.keys.indices.filter { !node.keys[$0].type.isTime }
      // Where a condition on the periods picked some, those left out are not meant.
      guard series.count == 1, !flow.deciders.contains(series[0]), others.allSatisfy(flow.keys.contains),
        !node.input.picksPeriods
      else { return self }
      node.averaged.add(call.text)
      return .aggregate(node)
    default: return self
    }
  }

  /// Whether a filter keeps some months, weekdays or hours, so that others have no row.
  private var picksPeriods: Bool {
    if case .filter(let node) = self, node.condition.expression.namesPeriods { return true }
    return children.contains(where: \.picksPeriods)
  }

  /// What was told of the kept tables that the plan reads, when they were kept.
  package var notesOfKept: [Note] {
    var notes: [Note] = []
    var said: Set<String> = []
    gatherNotesOfKept(&notes, &said)
    return notes
  }

  /// More is not held of tables that were made of each other again and again.
  private static let mostNotesOfKept = 200

  /// A table that is made of another twice says what that one has to say once.
  private func gatherNotesOfKept(_ notes: inout [Note], _ said: inout Set<String>) {
    if case .scan(let node) = self {
      for note in node.source.notesOfKept(columns: node.columns)
      where notes.count < Self.mostNotesOfKept && said.insert(note.message).inserted {
        notes.append(note)
      }
    }
    for child in children { child.gatherNotesOfKept(&notes, &said) }
    for subquery in expressions.flatMap(\.subqueries) {
      subquery.plan.gatherNotesOfKept(&notes, &said)
    }
  }

  /// The function over rows that a column is a result of; nil for a column with a name of its own.
  package func call(ofColumn column: Int) -> GroupCall? {
    guard case .window(let node) = self, column >= node.input.schema.count,
      let index = node.calls.index(ofResult: column - node.input.schema.count)
    else { return nil }
    return node.calls[index]
  }

  /// Why some of these columns may be missing by the question itself, the nearest reason first.
  package func absences(of columns: Set<Int>) -> [Absence] {
    if columns.isEmpty { return [] }
    switch self {
    case .scan(let node):
      return node.source.history?.absences(of: Set(columns.map { node.columns[$0] })) ?? []
    case .project(let node):
      let items = columns.sorted().map { node.items[$0] }
      return items.flatMap { $0.absences(knowing: node.unchosen) }
        + node.input.absences(of: items.reduce(into: []) { $0.formUnion($1.columnsThatMakeMissing) })
    case .sort, .effect: return children.first?.absences(of: columns) ?? []
    case .filter, .slice, .sample: return children.first?.absences(of: columns).ofSomeRows ?? []
    case .distinct(let node): return node.input.absences(of: Set(columns.map { node.columns[$0] })).ofSomeRows
    case .window(let node):
      let count = node.input.schema.count
      return columns.sorted().compactMap { $0 < count ? nil : node.absence(of: $0) }
        + node.input.absences(of: columns.filter { $0 < count })
    case .join(let node): return node.absences(of: columns)
    case .append(let node): return node.absences(of: columns)
    case .aggregate(let node): return columns.sorted().compactMap(node.absence)
    default: return []
    }
  }

  /// Whether each of some columns is a share of many rows: `percent(…)`, `proportion(…)`, or a count divided by another.
  package func areShares(_ columns: Set<Int>, areRatios: Bool = false) -> Bool {
    switch self {
    case .project(let node):
      return columns.allSatisfy { index in
        let item = node.items[index]
        guard !item.columns.isEmpty else { return false }
        return node.input.areShares(item.columns, areRatios: areRatios || item.isRatio)
      }
    case .filter, .sort, .slice, .sample, .effect:
      return children.first?.areShares(columns, areRatios: areRatios) ?? false
    case .aggregate(let node):
      return !columns.isEmpty
        && columns.allSatisfy { column in
          guard let name = node.call(ofColumn: column)?.function.name else { return false }
          return Self.shares.contains(name) || areRatios && Self.counts.contains(name)
        }
    default: return false
    }
  }
}

/// Why a value is missing that nobody has failed to write down.
package struct Absence: Sendable {
  /// Reasons that are looked for at most: the nearest ones.
  static let most = 8

  /// Where it is: `lead(t) has no later row`.
  package var why: String
  /// What makes it.
  package var maker: Maker
  /// In how many rows, where the stage was run before.
  package var count: Int?
  /// A stage behind the one that makes it leaves rows out: how many of those that it counted came through is not known.
  package var isOfSomeRows = false
  /// Joins behind it that may have repeated rows: the numbers of before then say nothing.
  package var joins: [(origin: StageOrigin, isOfLeft: Bool, known: JoinCounts?)] = []

  /// What leaves values missing, and has counted them.
  package enum Maker: Sendable {
    /// A join that found no partner; of the left side it is where a right row has none.
    case join(StageOrigin, isOfLeft: Bool)
    /// A stage, and of several things there the one that does: a call as it is written, a column.
    case stage(StageOrigin, String)
    /// A `case` or an `if` without a value for all rows, by its place in the text.
    case choice(SourceRange)
  }

  /// A join found no partner.
  package var isOfJoin: Bool { if case .join = maker { true } else { false } }
}

extension [Absence] {
  /// These of a stage behind that keeps some of the rows.
  fileprivate var ofSomeRows: Self {
    map {
      var absence = $0
      absence.isOfSomeRows = true
      return absence
    }
  }

  /// These of a side of a join, whose rows may be in the result several times.
  ///
  /// - Parameter known: what the join did, where it was run before.
  fileprivate func repeated(by origin: StageOrigin, isOfLeft: Bool, known: JoinCounts?) -> Self {
    map {
      var absence = $0
      absence.joins.append((origin, isOfLeft, known))
      return absence
    }
  }
}

extension PlanExpression {
  /// Why it may be missing by itself: its choices have no value for some rows.
  ///
  /// - Parameter counts: in how many rows each has none, where they were run before.
  package func absences(knowing counts: [SourceRange: Int] = [:]) -> [Absence] {
    var found = partsThatMakeMissing.flatMap { $0.absences(knowing: counts) }
    if case .choice(_, nil, let form) = kind {
      found.insert(
        Absence(why: "`\(form.told)` gives no value", maker: .choice(range), count: counts[range]), at: 0)
    }
    return found
  }

  /// The same with what the plan knows of the columns that it takes.
  package func absences(over plan: Plan) -> [Absence] {
    absences() + plan.absences(of: columnsThatMakeMissing)
  }
}

extension Plan.Append {
  /// What a table is called in notes.
  package func told(_ index: Int) -> String {
    let names = inputs.map(\.tableName)
    // A name that two of them have says nothing.
    if let name = names[index], names.count(where: { $0 == name }) == 1 { return "`\(visible(name))`" }
    return index == 0 ? "the first table" : "table \(index + 1)"
  }

  fileprivate func absences(of columns: Set<Int>) -> [Absence] {
    var found: [Absence] = []
    for column in columns.sorted() where found.count < Absence.most {
      let name = schema[column].name
      let without = inputs.indices.filter { maps[$0][column] == nil }
      let own = Absence(
        why: "\(Spelling.few(without.map(told))) \(without.count == 1 ? "has" : "have") no `\(name)`",
        maker: .stage(origin, name), count: lacking[name])
      if !without.isEmpty { found.append(own) }
      // Of tables that were made of themselves the same reasons come again and again.
      for (input, map) in zip(inputs, maps) where found.count < Absence.most {
        if let inner = map[column] { found += input.absences(of: [inner]) }
      }
    }
    return Array(found.prefix(Absence.most))
  }
}

extension Plan {
  /// The name of the table that rows come from, where it says which of several is meant.
  fileprivate var tableName: String? {
    switch self {
    case .scan(let node): node.source.name
    case .filter, .project, .sort, .slice, .sample, .effect, .window: children.first?.tableName
    default: nil
    }
  }
}

extension Plan.Window {
  fileprivate func absence(of column: Int) -> Absence? {
    guard let index = calls.index(ofResult: column - input.schema.count), let why = calls[index].whyAbsent
    else {
      return nil
    }
    let text = calls[index].text
    return Absence(why: why, maker: .stage(origin, text), count: lacking[text])
  }
}

extension Plan.Join {
  fileprivate func absences(of columns: Set<Int>) -> [Absence] {
    let count = left.schema.count
    var (ofLeft, ofRight): (Set<Int>, Set<Int>) = ([], [])
    for column in columns {
      if output[column] < count {
        ofLeft.insert(output[column])
      } else {
        ofRight.insert(output[column] - count)
      }
    }
    // A key that stands once has the value of either side.
    let lacksLeft = (kind == .right || kind == .full) && ofLeft.contains { keyPartners[$0] == nil }
    let lacksRight = !ofRight.isEmpty && (kind == .left || kind == .full || kind == .asof)
    var own: [Absence] = []
    if lacksRight {
      own.append(
        Absence(
          why: "\(rightTold) has no match", maker: .join(origin, isOfLeft: false),
          count: fact?.unmatched.left))
    }
    if lacksLeft {
      own.append(
        Absence(
          why: "a row of \(rightTold) has no match", maker: .join(origin, isOfLeft: true),
          count: fact?.unmatched.right))
    }
    let ofTheLeft = left.absences(of: ofLeft).repeated(by: origin, isOfLeft: true, known: fact)
    var found = own + (keepsLeft ? ofTheLeft : ofTheLeft.ofSomeRows)
    // Of tables that were made of themselves the same reasons come again and again.
    if found.count < Absence.most {
      let further = right.absences(of: ofRight).repeated(by: origin, isOfLeft: false, known: fact)
      found += kind == .right || kind == .full ? further : further.ofSomeRows
    }
    return Array(found.prefix(Absence.most))
  }

  /// Whether each row of the left side is in the result.
  private var keepsLeft: Bool { kind == .left || kind == .full || kind == .asof }

  /// What a call depends on where that is of the left side alone.
  fileprivate func ofLeft(_ flow: Plan.Flow) -> Plan.Flow? {
    let count = left.schema.count
    return flow.mapped { output[$0] < count ? output[$0] : nil }
  }

  /// What a call depends on where that is of the right side alone; a key that stands once is of both.
  fileprivate func ofRight(_ flow: Plan.Flow) -> Plan.Flow? {
    let count = left.schema.count
    return flow.mapped { column in
      output[column] >= count ? output[column] - count : keyPartners[output[column]].map { $0 - count }
    }
  }
}

extension Plan.Flow {
  /// The same of other columns; nil where one of them has none.
  fileprivate func mapped(_ other: (Int) -> Int?) -> Self? {
    func all(_ columns: Set<Int>) -> Set<Int>? {
      let found = columns.compactMap(other)
      return found.count == columns.count ? Set(found) : nil
    }
    guard let columns = all(columns), let keys = all(keys), let deciders = all(deciders) else { return nil }
    return Plan.Flow(columns: columns, keys: keys, deciders: deciders, isFiltered: isFiltered)
  }
}

extension [String] {
  /// Adds what is not there yet.
  fileprivate mutating func add(_ text: String) { if !contains(text) { append(text) } }
}

extension GroupCall {
  /// The call over a plan, with what the plan knows of values that it takes.
  package func knowing(_ plan: Plan) -> GroupCall {
    var call = self
    call.absences = (
      condition == nil
        ? arguments.flatMap { $0.absences(over: plan) }
        : arguments.flatMap { $0.absences(over: plan) }.ofSomeRows, condition?.absences(over: plan) ?? []
    )
    return call
  }

  /// Whether it looks at rows behind: `lead(x)`, and `lag(x, -1)`.
  package var looksLater: Bool {
    guard case .neighbour(let isLater) = function.reach else { return false }
    if arguments.count > 1, case .int(let steps)? = arguments[1].constant, steps < 0 { return !isLater }
    return isLater
  }

  /// Where a function over rows is missing by the question itself; nil where it has a value in each.
  package var whyAbsent: String? {
    let hasDefault = arguments.count > 2 && arguments[2].constant != .missing
    return switch function.reach {
    case .neighbour: hasDefault ? nil : "\(text) has no \(looksLater ? "later" : "earlier") row"
    case .window: "the window of \(text) is not full"
    default: nil
    }
  }
}

extension Plan.Aggregate {
  /// The call that a column is a result of; nil for a key.
  fileprivate func call(ofColumn column: Int) -> GroupCall? { index(ofColumn: column).map { calls[$0] } }

  /// Why a cell of a pivot is missing: no row belongs there.
  fileprivate func absence(of column: Int) -> Absence? {
    guard let label = call(ofColumn: column)?.pivotColumn else { return nil }
    return Absence(
      why: "the pivot has no row", maker: .stage(origin, label), count: lacking[label])
  }

  fileprivate func isCount(_ column: Int) -> Bool {
    call(ofColumn: column).map { Plan.counts.contains($0.function.name) } ?? false
  }
}

extension PlanExpression {
  /// Whether a part of it goes by months, weekdays or hours.
  fileprivate var namesPeriods: Bool {
    if case .call(let call) = kind,
      ["month", "quarter", "week", "weekday", "day", "day_of_year", "hour", "is_weekend"].contains(
        call.function.name)
    {
      return true
    }
    return children.contains(where: \.namesPeriods)
  }

  /// A division of columns, perhaps times a number.
  fileprivate var isRatio: Bool {
    guard case .call(let call) = kind else { return false }
    if call.function.name == "/" { return call.arguments.allSatisfy { !$0.columns.isEmpty } }
    return ["*", "negate"].contains(call.function.name) && call.arguments.contains(where: \.isRatio)
  }
}
