import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let derive = Verb(
    "derive", aliases: ["mutate", "extend", "calculate"],
    "adds columns, or replaces them, computed from the others",
    forms: ["derive name = expression, … [by key, …] [sort key, …]"], clauses: [.by, .sort],
    argument: .items(named: true),
    examples: [
      Example("table [{a: 2}] | derive b = a * 10, c = b + 1 | select c", gives: "21"),
      Example(
        "table [{a: 1}, {a: 3}] | derive share = a / sum(a) | filter a == 3 | select share", gives: "0.75"),
    ],
    searchWords: ["mutate", "extend", "let", "compute", "new column", "assign", "generate", "with", "define"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    let items = call.arguments.first?.items ?? []
    if items.isEmpty {
      context.report(
        "incomplete", "`derive` makes nothing here", at: call.wordRange,
        help: ["such as derive los = hours(discharged - admitted)"])
      return context.plan
    }
    for item in items where item.names.isEmpty {
      // `derive sex == "F"` is seldom meant as a column of that name.
      if case .binary(let sign, let left, _) = item.value.kind, sign == .equal,
        case .name(let name) = left.kind
      {
        let rest = ExpressionText.of(item.value)
        context.notes.append(
          Note(
            .fact,
            "`\(rest)` is a condition: its column holds true and false; `=` gives `\(name.text)` a value, `filter \(rest)` keeps rows",
            at: item.range))
      }
      if case .name = item.value.kind {
        context.report(
          "name-wanted", "`derive` wants name = expression", at: item.range,
          help: [
            "such as derive \(ExpressionText.columnName(item.value))_2 = \(ExpressionText.of(item.value))"
          ])
      }
    }
    context.refuseDuplicates(items)
    let keys = context.keyExpressions(call)
    let order = context.sortClause(call)
    let result = context.deriving(items, keys: keys, order: order)
    context.refuseIdleClauses(call)
    return result
  }
}
