import Columns
import Diagnostics
import Language
import Planning

/// A plan in plain English, a sentence a step.
struct PlanWords {
  private(set) var sentences: [String] = []

  init(_ plan: Plan) { tell(plan) }

  private mutating func tell(_ plan: Plan) {
    if let input = plan.children.first { tell(input) }
    if let sentence = sentence(plan) { sentences.append(sentence) }
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
      "keep the first row of each combination of \(list(node.columns.map { node.input.schema[$0].name }))"
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
      parts.append("keep the columns \(list(node.schema.names))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", and ")
  }

  private func aggregated(_ node: Plan.Aggregate) -> String {
    var order = ""
    if case .sort(let sort) = node.input, sort.origin.verb == "aggregate" {
      order = ", rows in the order of \(self.order(sort.order, "")),"
    }
    let calls = node.calls.isEmpty ? "make one row" : "compute " + list(node.calls.map(words))
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

  /// An expression without the column numbers of the plan's own notation and without its outer brackets.
  private func words(_ expression: PlanExpression) -> String {
    var result = ""
    var skipping = false
    for character in expression.description {
      if character == "#" {
        skipping = true
      } else if skipping, character.isNumber {
        continue
      } else {
        skipping = false
        result.append(character)
      }
    }
    guard case .call(let call) = expression.kind, call.arguments.count == 2, result.hasPrefix("("),
      result.hasSuffix(")")
    else { return result }
    return String(result.dropFirst().dropLast())
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
