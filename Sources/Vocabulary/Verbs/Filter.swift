import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let filter = Verb(
    "filter", aliases: ["where"], "keeps the rows for which a condition is true",
    forms: ["filter condition [by key, …] [sort key, …]"], clauses: [.by, .sort],
    argument: .items(named: false),
    examples: [
      Example("table [{a: 1}, {a: 5}, {a: missing}] | filter a > 2 | count", gives: "1"),
      Example("table [{a: 1}, {a: 5}, {a: 9}] | filter a > mean(a) | count", gives: "1"),
    ],
    searchWords: ["where", "subset", "having", "keep", "restrict", "only"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    guard let items = call.arguments.first?.items, !items.isEmpty else {
      context.report(
        "incomplete", "a condition is missing behind `filter`", at: call.wordRange,
        help: ["such as filter age >= 65"])
      return context.plan
    }
    // Behind a fault in the stage's shape its first part is half a condition.
    if !context.diagnostics.isEmpty { return context.plan }
    if let fault = Self.furtherValues(items) {
      context.report(fault)
      return context.plan
    }
    let keys = context.keyExpressions(call)
    let order = context.sortClause(call)
    var conditions: [PlanExpression] = []
    let wider = context.overRows(keys: keys, order: order) { checker, context in
      for item in items {
        let written = context.plain(item)
        if let note = alwaysTrue(written) { context.notes.append(note) }
        if let condition = checker.checkCondition(written) { conditions.append(condition) }
      }
    }
    context.refuseIdleClauses(call)
    guard var condition = conditions.first else { return context.plan }
    for next in conditions.dropFirst() {
      if let and = context.environment.catalogue.function("and") {
        condition = PlanExpression(
          .call(PlanExpression.Call(and, [condition, next], at: condition.range.union(next.range))), .bool,
          at: condition.range.union(next.range))
      }
    }
    return context.withoutHelpers(
      .filter(
        Plan.Filter(
          input: wider, condition: Plan.Filter.Condition(expression: condition, origin: context.origin))))
  }

  /// `class != "ED" or class != "inpatient"`: whatever it is, it differs from one of the two.
  private static func alwaysTrue(_ condition: Expression) -> Note? {
    guard case .binary(.or, let left, let right) = condition.kind,
      case .binary(.notEqual, let one, let first) = left.kind,
      case .binary(.notEqual, let other, let second) = right.kind,
      case .name(let name) = one.kind, case .name(let again) = other.kind, name.text == again.text,
      first.isPlainValue, second.isPlainValue
    else { return nil }
    let (a, b) = (ExpressionText.of(first), ExpressionText.of(second))
    if a == b { return nil }
    return Note(
      .fact,
      "`\(ExpressionText.of(condition))` holds for every known value, as each differs from one of the two; write \(CheckMessages.quoted(name.text)) not in [\(a), \(b)]",
      subject: name.text, at: condition.range)
  }

  /// `filter ward == "A", "B"`: values that stand alone behind a comparison.
  private static func furtherValues(_ items: [Item]) -> Diagnostic? {
    guard items.count > 1, let first = items.first else { return nil }
    let comparison = first.condition ?? first.value
    guard case .binary(.equal, let subject, let value) = comparison.kind,
      items.dropFirst().allSatisfy({ $0.names.isEmpty && $0.value.isPlainValue })
    else { return nil }
    let values = ([value] + items.dropFirst().map(\.value)).map(ExpressionText.of)
    return Diagnostic(
      "not-a-condition", "several values stand in a list", at: items[1].range,
      help: ["write filter \(ExpressionText.of(subject)) in [\(values.joined(separator: ", "))]"])
  }
}
