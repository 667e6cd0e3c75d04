import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let select = Verb(
    "select", aliases: ["project", "keep"],
    "keeps only these columns, in this order; new ones may be computed",
    forms: ["select column, name = expression, first..last, starts_with(\"lab_\"), …"],
    argument: .items(named: true),
    examples: [Example("table [{a: 1, b: 2, c: 3}] | select d = a + c", gives: "4")],
    searchWords: ["columns", "project", "keep", "pick", "choose", "reorder"]
  ) { call, context in
    if context.refusesGroupedSelect(call) { return context.plan }
    let items = call.arguments.first?.items ?? []
    if items.isEmpty {
      context.report(
        "incomplete", "`select` names no column", at: call.wordRange, help: ["such as select ward, age"])
      return context.plan
    }
    if let minus = items.first(where: { item in
      if case .unary(.minus, _) = item.value.kind { return item.names.isEmpty }
      return false
    }) {
      // `project-away age`
      if let word = call.stage.word, word.range.upper == minus.range.lower,
        case .unary(.minus, let operand) = minus.value.kind
      {
        let verb =
          ["away": "drop", "rename": "rename", "keep": "select"][ExpressionText.of(operand)] ?? "select"
        let rest = call.arguments.dropFirst().map(\.ordered).joined(separator: " ")
        context.report(
          "select-minus", "the verb here has one word", at: call.range,
          help: ["write \(verb) \(rest.isEmpty ? "…" : rest)"])
        return context.plan
      }
      context.refuseRest(call.arguments.dropFirst(), call)
      let dropped = items.map { item -> String in
        if case .unary(.minus, let operand) = item.value.kind { return ExpressionText.of(operand) }
        return ExpressionText.of(item.value)
      }.joined(separator: ", ")
      context.report(
        "select-minus", "`select -…` keeps nothing", at: minus.range,
        help: ["to leave columns out: drop \(dropped)"],
        fix: Diagnostic.Fix(call.range, "drop \(dropped)"))
      return context.plan
    }
    context.refuseRest(call.arguments.dropFirst(), call)
    context.refuseDuplicates(items)
    var results: [(name: String, expression: PlanExpression)] = []
    var taken = TakenNames()
    let givenNames = Set(items.flatMap(\.names).map(\.text))
    let wider = context.overRows(keys: [], order: []) { checker, context in
      for item in items {
        if let picked = context.pickedColumns(item) {
          for index in picked where !taken.contains(context.schema[index].name) {
            taken.insert(context.schema[index].name)
            results.append(
              (context.schema[index].name, .column(index, context.schema[index], at: item.range)))
          }
          continue
        }
        if case .missing = item.value.kind, item.names.isEmpty {
          context.report(
            "reserved", "`missing` is the missing value, not a column", at: item.range,
            help: ["a column of that name stands in backticks: `missing`"],
            fix: Diagnostic.Fix(item.range, "`missing`"))
          continue
        }
        let checked =
          item.names.isEmpty && checker.refusesDisguisedColumn(item.value) ? nil : checker.check(item.value)
        // A function over rows is a column behind those that there are.
        if item.names.isEmpty, case .column(let index, _)? = checked?.kind, index < context.schema.count,
          taken.contains(context.schema[index].name)
        {
          continue
        }
        for (name, expression) in context.named(
          item, checked ?? .literal(.missing, at: item.range), checker.furtherResults)
        {
          let isColumn = if case .column? = checked?.kind { item.names.isEmpty } else { false }
          let isGiven = isColumn || item.names.contains { $0.text == name }
          // `select age, age = …`; two that are written are refused above.
          if isGiven, taken.contains(name), let given = item.names.first(where: { $0.text == name }),
            items.flatMap(\.names).count(where: { $0.text == name }) == 1
          {
            context.refuseDuplicate(given)
          }
          results.append((taken.unique(name, but: isGiven ? [] : givenNames), expression))
        }
      }
    }
    return context.projecting(results, onto: wider)
  }

  static let drop = Verb(
    "drop", aliases: ["project_away"], "leaves these columns out",
    forms: ["drop column, first..last, starts_with(\"lab_\"), …"], argument: .items(named: false),
    examples: [Example("table [{a: 1, b: 2}] | drop a", gives: "2")],
    searchWords: ["remove", "exclude", "delete", "except", "without"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    let dropped = Set(context.columns(call.arguments.first?.items ?? []))
    let kept = context.schema.fields.indices.filter { !dropped.contains($0) }
    if kept.isEmpty, !dropped.isEmpty {
      context.report("nothing-left", "`drop` would leave no column", at: call.range)
      return context.plan
    }
    return context.keeping(kept, of: context.plan)
  }

  static let rename = Verb(
    "rename", aliases: [], "gives columns new names",
    forms: ["rename new = old, …"], argument: .items(named: true),
    examples: [Example("table [{a: 1}] | rename b = a | select b", gives: "1")],
    searchWords: ["name", "as", "relabel"]
  ) { call, context in
    if context.refusesRenameOrder(call) { return context.plan }
    context.refuseRest(call.arguments.dropFirst(), call)
    var names = context.schema.names
    var renamed: Set<Int> = []
    for item in call.arguments.first?.items ?? [] {
      guard let new = item.names.first else {
        context.report(
          "name-wanted", "`rename` wants new = old", at: item.range,
          help: ["such as rename ward = \(ExpressionText.of(item.value))"])
        continue
      }
      if context.isTurnedRound(new, item.value) { continue }
      guard let index = context.column(item.value) else { continue }
      if !renamed.insert(index).inserted {
        context.report(
          "renamed-twice", "`\(context.schema[index].name)` gets two names in one stage", at: item.range,
          help: [
            "a second column of it: in a stage behind, derive \(CheckMessages.quoted(new.text)) = \(CheckMessages.quoted(names[index]))"
          ])
      }
      names[index] = new.text
    }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      context.report(
        "duplicate-name", "two columns would be named `\(name)`", at: call.range,
        help: ["rename or drop the other one too"])
    }
    let schema = context.schema
    return context.projecting(
      names.enumerated().map { index, name in (name, .column(index, schema[index], at: context.origin.range))
      },
      onto: context.plan)
  }
}

extension StageContext {
  /// `select ward, count() by ward`: groups are made by `aggregate`.
  fileprivate mutating func refusesGroupedSelect(_ call: VerbCall) -> Bool {
    let rest = call.arguments.dropFirst()
    guard let by = rest.first?.bareWord, by.text.lowercased() == "by", rest.count > 1 else { return false }
    let items = call.arguments.first?.items ?? []
    guard items.contains(where: { holdsAggregate($0.value) }) else { return false }
    let mended = grouped(items, by: Array(rest.dropFirst()))
    report(
      "select-by", "`select` gives a row for each row; groups are made by `aggregate`", at: call.range,
      help: ["write \(mended ?? "aggregate n = count() by …")"],
      fix: mended.map { Diagnostic.Fix(call.range, $0) })
    return true
  }

  private func holdsAggregate(_ expression: Expression) -> Bool {
    expression.contains { part in
      guard case .call(let called, _) = part.kind else { return false }
      return environment.catalogue.function(called.text)?.isAggregate == true
    }
  }

  /// The `aggregate` stage that a grouped `select` means; nil where there is more in it than columns and results.
  private func grouped(_ items: [Item], by groups: [Group]) -> String? {
    let names = schema.names
    func isColumn(_ item: Item) -> Bool {
      if case .name(let name) = item.value.kind { names.contains(name.text) } else { false }
    }
    var keys = groups.flatMap(\.items)
    guard groups.count == 1, keys.allSatisfy(isColumn) else { return nil }
    var results: [String] = []
    var taken = TakenNames(keys.map { ExpressionText.columnName($0.value) })
    var seen: Set<String> = []
    for item in items {
      if holdsAggregate(item.value) {
        let code = ExpressionText.code(item.value)
        let isCall = if case .call = item.value.kind { true } else { false }
        guard item.names.count == 1 || item.names.isEmpty && isCall, seen.insert(code).inserted else {
          if seen.contains(code) { continue }
          return nil
        }
        let name = taken.unique(item.names.first?.text ?? ExpressionText.columnName(item.value))
        results.append("\(CheckMessages.quoted(name)) = \(code)")
      } else if isColumn(item) || item.names.count == 1 {
        let code = ExpressionText.code(item.value)
        if !keys.contains(where: { ExpressionText.code($0.value) == code }) { keys.append(item) }
      } else {
        return nil
      }
    }
    let written = keys.map { key in
      (key.names.first.map { "\(CheckMessages.quoted($0.text)) = " } ?? "") + ExpressionText.code(key.value)
    }
    return "aggregate \(results.joined(separator: ", ")) by \(written.joined(separator: ", "))"
  }

  /// `rename sex gender`, `rename sex as gender`, `rename {sex: gender}`: the pairs of other languages.
  fileprivate mutating func refusesRenameOrder(_ call: VerbCall) -> Bool {
    guard let pairs = spacedPair(call) ?? Self.pairs(call.arguments) else { return false }
    let columns = schema.names
    let spelled = pairs.map { first, second in
      // The one that is a column is the old name; of two, or of none, the first is, as elsewhere.
      let isTurned = !columns.contains(first) && columns.contains(second)
      let (old, new) = isTurned ? (second, first) : (first, second)
      return "\(CheckMessages.quoted(new)) = \(CheckMessages.quoted(old))"
    }
    let mended = "rename " + spelled.joined(separator: ", ")
    report(
      "name-wanted", "`rename` wants new = old", at: call.range, help: ["write \(mended)"],
      fix: Diagnostic.Fix(call.range, mended))
    return true
  }

  /// `rename Bed Occ % to occ`: a column whose name is not in backticks, and its new name; nil for anything else.
  private func spacedPair(_ call: VerbCall) -> [(String, String)]? {
    let written = call.arguments.map(\.written).joined(separator: " ")
    func words(_ text: some StringProtocol) -> [String] { text.split(separator: " ").map { $0.lowercased() } }
    let given = words(written)
    for column in schema.names where column.contains(" ") {
      let own = words(column)
      guard given.starts(with: own) else { continue }
      let rest = written.split(separator: " ").dropFirst(own.count)
      let new = rest.count == 2 && ["as", "to"].contains(rest.first?.lowercased()) ? rest.dropFirst() : rest
      if new.count == 1, let name = new.first { return [(column, String(name))] }
    }
    return nil
  }

  /// Names in pairs; nil for anything else.
  private static func pairs(_ groups: [Group]) -> [(String, String)]? {
    let items = groups.flatMap(\.items)
    if items.count == 1, groups.count == 1, items[0].names.isEmpty,
      case .record(let fields) = items[0].value.kind
    {
      let pairs = fields.compactMap { field -> (String, String)? in
        switch field.value.kind {
        case .name(let name): (field.name.text, name.text)
        case .text(let text): (field.name.text, text)
        default: nil
        }
      }
      return pairs.count == fields.count && !pairs.isEmpty ? pairs : nil
    }
    guard groups.count > 1 else { return nil }
    var names: [String] = []
    for item in items {
      guard item.names.isEmpty, item.direction == nil else { return nil }
      switch item.value.kind {
      case .name(let name) where !name.isQuoted && ["as", "to"].contains(name.text.lowercased()): continue
      case .name(let name): names.append(name.text)
      case .text(let text): names.append(text)
      default: return nil
      }
    }
    guard names.count > 1, names.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: names.count, by: 2).map { (names[$0], names[$0 + 1]) }
  }

  /// `rename old = new`: reported when the left name is a column and the right one is none.
  fileprivate mutating func isTurnedRound(_ new: Name, _ value: Expression) -> Bool {
    guard case .name(let old) = value.kind, !schema.names.contains(old.text), schema.names.contains(new.text)
    else { return false }
    report(
      "turned-round", "`rename` wants new = old, and there is no column `\(old.text)`", at: value.range,
      help: ["write rename \(CheckMessages.quoted(old.text)) = \(CheckMessages.quoted(new.text))"])
    return true
  }
}
