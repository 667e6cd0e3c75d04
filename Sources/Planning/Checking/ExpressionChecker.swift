import Columns
import Diagnostics
import Language

/// Settles the names, functions and types of expressions. Every fault is reported to `diagnostics`; an expression
/// that has one comes back as nil, and what is made of it is not reported again.
package struct ExpressionChecker {
  /// What functions over rows may do here.
  package enum GroupMode: Sendable {
    /// Nothing: the place, for the message (`in a join condition`).
    case forbidden(String)
    /// They make the values of an `aggregate` stage; columns may only stand inside them.
    case aggregate
    /// They stand for their value over the table or the `by` group, on every row.
    case broadcast
  }

  /// What names stand for beside the columns.
  package let environment: Environment
  /// The incoming columns.
  package var scope: Scope
  /// In an `aggregate` stage, what stands outside the functions: keys and earlier items.
  package var outer: Scope
  /// What functions over rows may do in the expressions that are checked next.
  package var mode: GroupMode
  /// The functions over rows met so far; their results are the columns from `groupBase` on.
  package internal(set) var calls: [GroupCall] = []
  /// The position of the first result of `calls`.
  package var groupBase: Int
  /// The faults and warnings found so far.
  package var diagnostics: [Diagnostic] = []
  /// What the result must say of how an expression was understood.
  package var notes: [Note] = []
  /// Set when an expression used an item of its own layer.
  package var metPending = false
  /// True when an order is given, for functions that want one.
  package var hasOrder = false
  /// What is known of how a column was read from its file.
  package var remark: (@Sendable (Int) -> ColumnRemark?)?
  /// The column that holds the results of an aggregate of a stage before, by the call as it was written.
  package var madeBefore: (@Sendable (String) -> String?)?
  /// Where a column went that a stage before had, in words.
  package var whereabouts: (@Sendable (String) -> String?)?
  /// The table of a name in this pipeline.
  package var tableNamed: (@Sendable (String) -> Plan.NamedTable?)?
  /// The chain of `+` that was looked through for texts last.
  var textSumSeen: SourceRange?

  private var insideGroup = false
  private var frames: [Frame] = []
  /// How many parts of measures were checked: each use of a parameter stands for its whole argument.
  private var measureParts = 0

  /// The arguments of the measure whose body is being checked.
  private struct Frame {
    var definition: Definition
    var arguments: [String: Expression]
    var callRange: SourceRange
  }

  package init(
    environment: Environment, scope: Scope, outer: Scope = Scope(), mode: GroupMode, groupBase: Int = 0
  ) {
    self.environment = environment
    self.scope = scope
    self.outer = outer
    self.mode = mode
    self.groupBase = groupBase
  }

  /// Has what a plan knows of its columns.
  package mutating func know(_ plan: Plan) {
    remark = { plan.remark(onColumn: $0) }
    madeBefore = { call in plan.column(madeBy: call).map { plan.schema[$0].name } }
    whereabouts = { name in plan.whereabouts(of: name) }
    tableNamed = { name in plan.table(named: name) }
  }

  // MARK: Entry points

  /// The expression with names and types settled and plain parts worked out; nil where a fault was reported.
  package mutating func check(_ expression: Expression) -> PlanExpression? {
    // Only a call that is the whole expression has further results to name.
    furtherResults = []
    if let frame = frames.first, !grows(frame) { return nil }
    let checked = checkUnfolded(expression)
    if case .call = expression.kind {} else { furtherResults = [] }
    guard let checked else { return nil }
    return folded(checked)
  }

  /// Counts a part of a measure; false where measures that use each other have become too much to work out.
  private mutating func grows(_ frame: Frame) -> Bool {
    measureParts += 1
    let limit = 100_000
    if measureParts == limit {
      report(
        Diagnostic(
          "measure-size",
          "`\(frame.definition.name.text)` written out is a calculation of more than \(grouped(limit)) parts",
          at: frame.callRange,
          help: ["work parts out first, each in a column of its own: derive part = …"]))
    }
    return measureParts < limit
  }

  /// A condition: bool, or missing.
  package mutating func checkCondition(_ expression: Expression) -> PlanExpression? {
    guard let checked = check(expression) else { return nil }
    if checked.type == .bool || checked.type == .missing { return checked }
    report(CheckMessages.notACondition(checked.type, text(expression), at: expression.range))
    return nil
  }

  /// A value that is the same for all rows, now.
  package mutating func checkConstant(_ expression: Expression, _ what: String) -> Value? {
    guard let checked = check(expression) else { return nil }
    // While a script is only checked, the value of a parameter may not be known.
    if checked.isUnknown { return nil }
    if let value = checked.constant { return value }
    report(
      Diagnostic(
        "not-constant", "\(what) must be a plain value, not one that differs from row to row",
        at: expression.range))
    return nil
  }

  // MARK: Reporting

  /// Adds a fault; inside a measure it is placed in the measure's text, with the calls that led there.
  package mutating func report(_ diagnostic: Diagnostic) {
    guard let frame = frames.last else {
      diagnostics.append(diagnostic)
      return
    }
    // Inside a measure: the place is in the measure's text, and the call is named too.
    var located = diagnostic.located(in: frame.definition.source)
    for (index, frame) in frames.enumerated().reversed() {
      // The outermost call stands in the statement's own text, which whoever reports this knows.
      located.related.append(
        Diagnostic.Related(
          frame.callRange, "`\(frame.definition.name.text)` is used here",
          in: index > 0 ? frames[index - 1].definition.source : nil))
    }
    diagnostics.append(located)
  }

  /// The text of an expression, for messages.
  func text(_ expression: Expression) -> String { ExpressionText.of(expression) }

  // MARK: Dispatch

  private mutating func checkUnfolded(_ expression: Expression) -> PlanExpression? {
    let range = expression.range
    switch expression.kind {
    case .missing: return .literal(.missing, at: range)
    case .bool(let value): return .literal(.bool(value), at: range)
    case .int(let value):
      noteNumberedColumn(value, at: range)
      return .literal(.int(value), at: range)
    case .float(let value), .percent(let value): return .literal(.float(value), at: range)
    case .text(let value): return .literal(.text(value), at: range)
    case .date(let days): return .literal(.date(days), at: range)
    case .datetime(let local, let offset):
      let instant = local &- Int64(offset ?? 0) * Calendar.microsecondsPerMinute
      return .literal(.datetime(instant, offset: offset.map { Int16(clamping: $0) }), at: range)
    case .duration(let value): return .literal(.duration(value), at: range)
    case .interpolation(let parts): return checkInterpolation(parts, at: range)
    case .list(let items), .tuple(let items): return checkList(items, at: range)
    case .record(let fields): return checkRecord(fields, at: range)
    case .range(let lower, let upper): return checkRange(lower, upper, at: range)
    case .name(let name): return checkName(name)
    case .call(let name, let arguments): return checkCall(name, arguments, at: range)
    case .index(let base, let index): return checkIndex(base, index, at: range)
    case .field(let base, let name): return checkField(base, name, at: range)
    case .unary(let symbol, let operand): return checkUnary(symbol, operand, at: range)
    case .binary(let symbol, let left, let right): return checkBinary(symbol, left, right, at: range)
    case .between(let value, let lower, let upper, let negated):
      return checkBetween(value, lower, upper, negated, at: range)
    case .membership(let value, let list, let negated):
      return checkMembership(value, list, negated, at: range)
    case .isMissing(let value, let negated):
      if refusesDisguisedColumn(value) { return nil }
      guard let checked = check(value) else { return nil }
      return negate(call("is missing", [checked], .bool, at: range), if: negated, at: range)
    case .choice(let subject, let branches, let otherwise):
      return checkChoice(subject, branches, otherwise, at: range)
    case .pipeline(let pipeline): return checkPipeline(pipeline, at: range)
    case .block:
      report(
        Diagnostic(
          "block", "`{ … }` with this content means nothing here", at: range,
          help: ["a record is {name: value}, a choice is case {condition -> value, else -> value}"]))
      return nil
    case .invalid: return nil
    }
  }

  // MARK: Names

  mutating func checkName(_ name: Name) -> PlanExpression? {
    if let frame = frames.last, let argument = frame.arguments[name.text], !name.isQuoted {
      // A measure's parameter: its argument, as the statement sees it that called the outermost measure. Parameters
      // of measures between were replaced when these were called.
      let enclosing = frames
      frames = []
      defer { frames = enclosing }
      return check(argument)
    }
    if frames.isEmpty || insideArgument {
      switch checkColumn(name) {
      case .some(let result): return result
      case .none: break
      }
    }
    if let value = checkBinding(name) { return value.expression }
    let before = diagnostics.count
    if let field = checkDottedField(name) { return field }
    if diagnostics.count == before { reportUnknown(name) }
    return nil
  }

  /// Measures see no columns, but their arguments do: those are checked with the frame taken off.
  private var insideArgument: Bool { frames.isEmpty }

  /// The column of a name; nil when there is none, `.some(nil)` when it was reported.
  private mutating func checkColumn(_ name: Name) -> PlanExpression?? {
    let usesOuter: Bool
    if case .aggregate = mode, !insideGroup { usesOuter = true } else { usesOuter = false }
    switch (usesOuter ? outer : scope).find(name.text) {
    case .found(let column):
      if isValueBesideLikeColumn(name, column) { return nil }
      noteHiding(name, column)
      switch column.entry {
      case .expression(var expression):
        expression.range = name.range
        return .some(expression)
      case .invalid: return .some(nil)
      case .pending:
        metPending = true
        return .some(nil)
      }
    case .ambiguous(let matches):
      report(CheckMessages.ambiguousColumn(name.text, matches, at: name.range))
      return .some(nil)
    case .none: break
    }
    if usesOuter, case .found(let column) = scope.find(name.text), case .expression(let inner) = column.entry
    {
      if environment.binding(name.text) != nil { return nil }
      report(
        CheckMessages.outsideAggregate(
          CheckMessages.quoted(column.name), type: inner.type, at: name.range))
      return .some(nil)
    }
    return nil
  }

  /// A param or let is written exactly like this, and the column is not: the value is meant.
  private mutating func isValueBesideLikeColumn(_ name: Name, _ column: Scope.Column) -> Bool {
    if column.name == name.text { return false }
    switch environment.bindings[name.text] {
    case .value, .unknown: break
    default: return false
    }
    note("`\(name.text)` here is the let or param; the column is `\(column.name)`", name)
    return true
  }

  /// `2025 - 2024` behind a pivot by year.
  private mutating func noteNumberedColumn(_ value: Int64, at range: SourceRange) {
    let text = String(value)
    guard frames.isEmpty, case .found(let column) = scope.find(text), column.name == text else { return }
    note(
      "\(text) here is the number; the column of that name is written `\(text)`, in backticks",
      Name(text, at: range))
  }

  private mutating func note(_ message: String, _ name: Name) {
    if !notes.contains(where: { $0.message == message }) {
      notes.append(Note(.fact, message, subject: name.text, at: name.range))
    }
  }

  private mutating func noteHiding(_ name: Name, _ column: Scope.Column) {
    guard let binding = environment.bindings[name.text], column.name == name.text else { return }
    switch binding {
    case .value, .unknown:
      note("`\(name.text)` here is the column; a let or param of that name is hidden by it", name)
    default: break
    }
  }

  /// A value bound to a name; `expression` is nil inside when it was reported.
  private mutating func checkBinding(_ name: Name) -> (expression: PlanExpression?, Void)? {
    guard let (_, binding) = environment.binding(name.text) else {
      if let function = environment.catalogue.function(name.text), scope.columns.isEmpty || name.text == "now"
      {
        report(
          Diagnostic(
            "function-without-brackets", "`\(name.text)` is a function and wants brackets", at: name.range,
            help: ["write \(function.usage.first ?? name.text + "()")"],
            fix: Diagnostic.Fix(name.range, "\(name.text)()")))
        return (nil, ())
      }
      return nil
    }
    switch binding {
    case .value(let value, let type):
      return (PlanExpression(.literal(value), type, at: name.range), ())
    case .unknown(let type): return (unknownValue(type, at: name.range), ())
    case .unknownTable: return (unknownValue(.missing, at: name.range), ())
    case .table(let source): return (tableCell(source, name), ())
    case .definition(let definition):
      if !definition.parameters.isEmpty {
        report(
          Diagnostic(
            "measure-arguments", "`\(name.text)` is a measure with parameters", at: name.range,
            help: ["write \(name.text)(\(definition.parameters.map(\.text).joined(separator: ", ")))"]))
        return (nil, ())
      }
      return (checkMeasure(definition, [], at: name.range), ())
    }
  }

  func unknownValue(_ type: DataType, at range: SourceRange) -> PlanExpression {
    var value = PlanExpression(.literal(.missing), type, at: range)
    value.isUnknown = true
    return value
  }

  /// A table that stands where a value is wanted: it must have one column; its one cell is read.
  private mutating func tableCell(_ source: any TableSource, _ name: Name) -> PlanExpression? {
    guard source.schema.count == 1 else {
      report(
        Diagnostic(
          "table-as-value",
          "`\(name.text)` is a table of \(counted(source.schema.count, "column")); a value is wanted",
          at: name.range,
          help: ["only a table of one cell can stand for a value; try \(name.text).column after `in`"]))
      return nil
    }
    if let rows = source.knownRowCount, rows > 1 {
      report(CheckMessages.severalRowsAsValue(name.text, rows, column: source.schema[0].name, at: name.range))
      return nil
    }
    let origin = StageOrigin(range: name.range, verb: "from", index: 0)
    let plan = Plan.scanning(source, origin: origin)
    var cell = PlanExpression(
      .cell(PlanExpression.Subquery(plan, at: name.range)), source.schema[0].type, at: name.range)
    cell.isPercentage = source.schema[0].isPercentage
    return cell
  }

  /// `a.b` where `a` is a record column; a list of records is told of.
  private mutating func checkDottedField(_ name: Name) -> PlanExpression? {
    guard !name.isQuoted, let dot = name.text.lastIndex(of: "."), dot > name.text.startIndex else {
      return nil
    }
    let base = Name(String(name.text[..<dot]), at: name.range)
    let last = Name(String(name.text[name.text.index(after: dot)...]), at: name.range)
    let known: PlanExpression?
    switch checkColumn(base) {
    case .some(let found): known = found
    case .none:
      if case .value? = environment.binding(base.text)?.binding {
        known = checkBinding(base)?.expression
      } else {
        known = checkDottedField(base)
      }
    }
    switch known?.type {
    case .record, .list: return known.flatMap { field(of: $0, last) }
    default: return nil
    }
  }

  /// `w.`Visit ID`` as one name, where it is that of a column or its beginning that of no value.
  func joinedName(_ base: Expression, _ name: Name, at range: SourceRange) -> Name? {
    guard frames.isEmpty, case .name(let table) = base.kind, !base.isParenthesized else { return nil }
    let whole = Name("\(table.text).\(name.text)", at: range)
    func isKnown(_ text: String) -> Bool {
      for scope in [scope, outer] { if case .none = scope.find(text) { continue } else { return true } }
      return false
    }
    if isKnown(whole.text) { return whole }
    if isKnown(table.text) { return nil }
    switch environment.binding(table.text)?.binding {
    case nil, .table, .unknownTable: return whole
    case .value, .unknown, .definition: return nil
    }
  }

  /// A column of numbers or times that are text, ordered or compared by more and less: "10" comes before "9" then.
  mutating func noteLetterOrder(_ operands: [PlanExpression], at range: SourceRange) {
    for operand in operands where operand.type == .text {
      guard case .column(let index, let name) = operand.kind,
        let note = remark?(index)?.letterOrder(of: name, at: range), !notes.contains(note)
      else { continue }
      notes.append(note)
    }
  }

  /// An expression as it may be written again: a name with blanks or signs in backticks.
  func written(_ expression: Expression) -> String {
    ExpressionText.code(expression)
  }

  /// A fault of types, with what the reader of the file knows of the column: it saw its cells.
  func remarked(_ fault: Diagnostic, _ operands: [PlanExpression]) -> Diagnostic {
    for operand in operands where operand.type == .text {
      guard case .column(let index, _) = operand.kind, let remark = remark?(index) else { continue }
      var copy = fault
      copy.help = ["when the file was read: " + remark.message]
      if remark.isConvertible { copy.help += fault.help.prefix(1) }
      return copy
    }
    return fault
  }

  /// `admitted.month`, `admitted.dt.month`: the function of that name around the column; nil for anything else.
  private func method(of name: Name) -> String? {
    let parts = name.text.split(separator: ".").map(String.init)
    guard !name.isQuoted, let base = parts.first, let last = parts.last,
      parts.count == 2 || parts.count == 3 && ["dt", "str"].contains(parts[1]),
      case .found(let column) = scope.find(base), let function = environment.catalogue.function(last),
      function.category != .operators
    else { return nil }
    var inner = self
    guard
      let type = inner.check(
        Expression(.name(Name(column.name, at: name.range, isQuoted: true)), at: name.range))?
        .type,
      function.signatures.contains(where: { signature in
        guard let first = signature.parameters.first, first.type.accepts(type) else { return false }
        return signature.parameters.dropFirst().allSatisfy { $0.defaultValue != nil }
      })
    else { return nil }
    return "\(function.name)(\(CheckMessages.quoted(column.name)))"
  }

  private mutating func reportUnknown(_ name: Name) {
    if insideGroup, case .aggregate = mode, case .found(let made) = outer.find(name.text) {
      report(CheckMessages.madeHere(CheckMessages.quoted(made.name), at: name.range))
      return
    }
    var known = scope.names
    // A key of the groups stands in both.
    if case .aggregate = mode, !insideGroup { known += outer.names.filter { !known.contains($0) } }
    if let frame = frames.last { known = frame.arguments.keys.sorted() }
    let values = environment.bindings.compactMap { entry -> String? in
      if case .table = entry.value { nil } else { entry.key }
    }
    var diagnostic = CheckMessages.unknownColumn(
      name.text, at: name.range, known: known, values: values.sorted())
    if let gone = whereabouts?(name.text) {
      diagnostic.help = [gone]
      diagnostic.fix = nil
    } else if let meant = ForeignHabits.name(name.text), !name.isQuoted {
      diagnostic.help = ["write \(meant)"]
      diagnostic.fix = Diagnostic.Fix(name.range, meant)
    } else if let table = environment.table(name.text), table.source.schema.count > 1 {
      diagnostic = Diagnostic(
        "table-as-value", "`\(name.text)` is a table, and a value is wanted here", at: name.range,
        help: ["to look a value up in it: x in \(name.text).column, or join it with `join \(name.text) on …`"]
      )
    } else if scope.columns.isEmpty, let dot = name.text.firstIndex(of: "."),
      let table = environment.table(String(name.text[..<dot]))
    {
      let column = String(name.text[name.text.index(after: dot)...])
      diagnostic = CheckMessages.columnOfTable(name.text, table.name, "select \(column)", at: name.range)
    } else if let meant = method(of: name) {
      diagnostic.help = ["write \(meant)"]
      diagnostic.fix = Diagnostic.Fix(name.range, meant)
    } else if let last = name.text.split(separator: ".").last.map(String.init), last != name.text,
      case .found = scope.find(last)
    {
      let table = String(name.text.prefix(while: { $0 != "." }))
      let meant = tellColumn(last, of: table, &diagnostic)
      diagnostic.fix = meant.map { Diagnostic.Fix(name.range, $0) }
    } else if diagnostic.fix == nil, let function = environment.catalogue.function(name.text),
      function.category != .operators, !name.isQuoted
    {
      diagnostic.help = ["`\(name.text)` is a function: write \(function.usage.first ?? name.text + "(x)")"]
      if ["week", "month", "quarter", "year"].contains(function.name) {
        diagnostic.help.append("days by \(function.name): start_of(x, \(function.name))")
      }
    } else if known.isEmpty, values.isEmpty, scope.columns.isEmpty {
      diagnostic = Diagnostic(
        "unknown-name", "there is no value `\(name.text)`", at: name.range,
        help: ["text stands in quotes: \"\(name.text)\"; a value is made with `let \(name.text) = …`"])
    } else if diagnostic.fix == nil, !scope.columns.isEmpty, let table = tableWithColumn(name.text) {
      diagnostic.help.append(
        "`\(table.name)` has a column \(CheckMessages.quoted(name.text)): join \(table.name) on \(table.key) brings it in"
      )
    } else if diagnostic.fix == nil, !scope.columns.isEmpty {
      diagnostic.help.append("if it is a text value, write it in quotes: \"\(name.text)\"")
    }
    report(diagnostic)
  }

  /// `id`, `patient_id`, `PatientID`: not `paid`.
  static func isIdentifier(_ name: String) -> Bool {
    name.lowercased() == "id" || ["_id", " id", "Id", "ID"].contains(where: name.hasSuffix)
  }

  /// A table that has a column of this name, and another one that the rows have, too.
  private func tableWithColumn(_ name: String) -> (name: String, key: String)? {
    let here = scope.names
    return environment.tableNames.lazy.compactMap { other -> (name: String, key: String)? in
      guard let table = environment.table(other), table.source.schema.index(of: name) != nil else {
        return nil
      }
      let shared = table.source.schema.names.filter(here.contains)
      guard let key = shared.first(where: Self.isIdentifier) else {
        return nil
      }
      return (other, CheckMessages.quoted(key))
    }.first
  }

  /// `patients.sex` where a column is called `sex`: says whose it is, and gives the name of the one that is meant.
  private func tellColumn(_ last: String, of table: String, _ diagnostic: inout Diagnostic) -> String? {
    let column = CheckMessages.quoted(last)
    func merged(with joined: String) -> String {
      "a join on \(last) makes one \(last) of both sides'; on \(last) == \(joined).\(last) keeps both"
    }
    diagnostic.help = ["the column is called \(column) here"]
    switch tableNamed?(table) {
    case .joined(let columns, let alias) where alias != table && columns.contains(last):
      diagnostic.help = ["`\(table)` is called `\(alias)` in this pipeline: write \(alias).\(column)"]
      return "\(alias).\(column)"
    case .joined(let columns, _) where !columns.contains(last):
      diagnostic.help = [
        "`\(table)` has no column \(column); \(column) here is of the other side",
        "columns of \(table): \(Spelling.few(columns.map(CheckMessages.quoted)))",
      ]
      return nil
    case .joined: diagnostic.help.append(merged(with: table))
    case .source(let joined):
      if let joined, joined.columns.contains(last) { diagnostic.help.append(merged(with: joined.name)) }
    case nil where environment.table(table) != nil:
      diagnostic.help = [
        "`\(table)` is not joined here, and \(column) is a column of the rows as they are",
        "a column of another table comes by join \(table) on …",
      ]
      return nil
    case nil: diagnostic.help.append("there is no table \(table): tables lists those that are loaded")
    }
    return column
  }

  // MARK: Measures

  /// The body of a measure with the arguments in place of its parameters; nil where a fault was reported.
  package mutating func checkMeasure(
    _ definition: Definition, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> PlanExpression? {
    guard arguments.count == definition.parameters.count else {
      report(
        Diagnostic(
          "measure-arguments",
          "`\(definition.name.text)` takes \(counted(definition.parameters.count, "argument")), \(arguments.count) given",
          at: range,
          help: [
            "write \(definition.name.text)(\(definition.parameters.map(\.text).joined(separator: ", ")))"
          ]))
      return nil
    }
    if frames.contains(where: { $0.definition.name.text == definition.name.text }) {
      report(Diagnostic("recursion", "`\(definition.name.text)` uses itself", at: range))
      return nil
    }
    var named: [String: Expression] = [:]
    for (parameter, argument) in zip(definition.parameters, arguments) {
      named[parameter.text] = argument.value
    }
    // Arguments that mention the parameters of an enclosing measure are replaced by what those stand for.
    if let frame = frames.last {
      for (key, value) in named { named[key] = value.replacingNames(frame.arguments) }
    }
    frames.append(Frame(definition: definition, arguments: named, callRange: range))
    defer { frames.removeLast() }
    let before = calls.count
    guard var result = check(definition.body) else { return nil }
    result.range = range
    // The outermost call is in the statement's text, and what its values do wrong is told there.
    if frames.count == 1 {
      for index in before..<calls.count {
        calls[index] = calls[index].mapExpressions { $0.placed(at: range) }
        calls[index].range = range
      }
      result = result.placed(at: range)
    }
    return result
  }

  /// How many measures within each other are spelled out in what is told of them: each use of a parameter is written.
  private static let spelledFrames = 3

  /// An expression of a measure's body with the arguments in place of the parameters, as notes tell of it.
  func spelledOut(_ expression: Expression) -> Expression {
    guard let frame = frames.last, frames.count <= Self.spelledFrames else { return expression }
    return expression.replacingNames(frame.arguments)
  }

  // MARK: Groups

  /// Checks arguments of a function over rows: inside, names are incoming columns.
  mutating func insideGroup<Result>(_ body: (inout ExpressionChecker) -> Result) -> Result {
    insideGroup = true
    defer { insideGroup = false }
    return body(&self)
  }

  var isInsideGroup: Bool { insideGroup }

  /// The result columns of a function over rows, the same ones for the same call.
  mutating func collect(_ groupCall: GroupCall) -> [PlanExpression] {
    var position = groupBase
    let description = groupCall.description
    for known in calls {
      if known.mayEqual(groupCall), known.description == description {
        return results(of: known, at: position)
      }
      position += known.types.count
    }
    calls.append(groupCall)
    return results(of: groupCall, at: position)
  }

  private func results(of groupCall: GroupCall, at position: Int) -> [PlanExpression] {
    groupCall.types.enumerated().map { index, type in
      var result = PlanExpression(
        .column(position + index, name: groupCall.text), type, at: groupCall.range)
      result.isPercentage = groupCall.function.name == "percent"
      return result
    }
  }

  /// Begins a new layer: the functions over rows met so far are somebody else's.
  package mutating func forgetCalls() { calls = [] }

  /// Further results of the last call of several results.
  package var furtherResults: [PlanExpression] = []
}

extension ExpressionChecker {
  /// Goes on with the functions over rows that expressions of the same layer have met.
  package mutating func resume(_ known: [GroupCall]) { calls = known }
}
