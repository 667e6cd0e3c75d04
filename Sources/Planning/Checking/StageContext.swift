import Columns
import Diagnostics
import Language

/// What a verb works with while it turns a stage into plan nodes: the plan so far, names, and a place for faults.
package struct StageContext {
  package let environment: Environment
  /// The plan that the stage stands on.
  package var plan: Plan {
    didSet { madeScope = nil }
  }
  /// The names of the plan's columns, once somebody wanted them: a stage may name thousands of columns.
  private var madeScope: Scope?
  /// The stage that is lowered, for the nodes made of it.
  package var origin: StageOrigin
  /// The faults and warnings of the stage so far.
  package var diagnostics: [Diagnostic] = []
  /// Places of which a fault has told all: what is wrong with their parts follows from it.
  private var toldRanges: [SourceRange] = []
  /// What the result must say of how the stage was understood.
  package var notes: [Note] = []

  package init(environment: Environment, plan: Plan, origin: StageOrigin) {
    self.environment = environment
    self.plan = plan
    self.origin = origin
  }

  /// The columns of the plan that the stage stands on.
  package var schema: Schema { plan.schema }

  package mutating func report(_ diagnostic: Diagnostic) {
    if !isTold(diagnostic) { diagnostics.append(diagnostic) }
  }

  /// Whether a fault of a greater place has told all that there is to say of one.
  private func isTold(_ fault: Diagnostic) -> Bool {
    guard let range = fault.range else { return false }
    return toldRanges.contains { $0.lower <= range.lower && range.upper <= $0.upper }
  }

  /// Whether no column goes by a name.
  package func lacks(_ name: String) -> Bool {
    if case .none = Scope(schema).find(name) { true } else { false }
  }

  package mutating func report(
    _ code: String, _ message: String, at range: SourceRange, help: [String] = [], fix: Diagnostic.Fix? = nil
  ) {
    report(Diagnostic(code, message, at: range, help: help, fix: fix))
  }

  /// A checker over the present columns.
  package func checker(_ mode: ExpressionChecker.GroupMode) -> ExpressionChecker {
    var checker = ExpressionChecker(
      environment: environment, scope: madeScope ?? Scope(schema), mode: mode, groupBase: schema.count)
    checker.know(plan)
    return checker
  }

  /// Whether a function of the stage works over several rows: `by` and `sort` are for these.
  package var worksOverRows = false

  /// Keeps the names of the columns for the checkers that follow.
  private mutating func keepScope() { if madeScope == nil { madeScope = Scope(schema) } }

  /// Takes over what a checker found.
  package mutating func absorb(_ checker: ExpressionChecker) {
    diagnostics += checker.diagnostics.filter { !isTold($0) }
    for note in checker.notes where !notes.contains(note) { notes.append(note) }
  }

  // MARK: Reading parts of a call

  /// The expression of an item where no name is wanted: with `=` read as a comparison.
  package mutating func plain(_ item: Item) -> Expression {
    diagnostics += item.conditionFaults
    return item.condition ?? item.value
  }

  /// Reports the first group of a call that the verb has no use for; what stands behind it is part of the same fault.
  package mutating func refuseRest(_ groups: some Sequence<Group>, _ call: VerbCall) {
    if let group = groups.first(where: { _ in true }) {
      let text = group.items.first.map { ExpressionText.of($0.value) } ?? ""
      let spaced = spacedName(group, call)
      if let spaced, spaced.isKnown {
        report(CheckMessages.spacedName(spaced.text, isKnown: true, at: spaced.range))
        return
      }
      if let word = group.bareWord?.text, let meant = foreignInfix(word, group, call) {
        report(
          "foreign-word", "`\(word)` does not stand between values here", at: group.range, help: [meant])
        return
      }
      if let number = spacedNumber(group, call) {
        report(CheckMessages.spacedNumber(number.text, at: number.range))
        return
      }
      if let fault = spacedText(group, call) ?? spacedNewName(group, call) ?? offset(group, call) {
        report(fault)
        // What the words are one by one has nothing to say.
        if let range = fault.range { toldRanges.append(range) }
        return
      }
      if let range = dottedDate(group, call) {
        report(CheckMessages.dottedDate(at: range))
        return
      }
      if let spaced {
        report(CheckMessages.spacedName(spaced.text, isKnown: false, at: spaced.range))
        return
      }
      var help = ["write \(call.verb.forms.joined(separator: "  or  "))"]
      if let word = group.bareWord?.text {
        if environment.catalogue.verb(word) != nil {
          help.insert("a new stage begins with |: `| \(rest(from: group, call) ?? word + " …")`", at: 0)
        } else if let near = Suggestion.nearest(to: word, among: call.verb.clauses.map(\.word)) {
          help.insert("did you mean `\(near)`?", at: 0)
        }
      }
      if call.verb.name == "aggregate", case .call(let name, _)? = group.items.first?.value.kind,
        environment.catalogue.function(name.text)?.isAggregate == true, !call.items("by").isEmpty
      {
        let before = call.items("by").filter { $0.range.lower < group.range.lower }
        let keys = Group(items: before, range: call.range).ordered
        help = ["what is made stands before its groups: aggregate \(group.written) by \(keys)"]
      }
      if call.verb.name == "describe" {
        help = [
          "of some columns: select \(call.stage.groups.map(\.written).joined(separator: ", ")) | describe"
        ]
      }
      if case .unary(.minus, _)? = group.items.first?.value.kind {
        help.insert("for a subtraction put a blank on both sides of `-`, or on neither", at: 0)
      }
      report("unexpected", "`\(call.verb.name)` does not expect `\(text)` here", at: group.range, help: help)
    }
  }

  /// `department == General Medicine`: a text of several words without its quotes.
  private func spacedText(_ group: Group, _ call: VerbCall) -> Diagnostic? {
    guard call.verb.name == "filter",
      let index = call.place(of: group), index > 0,
      let item = call.stage.groups[index - 1].items.last,
      case .binary(let sign, let left, let right) = (item.condition ?? item.value).kind, sign.isComparison,
      case .name(let first) = right.kind, case .none = Scope(schema).find(first.text),
      environment.binding(first.text) == nil
    else { return nil }
    if let month = month(first, group, left, sign) { return month }
    var words = [first]
    for group in call.stage.groups[index...] {
      guard let word = group.bareWord, !isOfLanguage(word.text) else { break }
      words.append(word)
    }
    guard words.count > 1, let last = words.last else { return nil }
    let text = "\"\(words.map(\.text).joined(separator: " "))\""
    return Diagnostic(
      "spaced-text", "a text of several words stands in quotes", at: first.range.union(last.range),
      help: ["write \(ExpressionText.code(left)) \(sign.rawValue) \(text)"],
      fix: Diagnostic.Fix(first.range.union(last.range), text))
  }

  /// Whether a word begins a stage or a clause, here or elsewhere, and is no part of a text.
  private func isOfLanguage(_ word: String) -> Bool {
    environment.catalogue.verb(word) != nil || ForeignHabits.verb(word, nil) != nil
      || ["by", "sort", "with", "where", "and", "or", "group", "order"].contains(word.lowercased())
  }

  /// `admitted >= July 2025`
  private func month(
    _ name: Name, _ group: Group, _ left: Expression, _ sign: BinaryOperator
  ) -> Diagnostic? {
    guard let month = CheckMessages.monthNumber(name.text),
      case .int(let year)? = group.items.first?.value.kind, (1900...2100).contains(year)
    else { return nil }
    func day(_ month: Int, _ year: Int64) -> String { "\(year)-\(month < 10 ? "0" : "")\(month)-01" }
    let subject = ExpressionText.code(left)
    let (first, next) = (day(month, year), month == 12 ? day(1, year + 1) : day(month + 1, year))
    let written =
      switch sign {
      case .greaterOrEqual, .less: "\(subject) \(sign.rawValue) \(first)"
      case .greater: "\(subject) >= \(next)"
      case .lessOrEqual: "\(subject) < \(next)"
      case .notEqual: "\(subject) < \(first) or \(subject) >= \(next)"
      default: "\(subject) >= \(first) and \(subject) < \(next)"
      }
    return Diagnostic(
      "spaced-text", "a month is written by its first day", at: name.range.union(group.range),
      help: ["write \(written)"])
  }

  /// `aggregate readmission rate = …`: a name of two words for what is made.
  private func spacedNewName(_ group: Group, _ call: VerbCall) -> Diagnostic? {
    guard let name = group.items.first?.names.first, group.items.first?.names.count == 1,
      let index = call.place(of: group), index > 0,
      let before = call.stage.groups[index - 1].bareWord, !before.isQuoted, lacks(before.text),
      ["aggregate", "derive", "select"].contains(call.verb.name), environment.table(before.text) == nil,
      environment.binding(before.text) == nil
    else { return nil }
    let range = before.range.union(name.range)
    return Diagnostic(
      "spaced-name", "a name of two words stands in backticks", at: range,
      help: ["write `\(before.text) \(name.text)` = …, or \(before.text)_\(name.text) = …"],
      fix: Diagnostic.Fix(range, "`\(before.text) \(name.text)`"))
  }

  /// `limit 3 offset 2`
  private func offset(_ group: Group, _ call: VerbCall) -> Diagnostic? {
    guard call.verb.name == "take", group.bareWord?.text.lowercased() == "offset",
      let index = call.place(of: group), index == 1,
      index + 1 < call.stage.groups.count
    else { return nil }
    let skipped = call.stage.groups[index + 1].written
    let kept = call.stage.groups[index - 1].written
    return Diagnostic(
      "foreign-word", "`offset` is a stage of its own, in front", at: group.range,
      help: ["write skip \(skipped) | take \(kept)"])
  }

  /// `01.02.2024`: a number with a point, and another point and number right behind it.
  private func dottedDate(_ group: Group, _ call: VerbCall) -> SourceRange? {
    guard let item = group.items.first, case .float = item.value.kind,
      let index = call.place(of: group), index > 0,
      var before = call.stage.groups[index - 1].items.last?.value
    else { return nil }
    while case .binary(_, _, let right) = before.kind { before = right }
    if case .between(_, _, let upper, _) = before.kind { before = upper }
    guard case .float = before.kind, before.range.upper == item.value.range.lower else { return nil }
    return before.range.union(item.value.range)
  }

  /// `1 000`: a number behind one blank whose digits are the next three of the number before it.
  private func spacedNumber(_ group: Group, _ call: VerbCall) -> (text: String, range: SourceRange)? {
    guard group.items.count == 1, let item = group.items.first, case .int(let rest) = item.value.kind,
      item.range.upper - item.range.lower == 3, (0...999).contains(rest),
      let index = call.place(of: group), index > 0,
      var before = call.stage.groups[index - 1].items.last?.value
    else { return nil }
    while case .binary(_, _, let right) = before.kind { before = right }
    if case .between(_, _, let upper, _) = before.kind { before = upper }
    guard case .int(let head) = before.kind, (1...999).contains(head),
      before.range.upper + 1 == item.range.lower
    else { return nil }
    let digits = String(1000 + rest).dropFirst()
    return ("\(head)_\(digits)", before.range.union(item.range))
  }

  /// The groups of a call from one on, as they are written; nil where it is the last.
  private func rest(from group: Group, _ call: VerbCall) -> String? {
    guard let index = call.place(of: group),
      index + 1 < call.stage.groups.count
    else { return nil }
    return call.stage.groups[index...].map(\.ordered).joined(separator: " ")
  }

  /// `Unit No == 1`: names behind one another that are the name of one column, or could be.
  private func spacedName(_ group: Group, _ call: VerbCall) -> (
    text: String, isKnown: Bool, range: SourceRange
  )? {
    guard let index = call.place(of: group), index > 0,
      let before = call.stage.groups[index - 1].items.last?.value.lastName
    else { return nil }
    var names = [before]
    for group in call.stage.groups[index...] {
      guard let name = group.items.first?.value.firstName else { break }
      names.append(name)
      if group.bareWord == nil { break }
    }
    guard names.count > 1 else { return nil }
    for count in (2...names.count).reversed() {
      let range = before.range.union(names[count - 1].range)
      let folded = Suggestion.folded(names[..<count].map(\.text).joined())
      if let column = schema.names.first(where: { Suggestion.isFolded($0, to: folded) }) {
        return (column, true, range)
      }
    }
    // A word that is known, or that begins something else, is no part of a name.
    guard call.verb.name == "filter", case .none = Scope(schema).find(before.text),
      environment.binding(before.text) == nil, group.bareWord == nil
    else { return nil }
    return (names.map(\.text).joined(separator: " "), false, before.range.union(names[names.count - 1].range))
  }

  /// What to write for a word that stands between operands in other languages.
  private func foreignInfix(_ word: String, _ group: Group, _ call: VerbCall) -> String? {
    let groups = call.stage.groups
    guard let index = call.place(of: group), index > 0,
      let left = groups[index - 1].items.last
    else { return nil }
    if call.verb.name == "filter" {
      if let comparison = comparisonInWords(word, left, groups[(index + 1)...]) {
        return "write \(comparison)"
      }
      // Elsewhere these words say something else.
      if ["over", "from"].contains(word.lowercased()) { return nil }
    }
    var next = index + 1
    // `order by x`, `starts with "a"`: of the second word the first one says enough.
    if next < groups.count, ["by", "with"].contains(groups[next].bareWord?.text.lowercased() ?? "") {
      next += 1
    }
    let right =
      next < groups.count
      ? (word.lowercased() == "order"
        ? groups[next].ordered : groups[next].items.first.map { ExpressionText.of($0.condition ?? $0.value) })
      : nil
    // `count where disposition == "died"`
    if ["where", "if"].contains(word.lowercased()), let right,
      let function = environment.catalogue.function(ExpressionText.of(left.value)), function.isAggregate
    {
      return "write \(function.name)(where: \(right))"
    }
    // `class = "ED" and los_hours > 4 hours`: the word stands behind the last of the conditions.
    let isCondition = ["filter", "assert"].contains(call.verb.name)
    var operand = isCondition ? left.condition ?? left.value : left.value
    while case .binary(let joint, _, let last) = operand.kind, joint == .and || joint == .or {
      operand = last
    }
    return ForeignHabits.infix(word, ExpressionText.of(operand), right ?? "…")
  }

  /// `age over 65`, `age more than 65`, `age at least 18`, `age from 18 to 65`, with what follows behind `and` or `or`.
  private func comparisonInWords(_ word: String, _ left: Item, _ rest: ArraySlice<Group>) -> String? {
    let words = rest.prefix { $0.bareWord != nil }.compactMap { $0.bareWord?.text.lowercased() }
    let values = rest.dropFirst(words.count)
    guard let item = values.first?.items.first, values.first?.items.count == 1 else { return nil }
    let (subject, number) = (
      ExpressionText.of(left.condition ?? left.value), ExpressionText.of(item.condition ?? item.value)
    )
    if word.lowercased() == "from", words.isEmpty {
      let behind = rest.dropFirst()
      guard let joint = behind.first?.bareWord?.text.lowercased(), ["to", "until"].contains(joint),
        behind.count == 2,
        let end = behind.dropFirst().first?.items.first, behind.dropFirst().first?.items.count == 1
      else { return nil }
      return "\(subject) between \(number) and \(ExpressionText.of(end.condition ?? end.value))"
    }
    // What stands in a group of its own behind would be lost.
    guard values.count == 1 else { return nil }
    let sign: String? =
      switch ([word.lowercased()] + words).joined(separator: " ") {
      case "over", "above", "more than", "greater than", "older than", "longer than", "after": ">"
      case "under", "below", "less than", "fewer than", "younger than", "shorter than", "before": "<"
      case "at least": ">="
      case "at most", "up to": "<="
      default: nil
      }
    return sign.map { "\(subject) \($0) \(number)" }
  }

  /// The keys of `by`: columns or `name = expression`.
  package mutating func keys(_ call: VerbCall) -> [(name: String, expression: PlanExpression)] {
    guard call.has("by") else { return [] }
    let groups = call.groups("by") ?? []
    if groups.isEmpty { return [] }
    refuseRest(groups.dropFirst(), call)
    return namedExpressions(groups[0].items, mode: .forbidden("behind `by`"))
  }

  /// Items as named row expressions; wrong ones become missing so that later stages can still be checked.
  package mutating func namedExpressions(
    _ items: [Item], mode: ExpressionChecker.GroupMode
  ) -> [(name: String, expression: PlanExpression)] {
    var result: [(name: String, expression: PlanExpression)] = []
    var taken = TakenNames()
    var checker = checker(mode)
    for item in items {
      if let columns = pickedColumns(item) {
        for index in columns {
          taken.insert(schema[index].name)
          result.append((schema[index].name, .column(index, schema[index], at: item.range)))
        }
        continue
      }
      if case .binary(.and, _, _) = item.value.kind, let keys = keysWithAnd(item.value) {
        report(
          "keys-and", "what the rows are grouped by stands apart by commas", at: item.range,
          help: ["write by \(keys.joined(separator: ", "))"])
        continue
      }
      let checked = checker.refusesDisguisedColumn(item.value) ? nil : checker.check(item.value)
      let name = item.names.first?.text ?? columnName(item.value, checked)
      result.append((taken.unique(name), checked ?? .literal(.missing, at: item.range)))
    }
    absorb(checker)
    noteWeeksOfYears(result.map(\.expression))
    return result
  }

  /// `by site and class`: the columns; nil where these are conditions.
  private func keysWithAnd(_ value: Expression) -> [String]? {
    switch value.kind {
    case .binary(.and, let left, let right):
      guard let first = keysWithAnd(left), let second = keysWithAnd(right) else { return nil }
      return first + second
    case .name(let name):
      guard case .found(let column) = Scope(schema).find(name.text),
        schema.fields.first(where: { $0.name == column.name })?.type != .bool
      else { return nil }
      return [CheckMessages.quoted(column.name)]
    default: return nil
    }
  }

  /// `by week(d), year(d)`: the last days of December may be of week 1, and the first of January of week 53.
  private mutating func noteWeeksOfYears(_ keys: [PlanExpression]) {
    func subject(of key: PlanExpression, _ function: String) -> String? {
      guard case .call(let call) = key.kind, call.function.name == function else { return nil }
      return call.arguments.first?.columnNames.first
    }
    for week in keys {
      guard let name = subject(of: week, "week"),
        let year = keys.first(where: { subject(of: $0, "year") == name })
      else { continue }
      let column = CheckMessages.quoted(name)
      notes.append(
        Note(
          .fact,
          "week(\(column)) is the ISO week, and a week around New Year lies in two calendar years: iso_year(\(column)) is its year, start_of(\(column), week) its Monday",
          subject: name, at: year.range))
    }
  }

  /// The name that an expression gives its column: a column keeps the file's spelling.
  package func columnName(_ expression: Expression, _ checked: PlanExpression?) -> String {
    if case .column(let index, _)? = checked?.kind, case .name = expression.kind, index < schema.count {
      return schema[index].name
    }
    return ExpressionText.columnName(expression)
  }

  /// The order that a clause's items give: `-x` and `x desc` go down.
  package mutating func order(_ items: [Item], _ checker: inout ExpressionChecker) -> [OrderItem] {
    items.compactMap { item -> OrderItem? in
      var expression = plain(item)
      var descending = item.direction == .descending
      if case .unary(.minus, let operand) = expression.kind, !expression.isParenthesized {
        expression = operand
        if item.direction != nil {
          checker.report(CheckMessages.doubledDirection(ExpressionText.of(operand), at: item.range))
        }
        descending = true
      }
      if checker.refusesDisguisedColumn(expression) { return nil }
      guard let checked = checker.check(expression) else { return nil }
      guard checked.type.isOrderable else {
        checker.report(
          Diagnostic("sort-type", "a \(checked.type.name) has no order", at: expression.range))
        return nil
      }
      if let note = letterOrder(checked, item.range), !notes.contains(note) { notes.append(note) }
      return OrderItem(checked, descending: descending)
    }
  }

  /// A key of numbers or times that the reader of a file had to take as text: "10" stands in front of "9" in it.
  private func letterOrder(_ key: PlanExpression, _ range: SourceRange) -> Note? {
    guard key.type == .text, case .column(let index, let name) = key.kind else { return nil }
    return plan.remark(onColumn: index)?.letterOrder(of: name, at: range)
  }

  /// The order of the call's `sort` clause.
  package mutating func sortClause(_ call: VerbCall) -> [OrderItem] {
    guard call.has("sort") else { return [] }
    let groups = call.groups("sort") ?? []
    if groups.isEmpty { return [] }
    refuseRest(groups.dropFirst(), call)
    var checker = checker(.forbidden("behind `sort`"))
    let result = order(groups[0].items, &checker)
    absorb(checker)
    return result
  }

  // MARK: Lists of columns

  /// The columns of an item that names several: `a..f`, `starts_with("lab_")`, `everything()`; nil for any other item.
  package mutating func pickedColumns(_ item: Item) -> [Int]? {
    guard item.names.isEmpty else { return nil }
    switch item.value.kind {
    case .range(let lower, let upper):
      guard let first = column(lower), let last = column(upper) else { return [] }
      return first <= last ? Array(first...last) : Array((last...first).reversed())
    case .call(let name, let arguments):
      guard let picked = pick(name, arguments) else { return nil }
      if picked.isEmpty { tellPicksNothing(item) }
      return picked
    default: return nil
    }
  }

  /// To leave out columns that are not there changes nothing; anywhere else the columns are wanted.
  private mutating func tellPicksNothing(_ item: Item) {
    let message = "no column fits \(ExpressionText.of(item.value))"
    if origin.verb == "drop" {
      notes.append(Note(.fact, "\(message): nothing is dropped by it", at: item.range))
      return
    }
    let names = schema.names.prefix(8).joined(separator: ", ") + (schema.count > 8 ? ", …" : "")
    report("picks-nothing", message, at: item.range, help: ["columns here: \(names)"])
  }

  /// Pickers of columns: words that only mean columns when their argument is one literal text or nothing.
  private func pick(_ name: Name, _ arguments: [Expression.Argument]) -> [Int]? {
    let all = schema.fields.indices
    if arguments.isEmpty {
      switch name.text {
      case "everything", "all_columns": return Array(all)
      case "numbers": return all.filter { schema[$0].type.isNumber }
      case "texts": return all.filter { schema[$0].type == .text }
      case "dates": return all.filter { schema[$0].type.isTime }
      default: return nil
      }
    }
    guard arguments.count == 1, case .text(let text) = arguments[0].value.kind else { return nil }
    switch name.text {
    case "starts_with": return all.filter { schema[$0].name.hasPrefix(text) }
    case "ends_with": return all.filter { schema[$0].name.hasSuffix(text) }
    case "contains": return all.filter { schema[$0].name.contains(text) }
    default: return nil
    }
  }

  /// How an expression becomes a column in a stage of its own.
  private func madeBefore(_ expression: Expression) -> String {
    let text = ExpressionText.of(expression)
    if case .call(let name, _) = expression.kind,
      case .aggregate? = environment.catalogue.function(name.text)?.implementation
    {
      return "make it a column in a stage before: aggregate value = \(text) by … | \(origin.verb) … value"
    }
    return "make it a column in a stage before: derive value = \(text) | \(origin.verb) … value"
  }

  /// The position of the column that an expression names; reports when it names none.
  package mutating func column(_ expression: Expression) -> Int? {
    keepScope()
    var checker = checker(.forbidden("where a column is wanted"))
    if checker.refusesDisguisedColumn(expression) {
      absorb(checker)
      return nil
    }
    guard expression.tableColumn != nil else {
      report(
        "column-wanted", "a column is wanted here, not `\(ExpressionText.of(expression))`",
        at: expression.range, help: expression.isLiteral ? [] : [madeBefore(expression)])
      return nil
    }
    let checked = checker.check(expression)
    absorb(checker)
    if case .column(let index, _)? = checked?.kind { return index }
    if checked != nil {
      report(
        "column-wanted", "`\(ExpressionText.of(expression))` is a value, and a column is wanted here",
        at: expression.range)
    }
    return nil
  }

  /// The positions that a list of columns names, each once, in the order written.
  package mutating func columns(_ items: [Item]) -> [Int] {
    var result: [Int] = []
    var seen: Set<Int> = []
    for item in items {
      let picked: [Int]
      if let several = pickedColumns(item) {
        picked = several
      } else {
        picked = column(item.value).map { [$0] } ?? []
      }
      for index in picked where seen.insert(index).inserted { result.append(index) }
    }
    return result
  }

  // MARK: Making nodes

  /// A projection to some expressions.
  package func projecting(
    _ items: [(name: String, expression: PlanExpression)], onto input: Plan
  ) -> Plan {
    let fields = items.map { item in
      var field = Field(item.name, item.expression.type)
      field.isPercentage = item.expression.isPercentage
      if case .column(let index, _) = item.expression.kind, index < input.schema.count {
        field.table = input.schema[index].table
      }
      return field
    }
    let told = items.reduce(input) { $0.tellingRatios(of: $1.expression) }
    return .project(
      Plan.Project(input: told, items: items.map(\.expression), schema: Schema(fields), origin: origin))
  }

  /// A projection to some columns.
  package func keeping(_ columns: [Int], of input: Plan) -> Plan {
    let schema = input.schema
    return projecting(
      columns.map { (schema[$0].name, .column($0, schema[$0], at: origin.range)) }, onto: input)
  }

  /// A plan cut back to so many of its columns, after those behind them have served; itself when there are none.
  package func keepingFirst(_ count: Int, of wider: Plan) -> Plan {
    wider.schema.count == count ? wider : keeping(Array(0..<count), of: wider)
  }

  /// The input with the results of functions over rows behind its columns; itself when there are none.
  package func windowing(
    _ calls: [GroupCall], keys: [PlanExpression], order: [OrderItem], onto input: Plan
  ) -> Plan {
    if calls.isEmpty { return input }
    var fields = input.schema.fields
    for call in calls {
      for (index, type) in call.types.enumerated() {
        fields.append(Field("\(call.function.name)\(index == 0 ? "" : "_\(index)")@\(fields.count)", type))
      }
    }
    let isForTies = calls.contains { $0.goesByTies(order.map(\.expression)) || $0.isOfEdge }
    // Rows that a key before cannot tell apart are told of, whether or not the key is still a column.
    let kept = isForTies ? input.keepingSortKeys : (input, [])
    let node = Plan.Window(
      input: input, keys: keys, order: order, earlier: kept.1, calls: calls.map { $0.knowing(input) },
      schema: Schema(fields), origin: origin)
    return keepingFirst(fields.count, of: node.over(kept.0))
  }
}
