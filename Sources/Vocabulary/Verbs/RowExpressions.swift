import Columns
import Diagnostics
import Language
import Planning

extension StageContext {
  /// Adds or replaces columns, left to right, each item seeing the ones before. Functions over rows work on the
  /// table, or on the groups of `by`, in the order of `sort`.
  mutating func deriving(
    _ items: [Item], keys: [PlanExpression], order: [OrderItem]
  ) -> Plan {
    var layer = Layer(plan: plan)
    let given = Set(items.flatMap(\.names).map(\.text))
    // Most items make one column, which is the one that is written.
    var taken = TakenNames(items.isEmpty ? [] : schema.names)
    for item in items {
      var attempt = check(item, in: layer, keys: keys, order: order)
      if attempt.checker.metPending {
        layer = Layer(plan: close(layer, keys: keys, order: order))
        attempt = check(item, in: layer, keys: keys, order: order)
      }
      absorb(attempt.checker)
      layer.calls = attempt.checker.calls
      if !layer.calls.isEmpty { worksOverRows = true }
      if item.names.isEmpty, let first = attempt.results.first?.name {
        // What nobody named takes no column's place.
        let name = taken.unique(first, but: given)
        for index in attempt.results.indices where name != first {
          attempt.results[index].name = name + attempt.results[index].name.dropFirst(first.count)
        }
      }
      for index in attempt.results.indices.dropFirst() {
        let name = attempt.results[index].name
        if given.contains(name), !item.names.contains(where: { $0.text == name }) {
          attempt.results[index].name = taken.unique(name, but: given)
        }
      }
      noteReplaced(attempt.results.map(\.name), at: item.range)
      for (name, expression) in attempt.results { layer.set(name, expression) }
    }
    return close(layer, keys: keys, order: order)
  }

  /// Notes that further results take the place of columns. Made anew together with the first they are meant; a `p_low`
  /// of another origin nobody meant.
  private mutating func noteReplaced(_ names: [String], at range: SourceRange) {
    // Most items make one column: nothing is looked up for them, of which there may be thousands.
    guard names.count > 1, let first = names.first else { return }
    let here = Set(schema.fields.map(\.name))
    if here.contains(first) { return }
    for name in names.dropFirst() where here.contains(name) {
      notes.append(
        Note(
          .fact, "`\(first)` brings `\(name)` with it, which takes the place of the column `\(name)`",
          subject: name, at: range))
    }
  }

  /// Columns being made on top of one plan: none of them may use another.
  private struct Layer {
    var plan: Plan
    var columns: [(name: String, expression: PlanExpression)]
    var made: [String] = []
    var calls: [GroupCall] = []
    /// The plan's columns, and what the layer makes.
    var scope: Scope

    init(plan: Plan) {
      self.plan = plan
      scope = Scope(plan.schema)
      columns = plan.schema.fields.enumerated().map { index, field in
        (field.name, .column(index, field, at: SourceRange(0, 0)))
      }
    }

    mutating func set(_ name: String, _ expression: PlanExpression) {
      made.append(name)
      scope.add(Scope.Column(name: name, table: nil, entry: .pending))
      if let index = columns.firstIndex(where: { $0.name == name }) {
        columns[index].expression = expression
      } else {
        columns.append((name, expression))
      }
    }
  }

  private mutating func check(
    _ item: Item, in layer: Layer, keys: [PlanExpression], order: [OrderItem]
  ) -> (checker: ExpressionChecker, results: [(name: String, expression: PlanExpression)]) {
    var checker = ExpressionChecker(
      environment: environment, scope: layer.scope, mode: .broadcast, groupBase: layer.plan.schema.count)
    checker.resume(layer.calls)
    checker.know(layer.plan)
    checker.hasOrder = !order.isEmpty
    let checked = checker.check(item.value)
    if checker.metPending { return (checker, []) }
    let base = checked ?? .literal(.missing, at: item.range)
    return (checker, named(item, base, checker.furtherResults))
  }

  /// The names of an item's results: `p = proportion(k, n)` makes `p`, `p_low` and `p_high`.
  mutating func named(
    _ item: Item, _ first: PlanExpression, _ further: [PlanExpression]
  ) -> [(name: String, expression: PlanExpression)] {
    if item.isTuple {
      let results = [first] + further
      if item.names.count > results.count, !first.isUnknown, first.type != .missing {
        report(
          "too-many-names",
          "\(ExpressionText.of(item.value)) has \(counted(results.count, "result")), and \(item.names.count) names are given",
          at: item.names[results.count].range,
          help: [
            results.count == 1
              ? "a name for each is a column of its own: \(item.names.map(\.text).joined(separator: " = …, ")) = …"
              : "leave out \(item.names.dropFirst(results.count).map(\.text).joined(separator: ", "))"
          ])
      }
      if !further.isEmpty, item.names.count > 1 { noteMethod(item) }
      return Array(zip(item.names.map(\.text), results))
    }
    let name = item.names.first?.text ?? columnName(item.value, first)
    guard !further.isEmpty, case .call(let called, _) = item.value.kind,
      let function = environment.catalogue.function(called.text)
    else { return [(name, first)] }
    noteMethod(item)
    return [(name, first)] + zip(function.furtherResults, further).map { (name + $0, $1) }
  }

  /// Says how the further results of a function are worked out.
  private mutating func noteMethod(_ item: Item) {
    // `def rate(k, n) = proportion(k, n)`: the method is that of what stands in it.
    var value = item.value
    var met: Set<String> = []
    while case .call(let called, _) = value.kind, met.insert(called.text).inserted,
      case .definition(let definition)? = environment.binding(called.text)?.binding
    {
      value = definition.body
    }
    guard case .call(let called, _) = value.kind,
      let method = environment.catalogue.function(called.text)?.method
    else { return }
    let note = Note(.fact, of: ExpressionText.of(item.value), ": \(method)", at: item.range)
    if !notes.contains(note) { notes.append(note) }
  }

  private func close(_ layer: Layer, keys: [PlanExpression], order: [OrderItem]) -> Plan {
    if layer.made.isEmpty { return layer.plan }
    let input = windowing(layer.calls, keys: keys, order: order, onto: layer.plan)
    return projecting(layer.columns, onto: input)
  }

  /// Row expressions that may hold functions over rows: the plan to compute them on, and the expressions over it.
  /// The plan's first columns are the present ones.
  mutating func overRows(
    keys: [PlanExpression], order: [OrderItem], hasOrder: Bool? = nil,
    _ check: (inout ExpressionChecker, inout StageContext) -> Void
  ) -> Plan {
    var checker = checker(.broadcast)
    checker.hasOrder = hasOrder ?? !order.isEmpty
    check(&checker, &self)
    let calls = checker.calls
    if !calls.isEmpty { worksOverRows = true }
    absorb(checker)
    return windowing(calls, keys: keys, order: order, onto: plan)
  }

  /// A cut through the present rows. Without an order of its own it goes by the sort before, whose keys tell whether it goes
  /// through equal rows, and need no longer be columns.
  func cut(_ node: Plan.Slice) -> Plan {
    var node = node
    if node.order.isEmpty { node.input = node.input.keepingSortKeys.plan }
    return withoutHelpers(.slice(node))
  }

  /// The plan cut back to the present columns, after functions over rows have served.
  func withoutHelpers(_ wider: Plan) -> Plan { keepingFirst(schema.count, of: wider) }

  /// The keys of a call as expressions.
  mutating func keyExpressions(_ call: VerbCall) -> [PlanExpression] { keys(call).map(\.expression) }

  /// Reports `by` and `sort` in a stage in which nothing works over several rows: they would do nothing.
  mutating func refuseIdleClauses(_ call: VerbCall) {
    if worksOverRows || diagnostics.contains(where: { $0.severity == .error }) { return }
    for (word, groups) in call.clauses
    where ["by", "sort"].contains(word.text.lowercased()) && !groups.allSatisfy(\.items.isEmpty) {
      let isSort = word.text.lowercased() == "sort"
      let written = groups.map(\.ordered).joined(separator: " ")
      report(
        "idle-clause",
        "`\(word.text)` does nothing here: no function of this `\(call.verb.name)` works over several rows",
        at: word.range,
        help: [
          isSort
            ? "sorting the rows is a stage of its own: | sort \(written)"
            : "a function over the rows of each group is such as mean(x), count() or lag(x)"
        ])
    }
  }

  /// Reports an item that has a name where none may be, unless `=` was meant as a comparison.
  ///
  /// - Parameter keys: columns that groups are made by: a result cannot have the name of one.
  mutating func refuseDuplicates(_ items: [Item], keys: [Item] = []) {
    var seen: Set<String> = []
    for key in keys where key.names.isEmpty {
      if case .name(let name) = key.value.kind { seen.insert(name.text) }
    }
    for name in items.flatMap(\.names) where !seen.insert(name.text).inserted { refuseDuplicate(name) }
  }

  /// Reports a name that a stage gives to a second column.
  mutating func refuseDuplicate(_ name: Name) {
    report(
      "duplicate-name", "`\(name.text)` is made twice in one stage", at: name.range,
      help: ["give one of them another name, or put it into a stage of its own"])
  }

  /// A value where no column can be meant: one of the name of a `let` or a `param` does not hide it.
  mutating func plainValue(_ expression: Expression, _ what: String) -> Value? {
    var checker = checker(.forbidden("as \(what)"))
    if case .name(let name) = expression.kind {
      switch environment.binding(name.text)?.binding {
      case .value, .unknown: checker.scope = Scope()
      case .table, .definition, .unknownTable, nil: break
      }
    }
    let value = checker.checkConstant(expression, what)
    absorb(checker)
    return value
  }

  /// `top 10% charges`, `take 5%`, `sample 0.05`: what gives a part of the rows.
  private func partOfRows(_ value: Value, _ call: VerbCall) -> [String] {
    guard case .float(let part) = value, part > 0, part < 1 else { return [] }
    let percent = ExpressionText.number(part * 100)
    switch call.verb.name {
    case "sample": return ["write sample \(percent)%"]
    case "top":
      let keys = call.items("by").map { ExpressionText.code($0.value) }
      let own = call.arguments.dropFirst().first?.items.first.map { ExpressionText.code($0.value) }
      let column = own ?? keys.first ?? "x"
      let by = own == nil || keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))"
      return [
        "those above a percentile: | filter \(column) >= percentile(\(column), \(ExpressionText.number(100 - part * 100)))\(by)"
      ]
    case "take": return ["a part drawn at random: sample \(percent)%", "the first rows: take 100"]
    default: return []
    }
  }

  /// A whole number that stands as the first argument of a verb.
  mutating func wholeNumber(_ expression: Expression?, _ call: VerbCall) -> Int? {
    guard let expression else {
      report(
        "incomplete", "a number is missing behind `\(call.verb.name)`", at: call.wordRange,
        help: ["write \(call.verb.forms.joined(separator: "  or  "))"])
      return nil
    }
    if case .name(let name) = expression.kind,
      case .unknown(let type)? = environment.binding(name.text)?.binding, ![.int, .missing].contains(type)
    {
      report(
        "whole-number", "`\(call.verb.name)` wants a whole number, and \(name.text) is \(type.name)",
        at: expression.range)
      return nil
    }
    guard let value = plainValue(expression, "the number of rows") else { return nil }
    guard case .int(let number) = value, let result = Int(exactly: number) else {
      report(
        "whole-number", "`\(call.verb.name)` wants a whole number, not \(ExpressionText.of(expression))",
        at: expression.range, help: partOfRows(value, call))
      return nil
    }
    return result
  }
}
