import Columns
import Diagnostics
import Language
import Planning

/// A plan in plain English, a sentence a step.
struct PlanWords {
  private(set) var sentences: [String] = []
  /// What holds for several of them; nil where there is nothing to say.
  private(set) var remark: String?

  init(_ plan: Plan) { tell(plan) }

  private mutating func tell(_ plan: Plan) {
    if let input = plan.children.first { tell(input) }
    if let sentence = sentence(plan) { sentences.append(sentence) }
    if case .filter(let node) = plan, Self.mayBeMissing(node.condition.expression) {
      remark = "A row for which a condition is missing is left out, too; a note counts such rows."
    }
  }

  /// Whether a value may be missing for a row, as far as the expression shows it.
  private static func mayBeMissing(_ expression: PlanExpression) -> Bool {
    switch expression.kind {
    case .literal(let value): value.isMissing
    case .call(let call) where call.function.name == "is missing": false
    case .call(let call) where call.function.name == "??": call.arguments.allSatisfy(mayBeMissing)
    case .call(let call): call.arguments.contains(where: mayBeMissing)
    case .column, .choice, .field, .cell: true
    }
  }

  private func sentence(_ plan: Plan) -> String? {
    switch plan {
    case .scan(let node): "take the rows of \(node.source.name)"
    case .filter(let node): "keep the rows where \(words(node.condition.expression))"
    case .project(let node): projected(node)
    case .aggregate(let node): aggregated(node)
    case .window(let node):
      spread(node.keys) + ordered(node.order, "in the order of ") + "compute "
        + list(node.calls.map(words)) + (node.keys.isEmpty ? " over all rows" : "")
    case .sort(let node): node.origin.verb == "aggregate" ? nil : "sort " + order(node.order)
    case .slice(let node): sliced(node)
    case .distinct(let node):
      "keep \(list(node.schema.names.dropLast(node.hidden))) alone, each combination once"
    case .sample(let node): "draw \(size(node.size)) by chance (seed \(node.seed))"
    case .join(let node): joined(node)
    case .append(let node): "put the rows of \(counted(node.inputs.count - 1, "other table")) behind"
    case .unpivot(let node): unpivoted(node)
    case .split(let node):
      "make a row of each \(node.separator.map { "part of \(name(node.column, node.input)) between \(quoted($0))" } ?? "element of \(name(node.column, node.input))")"
    case .describe: "describe each column: its type, missing and different values, and range"
    case .effect(let node): done(node)
    }
  }

  // MARK: Stages

  private func projected(_ node: Plan.Project) -> String? {
    let made = zip(node.schema.names, node.items).filter { _, item in
      if case .column = item.kind { false } else { true }
    }
    let renamed = zip(node.schema.names, node.items).filter { name, item in
      if case .column(_, let old) = item.kind { old != name && !old.contains("@") } else { false }
    }
    var parts: [String] = []
    if !made.isEmpty {
      parts.append("compute " + made.map { "\($0) as \(words($1))" }.joined(separator: "; "))
    }
    if !renamed.isEmpty, node.origin.verb == "rename" {
      parts.append("call " + renamed.map { "\(words($1)) \($0)" }.joined(separator: ", "))
    }
    if parts.isEmpty, ["select", "drop"].contains(node.origin.verb) {
      parts.append("keep the columns \(list(Array(node.schema.names.dropLast(node.hidden))))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", and ")
  }

  private func aggregated(_ node: Plan.Aggregate) -> String {
    var order = ""
    if case .sort(let sort) = node.input, sort.origin.verb == "aggregate" {
      order = ", rows in the order of \(self.order(sort.order, "")),"
    }
    let calls =
      node.calls.isEmpty
      ? "make one row" : "compute " + list(node.calls.filter { $0.tally == nil }.map(words))
    let place = node.keys.isEmpty ? "over all rows" : "for each \(list(node.keys.map(words)))"
    let total = node.totals ? ", and the same over all rows as a last row" : ""
    return "\(place)\(order) \(calls)\(total)"
  }

  private func sliced(_ node: Plan.Slice) -> String {
    var parts: [String] = []
    let each = node.keys.isEmpty ? "" : " for each \(list(node.keys.map(words)))"
    if node.dropsMissing, let first = node.order.first {
      parts.append("leave out the rows where \(words(first.expression)) is missing")
    }
    let by = ordered(node.order, " in the order of ").trimmed
    if node.skip > 0 { parts.append("leave out the first \(counted(node.skip, "row"))\(each)\(by)") }
    if let take = node.take {
      parts.append("keep the \(node.fromEnd ? "last" : "first") \(counted(take, "row"))\(each)\(by)")
    }
    return parts.isEmpty ? "keep the rows" : parts.joined(separator: ", then ")
  }

  private func joined(_ node: Plan.Join) -> String {
    var conditions = node.keys.map { key in
      let (left, right) = (words(key.left), words(key.right))
      return left == right ? "\(left) is equal" : "\(left) equals \(node.rightName).\(right)"
    }
    if let residual = node.residual { conditions.append(words(residual)) }
    let condition = conditions.isEmpty ? "" : " where \(conditions.joined(separator: " and "))"
    let right = node.rightName
    switch node.kind {
    case .semi: return "keep the rows that have a match in \(right)\(condition)"
    case .anti: return "keep the rows that have no match in \(right)\(condition)"
    case .asof:
      let nearest = node.nearest.map { ", of each the nearest \(words($0.right))" } ?? ""
      return "add the columns of \(right)\(condition)\(nearest); rows without a match stay"
    case .inner: return "add the columns of \(right)\(condition); rows without a match fall out"
    case .left: return "add the columns of \(right)\(condition); rows without a match stay"
    case .right: return "add the columns of \(right)\(condition); all rows of \(right) stay"
    case .full: return "add the columns of \(right)\(condition); all rows of both stay"
    }
  }

  private func unpivoted(_ node: Plan.Unpivot) -> String {
    let names = list(node.melted.map { name($0, node.input) })
    let made = node.schema.names.suffix(2)
    return "make a row of each of \(names): the name in \(made.first ?? ""), the value in \(made.last ?? "")"
  }

  private func done(_ node: Plan.Effect) -> String {
    switch node.kind {
    case .show(let rows): rows.map { "show the first \(counted($0, "row"))" } ?? "show the rows"
    case .save(let path, let replace):
      "save the rows to \(path)\(replace ? ", in place of what is there" : "")"
    case .assert(let condition, _): "make sure that \(words(condition)) in every row"
    case .chart(let chart): "draw \(chart.kind.map { "a \($0) chart" } ?? "a chart")"
    }
  }

  // MARK: Parts

  private func size(_ size: Plan.Sample.Size) -> String {
    switch size {
    case .rows(let count): counted(count, "row")
    case .fraction(let part): "\(ValueText.plain(.float(part * 100)))% of the rows"
    }
  }

  private func spread(_ keys: [PlanExpression]) -> String {
    keys.isEmpty ? "" : "for each row, among those of the same \(list(keys.map(words))), "
  }

  private func ordered(_ items: [OrderItem], _ lead: String) -> String {
    items.isEmpty ? "" : lead + order(items, "") + " "
  }

  private func order(_ items: [OrderItem], _ lead: String = "by ") -> String {
    lead + items.map { words($0.expression) + ($0.descending ? " downwards" : "") }.joined(separator: ", ")
  }

  private func name(_ column: Int, _ plan: Plan) -> String { plan.schema[column].name }

  private func quoted(_ text: String) -> String { "\"\(visible(text))\"" }

  private func list(_ parts: [String]) -> String { parts.joined(separator: ", ") }

  private func words(_ call: GroupCall) -> String {
    call.text + (call.pivotColumn.map { " for \($0)" } ?? "")
  }

  private func words(_ expression: PlanExpression) -> String { ExpressionWords.of(expression) }
}

/// Conditions and calculations as a person writes them.
private enum ExpressionWords {
  static func of(_ expression: PlanExpression) -> String {
    switch expression.kind {
    case .column(_, let name): return name
    case .literal(let value): return PlanExpression.text(of: value)
    case .call(let call): return words(call)
    case .choice(let branches, let otherwise, _):
      let parts = branches.map { "\(of($0.condition)) -> \(of($0.value))" }
      return "case {" + (parts + (otherwise.map { ["else -> \(of($0))"] } ?? [])).joined(separator: ", ")
        + "}"
    case .field(let base, _, let name): return "\(of(base)).\(name)"
    case .cell: return "(a pipeline's value)"
    }
  }

  private static func words(_ call: PlanExpression.Call) -> String {
    let (name, parts) = (call.function.name, call.arguments)
    switch (name, parts.count) {
    case ("is missing", 1): return "\(inner(parts[0])) is missing"
    case ("not", 1):
      if case .call(let negated) = parts[0].kind, negated.function.name == "is missing",
        let subject = negated.arguments.first
      {
        return "\(inner(subject)) is not missing"
      }
      return "not (\(of(parts[0])))"
    case ("negate", 1): return "-\(inner(parts[0]))"
    case ("between", 3): return "\(inner(parts[0])) between \(inner(parts[1])) and \(inner(parts[2]))"
    case (Kernels.filling, 2): return "\(inner(parts[0])), and where it is missing \(of(parts[1]))"
    case (_, 2) where call.function.category == .operators:
      // `a and b and c` needs no brackets.
      let isChain = name == "and" || name == "or"
      let sides = parts.map { part -> String in
        if isChain, case .call(let other) = part.kind, other.function.name == name { return of(part) }
        return inner(part)
      }
      return "\(sides[0]) \(name) \(sides[1])"
    default: return "\(name)(\(parts.map(of).joined(separator: ", ")))"
    }
  }

  /// A part of something greater: what stands between two sides goes into brackets.
  private static func inner(_ expression: PlanExpression) -> String {
    guard case .call(let call) = expression.kind, call.function.category == .operators,
      call.arguments.count > 1 || call.function.name == "not" || call.function.name == "is missing"
    else { return of(expression) }
    return "(\(of(expression)))"
  }
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmed: String {
    var result = self
    while result.last == " " { result.removeLast() }
    return result
  }
}
