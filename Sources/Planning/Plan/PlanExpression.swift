import Columns
import Diagnostics

/// An expression whose names, functions and types are settled.
package struct PlanExpression: Sendable {
  /// What makes the value.
  package indirect enum Kind: Sendable {
    /// A column of the input, by position.
    case column(Int, name: String)
    case literal(Value)
    case call(Call)
    /// `case` and `if`: the first condition that is not false decides.
    case choice(
      [(condition: PlanExpression, value: PlanExpression)], otherwise: PlanExpression?, form: ChoiceForm)
    /// A field of a record, by position.
    case field(PlanExpression, Int, name: String)
    /// The one cell of a pipeline (no row gives missing), or all known cells of its only column as a list.
    case cell(Subquery)
  }

  package var kind: Kind
  /// The type of each row's value.
  package var type: DataType
  /// Its place in the text; empty at 0 where nobody wrote it.
  package var range: SourceRange
  /// Made by `percent` or `count`: it runs from 0 to 100.
  package var isPercentage = false
  /// A literal `missing` in place of a value that only a run will know, or what was worked out from one.
  package var isUnknown = false

  package init(_ kind: Kind, _ type: DataType, at range: SourceRange) {
    self.kind = kind
    self.type = type
    self.range = range
  }

  /// How a choice was written, for notes.
  package struct ChoiceForm: Sendable {
    /// Written as `if(…)`, not as `case {…}`.
    package var isIf: Bool
    /// It by its beginning: `if(age > 65, …)`, `case sex {…}`.
    package var told: String

    package init(isIf: Bool, told: String) {
      self.isIf = isIf
      self.told = told
    }
  }

  /// A call of a function on rows; a class, so that what a run remembers of it can be kept by identity.
  package final class Call: Sendable {
    package let function: Function
    /// One for each parameter, defaults filled in.
    package let arguments: [PlanExpression]
    package let range: SourceRange
    /// The same number on calls of one stage that give the same (set by the optimiser).
    package let share: Int?
    /// The column of a pivot that the call was made for, of several from one place in the text.
    package let pivotColumn: String?
    /// One of the further results of a call, which tells for all of them.
    package let isFurther: Bool

    package init(
      _ function: Function, _ arguments: [PlanExpression], at range: SourceRange, share: Int? = nil,
      pivotColumn: String? = nil, isFurther: Bool = false
    ) {
      self.function = function
      self.arguments = arguments
      self.range = range
      self.share = share
      self.pivotColumn = pivotColumn
      self.isFurther = isFurther
    }

    /// The same call but for what is given.
    package func with(
      _ arguments: [PlanExpression]? = nil, at range: SourceRange? = nil, share: Int? = nil,
      pivotColumn: String? = nil
    ) -> Call {
      Call(
        function, arguments ?? self.arguments, at: range ?? self.range, share: share ?? self.share,
        pivotColumn: pivotColumn ?? self.pivotColumn, isFurther: isFurther)
    }
  }

  /// A pipeline inside an expression; run once before the query that holds it.
  package final class Subquery: Sendable {
    /// A plan of one column.
    package let plan: Plan
    /// All known values of the only column, for `in`, instead of one cell.
    package let asList: Bool
    package let range: SourceRange

    package init(_ plan: Plan, asList: Bool = false, at range: SourceRange) {
      self.plan = plan
      self.asList = asList
      self.range = range
    }
  }

  package static func literal(_ value: Value, at range: SourceRange = SourceRange(0, 0)) -> PlanExpression {
    PlanExpression(.literal(value), value.type, at: range)
  }

  /// A column of the input at a position, with what is known of its field.
  package static func column(_ index: Int, _ field: Field, at range: SourceRange) -> PlanExpression {
    var column = PlanExpression(.column(index, name: field.name), field.type, at: range)
    column.isPercentage = field.isPercentage
    return column
  }

  /// It is a column as it stands.
  package var isColumn: Bool { if case .column = kind { true } else { false } }

  /// The value when it is the same for every row and known now.
  package var constant: Value? {
    if case .literal(let value) = kind { value } else { nil }
  }

  /// Arguments, conditions and values, or the record of a field; the plan of a subquery is none.
  package var children: [PlanExpression] {
    switch kind {
    case .column, .literal, .cell: []
    case .call(let call): call.arguments
    case .choice(let branches, let otherwise, _):
      branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? [])
    case .field(let base, _, _): [base]
    }
  }

  /// The same with every child replaced.
  package func mapChildren(_ transform: (PlanExpression) -> PlanExpression) -> PlanExpression {
    let newKind: Kind
    switch kind {
    case .column, .literal, .cell: return self
    case .call(let call):
      newKind = .call(call.with(call.arguments.map(transform)))
    case .choice(let branches, let otherwise, let form):
      newKind = .choice(
        branches.map { (condition: transform($0.condition), value: transform($0.value)) },
        otherwise: otherwise.map(transform), form: form)
    case .field(let base, let index, let name): newKind = .field(transform(base), index, name: name)
    }
    return PlanExpression(newKind, type, at: range)
  }

  /// The same with each call made for a column of a pivot.
  package func made(forPivotColumn name: String) -> PlanExpression {
    var copy = mapChildren { $0.made(forPivotColumn: name) }
    if case .call(let call) = copy.kind { copy.kind = .call(call.with(pivotColumn: name)) }
    return copy
  }

  /// Positions of all columns that the expression reads.
  package var columns: Set<Int> {
    if case .column(let index, _) = kind { return [index] }
    return children.reduce(into: []) { $0.formUnion($1.columns) }
  }

  /// Names of all columns that the expression reads, in order of appearance, each once.
  package var columnNames: [String] {
    if case .column(_, let name) = kind { return [name] }
    var names: [String] = []
    for name in children.flatMap(\.columnNames) where !names.contains(name) { names.append(name) }
    return names
  }

  /// The parts of which a missing value makes it missing: not what `is missing` and `??` ask about.
  package var partsThatMakeMissing: [PlanExpression] {
    guard case .call(let call) = kind else { return children }
    if call.function.name == "is missing" { return [] }
    return call.function.saysWhatMissingBecomes ? Array(call.arguments.dropFirst()) : children
  }

  /// The columns whose missing values make it missing.
  package var columnsThatMakeMissing: Set<Int> {
    var found: Set<Int> = []
    var rest = [self]
    while let next = rest.popLast() {
      if case .column(let index, _) = next.kind { found.insert(index) }
      rest += next.partsThatMakeMissing
    }
    return found
  }

  /// `a and b and c` as its parts; itself where it is no `and`.
  package var conjuncts: [PlanExpression] {
    var found: [PlanExpression] = []
    // Not by calling itself: a chain of thousands nests deeper than a worker's stack.
    var rest = [self]
    while let next = rest.popLast() {
      if case .call(let call) = next.kind, call.function.name == "and" {
        rest += call.arguments.reversed()
      } else {
        found.append(next)
      }
    }
    return found
  }

  /// The same with columns renumbered.
  package func remapped(_ map: (Int) -> Int) -> PlanExpression {
    if case .column(let index, let name) = kind {
      return PlanExpression(.column(map(index), name: name), type, at: range)
    }
    if children.isEmpty { return self }
    return mapChildren { $0.remapped(map) }
  }

  /// The same with each column replaced by an expression; a column that takes the place of one keeps that one's name,
  /// by which notes tell of it.
  package func substituting(_ expressions: [PlanExpression]) -> PlanExpression {
    if case .column(let index, let name) = kind {
      let made = expressions[index]
      guard case .column(let place, _) = made.kind else { return made }
      return PlanExpression(.column(place, name: name), made.type, at: made.range)
    }
    if children.isEmpty { return self }
    return mapChildren { $0.substituting(expressions) }
  }

  /// The subqueries in it, not those in the plans of these.
  package var subqueries: [Subquery] {
    switch kind {
    case .cell(let subquery): [subquery]
    default: children.flatMap(\.subqueries)
    }
  }
}

extension PlanExpression: CustomStringConvertible {
  /// For `explain` and for telling equal expressions: the expression in the language's own words.
  package var description: String {
    switch kind {
    case .column(let index, let name): "\(name)#\(index)"
    case .literal(let value): PlanExpression.text(of: value)
    case .call(let call): call.description
    case .choice(let branches, let otherwise, _):
      "case {"
        + (branches.map { "\($0.condition) -> \($0.value)" } + (otherwise.map { ["else -> \($0)"] } ?? []))
        .joined(separator: ", ") + "}"
    case .field(let base, _, let name): "\(base).\(name)"
    case .cell(let subquery): "(pipeline@\(subquery.range.lower))"
    }
  }

  /// A value as `description` writes it, text in quotes.
  package static func text(of value: Value) -> String {
    switch value {
    case .missing: "missing"
    case .int(let value): String(value)
    case .float(let value): String(value)
    case .bool(let value): String(value)
    case .text(let value): "\"\(value)\""
    case .date(let days): Calendar.text(days: days)
    case .datetime(let instant, let offset): Calendar.text(microseconds: instant, offset: offset)
    case .duration(let value): Calendar.text(duration: value)
    case .list(let values): "[" + values.map { text(of: $0) }.joined(separator: ", ") + "]"
    case .record(let fields):
      "{" + fields.map { "\($0.name): \(text(of: $0.value))" }.joined(separator: ", ") + "}"
    }
  }
}

extension PlanExpression.Call: CustomStringConvertible {
  package var description: String { plain + (share.map { "@\($0)" } ?? "") }

  private var plain: String {
    let name = function.name
    if function.category == .operators {
      if arguments.count == 2 { return "(\(arguments[0]) \(name) \(arguments[1]))" }
      if arguments.count == 1 { return "(\(name) \(arguments[0]))" }
    }
    return "\(name)(\(arguments.map(\.description).joined(separator: ", ")))"
  }
}

/// An aggregate or window function over rows, with its `where:`.
package struct GroupCall: Sendable {
  package var function: Function
  package var arguments: [PlanExpression]
  /// What must be true of the rows that count (`where:`); nil where all do.
  package var condition: PlanExpression?
  /// The type of each result.
  package var types: [DataType]
  package var range: SourceRange
  /// The call as written, for notes; and in it what stands in front of `where:`, and behind it.
  package var text: String
  /// The arguments as written, with commas between them.
  package var argumentText: String
  /// What is written behind `where:`; nil where nothing is.
  package var conditionText: String?
  /// The column of a pivot that the call is for, and the condition that was written for the call itself.
  package var pivotColumn: String?
  /// What was written behind `where:`, without the test for the pivot's column; nil where nothing was.
  package var ownCondition: PlanExpression?
  /// A call that this one is divided by, or that is divided by it.
  package var ratio: Ratio?
  /// Why what it takes, and what its condition goes by, may be missing by the question itself.
  package var absences: (ofArguments: [Absence], ofCondition: [Absence]) = ([], [])
  /// Nobody wrote it: what it counts is told and no part of the result.
  package enum Tally: Sendable, Equatable {
    /// The rows of a pivot's cells, so that those without any can be told.
    case rows
    /// The groups whose first or last row is one of several with equal sort keys.
    case edgeTies(isLast: Bool)
  }

  /// What a call that nobody wrote counts; nil for the others.
  package var tally: Tally?

  package init(
    function: Function, arguments: [PlanExpression], condition: PlanExpression?, types: [DataType],
    range: SourceRange, text: String, argumentText: String, conditionText: String?
  ) {
    self.text = text
    self.argumentText = argumentText
    self.conditionText = conditionText
    self.function = function
    self.arguments = arguments
    self.condition = condition
    self.types = types
    self.range = range
  }

  /// For `first` and `last`: what counts the groups in which it is by chance which row that is.
  ///
  /// - Parameter keys: what somebody sorted the rows by; where nobody did, something else is told.
  package func edgeTies(sortedBy keys: [PlanExpression], groupedBy groups: [PlanExpression]) -> GroupCall? {
    guard case .edge(let isLast) = function.reach, !keys.isEmpty else { return nil }
    // What is the same in all of the group, or in all rows of equal keys, is no matter of chance.
    let same = Set((keys + groups).map(\.description))
    if arguments.allSatisfy({ same.contains($0.description) }) { return nil }
    var copy = self
    copy.function = Function(
      isLast ? "last_ties" : "first_ties", .aggregates, "Counts groups that are tied at an edge.", [],
      examples: [], .aggregate(isLast ? Aggregates.lastTies : Aggregates.firstTies))
    copy.arguments += keys
    copy.types = [.int]
    copy.tally = .edgeTies(isLast: isLast)
    return copy
  }

  /// Whether it takes the value of the first or last row.
  package var isOfEdge: Bool { if case .edge = function.reach { true } else { false } }

  package var description: String {
    let parts = arguments.map(\.description) + (condition.map { ["where: \($0)"] } ?? [])
    return "\(function.name)(\(parts.joined(separator: ", ")))"
  }

  /// False where a glance tells two calls apart, before their descriptions are made.
  func mayEqual(_ other: GroupCall) -> Bool {
    guard function.name == other.function.name, arguments.count == other.arguments.count else { return false }
    if case .column(let one, _)? = arguments.first?.kind,
      case .column(let two, _)? = other.arguments.first?.kind
    {
      return one == two
    }
    return true
  }

  func mapExpressions(_ transform: (PlanExpression) -> PlanExpression) -> GroupCall {
    var copy = self
    copy.arguments = arguments.map(transform)
    copy.condition = condition.map(transform)
    copy.ratio?.otherArgument = ratio?.otherArgument.map(transform)
    return copy
  }

  /// The positions of the input's columns that it reads.
  package var columns: Set<Int> {
    (arguments + (condition.map { [$0] } ?? [])).reduce(into: []) { $0.formUnion($1.columns) }
  }
}

/// One key of an order.
package struct OrderItem: Sendable {
  package var expression: PlanExpression
  /// The greatest comes first; missing comes last either way.
  package var descending: Bool
  package init(_ expression: PlanExpression, descending: Bool) {
    self.expression = expression
    self.descending = descending
  }
}

extension Function {
  /// Whether the arguments after the first matter only in some rows: `false and …`, `true or …`, `known ?? …`.
  package var guardsLaterArguments: Bool { name == "and" || name == "or" || name == "??" }
}
