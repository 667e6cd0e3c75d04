import Columns
import Diagnostics
import Language

/// Lists, records, and what is read out of them.
extension ExpressionChecker {
  mutating func checkList(_ items: [Expression], at range: SourceRange) -> PlanExpression? {
    var checked: [PlanExpression] = []
    var failed = false
    for item in items {
      if case .range(let lower, let upper) = item.kind {
        guard let whole = checkRange(lower, upper, at: item.range), case .list(let values)? = whole.constant
        else {
          failed = true
          continue
        }
        checked += values.map { .literal($0, at: item.range) }
        continue
      }
      if let value = check(item) { checked.append(value) } else { failed = true }
    }
    if failed { return nil }
    var type = DataType.missing
    for value in checked {
      guard let common = DataType.common(type, value.type) else {
        report(
          Diagnostic(
            "list-types", "a list holds one type; \(CheckMessages.mixture(type, value.type))",
            at: value.range))
        return nil
      }
      type = common
    }
    let constants = checked.compactMap(\.constant)
    if constants.count == checked.count {
      var list = PlanExpression(
        .literal(.list(constants.map { $0.widened(to: type) })), .list(type), at: range)
      list.isUnknown = checked.contains(where: \.isUnknown)
      return list
    }
    return PlanExpression(
      .call(PlanExpression.Call(Interpolation.list, checked, at: range)), .list(type), at: range)
  }

  mutating func checkRecord(_ fields: [Expression.Field], at range: SourceRange) -> PlanExpression? {
    var values: [Value.Field] = []
    var seen: Set<String> = []
    for field in fields {
      if !seen.insert(field.name.text).inserted {
        report(CheckMessages.fieldTwice(field.name.text, at: field.name.range))
        return nil
      }
      guard let checked = check(field.value) else { return nil }
      guard let constant = checked.constant else {
        report(Diagnostic("record-constant", "a record here holds plain values only", at: field.value.range))
        return nil
      }
      values.append(Value.Field(field.name.text, constant))
    }
    return .literal(.record(values), at: range)
  }

  /// `1..5` as a list of whole numbers.
  mutating func checkRange(_ lower: Expression, _ upper: Expression, at range: SourceRange) -> PlanExpression?
  {
    guard let low = check(lower), let high = check(upper) else { return nil }
    guard case .int(let first)? = low.constant, case .int(let last)? = high.constant else {
      report(
        Diagnostic(
          "range", "a range in a list runs between whole numbers", at: range,
          help: [
            "for dates use sequence(from, to, step); to test a range: x between a and b",
            "a range with a name is a condition: def fits(x) = x in \(ExpressionText.code(lower))..\(ExpressionText.code(upper))",
          ]))
      return nil
    }
    let (size, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow, size < 1_000_000 else {
      report(Diagnostic("range", "this range has more than a million values", at: range))
      return nil
    }
    let values = size < 0 ? [] : (first...last).map { Value.int($0) }
    return PlanExpression(.literal(.list(values)), .list(.int), at: range)
  }

  mutating func checkIndex(_ base: Expression, _ index: Expression, at range: SourceRange) -> PlanExpression?
  {
    if case .name(let name) = base.kind, let table = environment.table(name.text),
      table.source.schema.count > 1, !scope.names.contains(name.text)
    {
      report(CheckMessages.tableIndexed(name.text, ExpressionText.of(index), index, at: range))
      return nil
    }
    guard let list = check(base) else { return nil }
    guard case .list(let element) = list.type else {
      report(Diagnostic("index", "\(text(base)) is \(list.type.name), not a list", at: base.range))
      return nil
    }
    if index.isWrittenCondition { return checkElement(list, of: element, where: index, at: range) }
    guard let position = check(index) else { return nil }
    guard position.type == .int else {
      report(
        Diagnostic("index", "a list is read by position: \(text(base))[0] is the first", at: index.range))
      return nil
    }
    return call("element", [list, position], element, at: range)
  }

  mutating func checkField(_ base: Expression, _ name: Name, at range: SourceRange) -> PlanExpression? {
    if let path = joinedName(base, name, at: range) { return checkName(path) }
    guard let record = check(base) else { return nil }
    return field(of: record, name)
  }

  mutating func field(of record: PlanExpression, _ name: Name) -> PlanExpression? {
    guard case .record(let fields) = record.type else {
      if case .list = record.type {
        report(
          Diagnostic(
            "field-of-list", "`.\(name.text)` reads a record, and this is a list of them", at: name.range,
            help: ["take the first with [0], or make a row of each with `split`"]))
      } else {
        report(
          Diagnostic(
            "field", "`.\(name.text)` reads a record, but this is \(record.type.name)", at: name.range,
            help: environment.catalogue.function(name.text).map { ["write \($0.name)(…) around it"] } ?? []))
      }
      return nil
    }
    guard let index = fields.firstIndex(where: { $0.name == name.text }) else {
      report(CheckMessages.unknownColumn(name.text, at: name.range, known: fields.map(\.name)))
      return nil
    }
    return PlanExpression(.field(record, index, name: name.text), fields[index].type, at: name.range)
  }
}
