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
    if context.refusesSeveralOrders(items, call) { return nil }
    context.refuseDuplicates(items)
    if context.refusesMadeHere(items, call) { return nil }
    context.noteNearNames(items)
    let keys = context.keyExpressions(call)
    let order = context.sortClause(call)
    let result = context.deriving(items, keys: keys, order: order)
    context.refuseIdleClauses(call)
    return result
  }
}

extension StageContext {
  /// `derive a = lag(n) sort m, b = lead(n) sort m`: the order stands once, behind all that it is for.
  fileprivate mutating func refusesSeveralOrders(_ items: [Item], _ call: VerbCall) -> Bool {
    let behind = call.items("sort")
    let further = behind.filter { !$0.names.isEmpty }
    guard let first = further.first else { return false }
    let keys = behind.prefix { $0.names.isEmpty }
    let by = call.items("by")
    let groups = by.isEmpty ? "" : " by " + Group(items: by, range: call.range).ordered
    let made = Group(items: items + further, range: call.range).ordered
    report(
      "several-orders", "`sort` stands once, behind all that it is for", at: first.range,
      help: ["write derive \(made)\(groups) sort \(Group(items: Array(keys), range: call.range).ordered)"])
    return true
  }

  /// `derive o = x * 2, r = rank() sort o`: groups and order are of the rows as they come.
  fileprivate mutating func refusesMadeHere(_ items: [Item], _ call: VerbCall) -> Bool {
    let made = Set(items.flatMap(\.names).map(\.text))
    for word in ["by", "sort"] {
      for item in call.items(word) {
        guard let name = (item.condition ?? item.value).firstColumn, made.contains(name) else { continue }
        let column = CheckMessages.quoted(name)
        if schema.names.contains(name) {
          notes.append(
            Note(
              .fact,
              "`\(word)` goes by \(column) as it came; what this stage makes of it is there from the next stage on",
              subject: name, at: item.range))
          continue
        }
        guard case .none = Scope(schema).find(name), environment.binding(name) == nil,
          let maker = items.firstIndex(where: { $0.names.contains { $0.text == name } })
        else { continue }
        let first = Group(items: Array(items[...maker]), range: call.range).ordered
        let rest = Array(items[(maker + 1)...])
        func clause(_ word: String) -> String {
          let written = (call.groups(word) ?? []).map(\.ordered).joined(separator: " ")
          return written.isEmpty ? "" : " \(word) \(written)"
        }
        // Groups that are not of what is made are those of both.
        let groups = word == "sort" ? clause("by") : ""
        let behind =
          rest.isEmpty
          ? "…" : "derive \(Group(items: rest, range: call.range).ordered)\(clause("by"))\(clause("sort"))"
        report(
          "made-here", "\(column) is made in this stage, and `\(word)` goes by the rows as they come",
          at: item.range, help: ["make it in a stage before: derive \(first)\(groups) | \(behind)"])
        return true
      }
    }
    return false
  }

  /// `derive sex = upper(Sex)`: a column of nearly the same name stays beside the new one.
  fileprivate mutating func noteNearNames(_ items: [Item]) {
    let here = Set(schema.names)
    // A derive may make thousands of columns: the names are folded once.
    let folded = Dictionary(schema.names.map { (Suggestion.folded($0), $0) }) { first, _ in first }
    for name in items.flatMap(\.names) where !here.contains(name.text) {
      guard let near = folded[Suggestion.folded(name.text)] else { continue }
      notes.append(
        Note(
          .fact,
          "`\(name.text)` is a second column beside `\(near)`; derive \(CheckMessages.quoted(near)) = … replaces that one",
          subject: name.text, at: name.range))
    }
  }
}
