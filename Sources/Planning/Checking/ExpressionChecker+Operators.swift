import Columns
import Diagnostics
import Language

extension ExpressionChecker {
  /// A call of an operator or function whose types are known to fit.
  func call(_ name: String, _ arguments: [PlanExpression], _ type: DataType, at range: SourceRange)
    -> PlanExpression?
  {
    guard let function = environment.catalogue.function(name) else { return nil }
    return PlanExpression(.call(PlanExpression.Call(function, arguments, at: range)), type, at: range)
  }

  func negate(_ expression: PlanExpression?, if negated: Bool, at range: SourceRange) -> PlanExpression? {
    guard negated, let expression else { return expression }
    return call("not", [expression], .bool, at: range)
  }

  mutating func checkUnary(_ symbol: UnaryOperator, _ operand: Expression, at range: SourceRange)
    -> PlanExpression?
  {
    switch symbol {
    case .not:
      guard let checked = checkCondition(operand) else { return nil }
      return call("not", [checked], .bool, at: range)
    case .minus:
      guard let checked = check(operand) else { return nil }
      guard checked.type.isNumber || checked.type == .duration || checked.type == .missing else {
        report(
          Diagnostic(
            "operand-types", "`-` wants a number or a duration, but \(text(operand)) is \(checked.type.name)",
            at: range))
        return nil
      }
      return call("negate", [checked], checked.type, at: range)
    }
  }

  mutating func checkBinary(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression, at range: SourceRange
  ) -> PlanExpression? {
    if symbol == .divide { noteCountOfGroups(left, of: right) }
    if refusesNarrowOtherwise(symbol, left, right, at: range) { return nil }
    switch symbol {
    case .and, .or:
      if refusesHalfCondition(symbol, left, right) { return nil }
      let first = checkCondition(left)
      let second = checkCondition(right)
      guard let first, let second else { return nil }
      return call(symbol.rawValue, [first, second], .bool, at: range)
    case .equal, .notEqual:
      // `x = null` means `x is missing`.
      if case .missing = right.kind {
        guard let value = check(left) else { return nil }
        return negate(call("is missing", [value], .bool, at: range), if: symbol == .notEqual, at: range)
      }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      for (side, other) in [(left, right), (right, left)] {
        guard case .missing = side.kind else { continue }
        let hasColumn = scope.columns.contains { $0.name == "missing" }
        report(CheckMessages.comparedWithMissing(text(other), hasColumn: hasColumn, at: range))
        return nil
      }
    case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power:
      for side in [left, right] {
        if case .missing = side.kind, refusesMissing(at: side.range) { return nil }
      }
    case .otherwise: return checkOtherwise(left, right, at: range)
    case .like, .notLike, .matches, .notMatches: return checkPattern(symbol, left, right, at: range)
    }
    if symbol == .add, refusesTextSum(left, right, at: range) { return nil }
    if refusesPercent(symbol, left, right, at: range) || refusesItself(symbol, left, right, at: range) {
      return nil
    }
    if symbol == .equal || symbol == .notEqual, refusesYes(symbol, left, right, at: range) { return nil }
    let first = check(left)
    let second = check(right)
    guard let first, let second else { return nil }
    if symbol.isComparison {
      if first.constant != nil, second.constant != nil,
        refusesDisguisedColumn(left) || refusesDisguisedColumn(right)
      {
        return nil
      }
      for (value, expression) in [(first, left), (second, right)] where isUnreadable(value, expression) {
        report(CheckMessages.comparedWithUnreadable(text(expression), value.type, at: expression.range))
        return nil
      }
      if refusesDisguisedColumn(left, beside: second) || refusesDisguisedColumn(right, beside: first) {
        return nil
      }
      noteMidnight(symbol, first, left, second, right)
      if refusesShare(first, left, second, right) { return nil }
    }
    return operation(
      symbol.rawValue, first, ExpressionText.code(left), second, ExpressionText.code(right), at: range)
  }

  /// `arrival == "ambulance" ?? false`: `??` takes the value beside it, where the whole comparison was meant.
  private mutating func refusesNarrowOtherwise(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression, at range: SourceRange
  ) -> Bool {
    let isTest = symbol.isComparison || [.like, .notLike, .matches, .notMatches].contains(symbol)
    guard isTest, case .binary(.otherwise, let value, let other) = right.kind,
      case .bool(let otherwise) = other.kind
    else { return false }
    var trial = self
    guard let checked = trial.check(value), checked.type != .bool, !checked.type.isMissingType else {
      return false
    }
    report(
      Diagnostic(
        "narrow-otherwise", "`??` takes the value beside it, \(text(value)), and not the whole comparison",
        at: range,
        help: ["write (\(text(left)) \(symbol.rawValue) \(text(value))) ?? \(otherwise)"]))
    return true
  }

  /// `overridden = yes`: of a condition, which is true or false.
  private mutating func refusesYes(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression, at range: SourceRange
  ) -> Bool {
    guard case .name(let column) = left.kind, case .name(let word) = right.kind, !word.isQuoted,
      ["yes", "no", "y", "n"].contains(word.text.lowercased())
    else { return false }
    if case .found = scope.find(word.text) { return false }
    guard case .found(let found) = scope.find(column.text), case .expression(let value) = found.entry,
      value.type == .bool
    else { return false }
    let name = CheckMessages.quoted(column.text)
    let isYes = word.text.lowercased().hasPrefix("y") == (symbol == .equal)
    report(
      Diagnostic(
        "yes-no", "`\(column.text)` is true or false, and a condition by itself", at: range,
        help: ["write \(isYes ? name : "not \(name)")"]))
    return true
  }

  /// `family + ", " + given`: the whole chain is one `concat`.
  private mutating func refusesTextSum(_ left: Expression, _ right: Expression, at range: SourceRange) -> Bool
  {
    // The parts of a chain are looked at once, with the chain.
    if let seen = textSumSeen, seen.lower <= range.lower, range.upper <= seen.upper { return false }
    textSumSeen = range
    var all: [Expression] = []
    func gather(_ expression: Expression) {
      guard case .binary(.add, let left, let right) = expression.kind, !expression.isParenthesized else {
        all.append(expression)
        return
      }
      gather(left)
      gather(right)
    }
    gather(left)
    gather(right)
    guard all.count > 2, all.contains(where: \.isText) else { return false }
    report(
      Diagnostic(
        "text-sum", "`+` adds numbers and times, and there is a text between", at: range,
        help: ["join texts with concat(\(all.map(written).joined(separator: ", ")))"]))
    return true
  }

  /// `class == "ED" or "inpatient"`: the second value stands alone.
  private mutating func refusesHalfCondition(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression
  ) -> Bool {
    switch right.kind {
    case .text, .int, .float, .date: break
    default: return false
    }
    guard case .binary(.equal, let subject, let first) = left.kind, !right.isParenthesized else {
      return false
    }
    report(
      CheckMessages.halfCondition(symbol.rawValue, text(subject), text(first), text(right), at: right.range))
    return true
  }

  /// An operator on two checked operands, its types matched.
  mutating func operation(
    _ symbol: String, _ left: PlanExpression, _ leftText: @autoclosure () -> String, _ right: PlanExpression,
    _ rightText: @autoclosure () -> String, at range: SourceRange
  ) -> PlanExpression? {
    guard let function = environment.catalogue.function(symbol) else { return nil }
    for signature in function.signatures where signature.parameters.count == 2 {
      guard signature.parameters[0].type.accepts(left.type), signature.parameters[1].type.accepts(right.type),
        let type = resultType(signature, [left.type, right.type])
      else { continue }
      if BinaryOperator(rawValue: symbol)?.isComparison == true {
        noteCalendarDay(left, leftText(), right, rightText(), at: range)
        if ["<", "<=", ">", ">="].contains(symbol) { noteLetterOrder([left, right], at: range) }
      }
      return PlanExpression(
        .call(PlanExpression.Call(function, [left, right], at: range)), type, at: range)
    }
    report(
      remarked(
        CheckMessages.operands(symbol, left.type, leftText(), right.type, rightText(), at: range),
        [left, right]))
    return nil
  }

  /// A date beside a datetime, where neither is a written value: that they compare by the day is easily overlooked.
  package mutating func noteCalendarDay(
    _ left: PlanExpression, _ leftText: String, _ right: PlanExpression, _ rightText: String,
    at range: SourceRange
  ) {
    guard Set([left.type, right.type]) == [.date, .datetime] else { return }
    for side in [left, right] { if let value = side.constant, !value.isMissing { return } }
    let date = left.type == .date ? leftText : rightText
    let note = Note(
      .fact,
      "`\(leftText)` and `\(rightText)` compare by the calendar day, as `\(date)` is a date; datetime(\(date)) is its midnight",
      at: range)
    if !notes.contains(where: { $0.message == note.message }) { notes.append(note) }
  }

  /// `hour(t) between 22 and 6`: nothing lies there, and it may be the night that is meant, or the day.
  private mutating func noteTurnedRange(
    _ value: PlanExpression, _ subject: String, _ low: PlanExpression, _ high: PlanExpression,
    at range: SourceRange
  ) {
    guard value.constant == nil, let first = low.constant, let last = high.constant,
      Contradictions.isTurnedRound(value, first, last)
    else { return }
    let (from, to) = (PlanExpression.text(of: first), PlanExpression.text(of: last))
    let note = Note(
      .fact,
      "nothing lies between \(from) and \(to), as the lower end stands first: between \(to) and \(from) is what lies there, \(subject) >= \(from) or \(subject) <= \(to) what lies outside",
      at: range)
    if !notes.contains(where: { $0.message == note.message }) { notes.append(note) }
  }

  private mutating func checkOtherwise(_ left: Expression, _ right: Expression, at range: SourceRange)
    -> PlanExpression?
  {
    if refusesDisguisedColumn(left) { return nil }
    let first = check(left)
    let second = check(right)
    guard let first, let second else { return nil }
    if left.isLiteral, !first.type.isMissingType {
      report(
        Diagnostic(
          "otherwise-literal", "`\(text(left))` is never missing, so `??` does nothing", at: left.range,
          help: [
            right.isLiteral
              ? "leave it out: \(text(left))"
              : "the value that may be missing stands on the left: \(text(right)) ?? \(text(left))"
          ]))
      return nil
    }
    return operation("??", first, ExpressionText.of(left), second, ExpressionText.of(right), at: range)
  }

  private mutating func checkPattern(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression, at range: SourceRange
  ) -> PlanExpression? {
    let first = check(left)
    let second = check(right)
    guard let first, let second else { return nil }
    if first.constant != nil, second.constant != nil, refusesDisguisedColumn(left) { return nil }
    let base = symbol == .like || symbol == .notLike ? "like" : "~"
    let result = operation(base, first, ExpressionText.of(left), second, ExpressionText.of(right), at: range)
    return negate(result, if: symbol == .notLike || symbol == .notMatches, at: range)
  }

  /// `site == site`, where one of them was to be a parameter that the column hides.
  private mutating func refusesItself(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression, at range: SourceRange
  ) -> Bool {
    guard symbol.isComparison, case .name(let name) = left.kind, case .name(let other) = right.kind,
      name.text == other.text, case .found = scope.find(name.text)
    else { return false }
    switch environment.bindings[name.text] {
    case .value, .unknown: break
    default: return false
    }
    report(CheckMessages.comparedWithItself(name.text, at: range))
    return true
  }

  /// A conversion of a written text that gave nothing: `date("01/02/2025")`.
  private func isUnreadable(_ value: PlanExpression, _ expression: Expression) -> Bool {
    guard case .call(let name, let arguments) = expression.kind, arguments.count == 1,
      case .text(let text)? = arguments.first?.value.kind,
      environment.catalogue.function(name.text)?.category == .conversions
    else { return false }
    return Kernels.parse(text, as: value.type) == nil
  }

  /// `admitted <= 2025-01-01 + 30d`: a sum with a duration is a moment, and of its day only midnight is compared.
  private mutating func noteMidnight(
    _ symbol: BinaryOperator, _ first: PlanExpression, _ left: Expression, _ second: PlanExpression,
    _ right: Expression
  ) {
    guard first.type == .datetime, second.type == .datetime else { return }
    if ![.less, .greaterOrEqual].contains(symbol) { noteMidnight(right) }
    if ![.greater, .lessOrEqual].contains(symbol) { noteMidnight(left) }
  }

  private mutating func noteMidnight(_ expression: Expression) {
    guard case .binary(let sign, let day, let step) = expression.kind, sign == .add || sign == .subtract,
      case .duration(let length) = step.kind, length.isMultiple(of: Calendar.microsecondsPerDay)
    else { return }
    var probe = self
    guard probe.check(day)?.type == .date else { return }
    let days = length / Calendar.microsecondsPerDay * (sign == .subtract ? -1 : 1)
    notes.append(
      Note(
        .fact,
        "`\(text(expression))` is the midnight with which that day begins; the whole day is add(\(text(day)), \(days), days)",
        at: expression.range))
  }

  /// `percent(x) > 10%`: percent gives 0 to 100, `10%` is 0.1; one of them is not what was meant.
  private mutating func refusesPercent(
    _ symbol: BinaryOperator, _ left: Expression, _ right: Expression, at range: SourceRange
  ) -> Bool {
    guard symbol.isComparison else { return false }
    for (function, literal) in [(left, right), (right, left)] {
      if case .call(let name, _) = function.kind, name.text == "percent",
        case .percent(let value) = literal.kind
      {
        report(CheckMessages.percentScale("percent(…)", text(literal), value, at: literal.range))
        return true
      }
    }
    return false
  }

  /// A percentage beside `5%`, which is 0.05; beside another number below 1 it may be meant, and is noted.
  private mutating func refusesShare(
    _ first: PlanExpression, _ left: Expression, _ second: PlanExpression, _ right: Expression
  ) -> Bool {
    for (side, expression, other, written) in [
      (first, left, second, right), (second, right, first, left),
    ] {
      guard side.isPercentage, let share = other.constant?.number else { continue }
      if case .percent = written.kind {
        report(
          CheckMessages.percentScale(
            percentage(expression), text(written), share, at: written.range))
        return true
      }
      guard share > 0, share < 1 else { continue }
      notes.append(
        Note(
          .fact,
          "`\(text(expression))` runs from 0 to 100, and `\(text(written))` is less than one percent: \(ExpressionText.number(share))",
          at: written.range))
    }
    return false
  }

  private func percentage(_ expression: Expression) -> String {
    if case .name(let name) = expression.kind { return "`\(name.text)`" }
    return "this percentage"
  }

  /// `"department"` where `department` is a column and a text that is the same in every row says nothing; `[department]`,
  /// as databases write a column.
  package mutating func refusesDisguisedColumn(_ expression: Expression) -> Bool {
    if expression.isParenthesized { return false }
    if case .missing = expression.kind, refusesMissing(at: expression.range) { return true }
    if case .list(let elements) = expression.kind, elements.count == 1, let element = elements.first,
      case .name(let name) = element.kind, case .found(let column) = scope.find(name.text)
    {
      report(CheckMessages.bracketedColumn(column.name, at: expression.range))
      return true
    }
    guard case .text(let text) = expression.kind, case .found(let column) = scope.find(text),
      column.name == text
    else { return false }
    report(CheckMessages.quotedColumn(text, at: expression.range))
    return true
  }

  /// `100 * missing / rows` where a column has that name, as the table that `describe` makes.
  private mutating func refusesMissing(at range: SourceRange) -> Bool {
    guard scope.columns.contains(where: { $0.name == "missing" }) else { return false }
    report(
      Diagnostic(
        "missing-column", "`missing` is the missing value here, and a column has that name, too", at: range,
        help: ["the column is written in backticks: `missing`"],
        fix: Diagnostic.Fix(range, "`missing`")))
    return true
  }

  /// `"Unit No." == 1`: a column's name in quotes, beside what no text is compared with.
  private mutating func refusesDisguisedColumn(_ expression: Expression, beside other: PlanExpression) -> Bool
  {
    guard case .text(let text) = expression.kind, other.type != .text, !other.type.isMissingType,
      case .found(let column) = scope.find(text)
    else { return false }
    report(CheckMessages.quotedColumn(column.name, at: expression.range))
    return true
  }

  mutating func checkBetween(
    _ value: Expression, _ lower: Expression, _ upper: Expression, _ negated: Bool, at range: SourceRange
  ) -> PlanExpression? {
    if refusesDisguisedColumn(value) { return nil }
    let checked = check(value)
    let low = check(lower)
    let high = check(upper)
    guard let checked, let low, let high else { return nil }
    if refusesDisguisedColumn(value, beside: low) { return nil }
    if checked.type == .datetime, high.type == .datetime { noteMidnight(upper) }
    if refusesShare(checked, value, low, lower) || refusesShare(checked, value, high, upper) { return nil }
    return negate(
      between(checked, written(value), low, written(lower), high, written(upper), at: range), if: negated,
      at: range)
  }

  private mutating func between(
    _ value: PlanExpression, _ valueText: String, _ low: PlanExpression, _ lowText: String,
    _ high: PlanExpression, _ highText: String, at range: SourceRange
  ) -> PlanExpression? {
    // The operands must compare; the messages of `>=` and `<=` say it best.
    let count = diagnostics.count
    _ = operation(">=", value, valueText, low, lowText, at: range)
    let texts = [low, high].compactMap { $0.constant?.string }
    if diagnostics.count > count, value.type.isTime, texts.count == 2,
      texts.allSatisfy({ Kernels.parse($0, as: .date) != nil || Kernels.parse($0, as: .datetime) != nil })
    {
      let ends = texts.map { $0.split(separator: " ").joined(separator: "T") }
      diagnostics[count].help = [
        "dates are written without quotes: \(valueText) between \(ends[0]) and \(ends[1])"
      ]
    }
    if diagnostics.count == count { _ = operation("<=", value, valueText, high, highText, at: range) }
    guard diagnostics.count == count else { return nil }
    noteTurnedRange(value, valueText, low, high, at: range)
    return call("between", [value, low, high], .bool, at: range)
  }

  mutating func checkMembership(
    _ value: Expression, _ list: Expression, _ negated: Bool, at range: SourceRange
  ) -> PlanExpression? {
    if let name = list.tableColumn, let member = checkTableColumn(value, name, at: range) {
      return negate(member.expression, if: negated, at: range)
    }
    if case .pipeline(let pipeline) = list.kind {
      return negate(checkPipelineMember(value, pipeline, at: range), if: negated, at: range)
    }
    if refusesDisguisedColumn(value) { return nil }
    guard let checked = check(value) else { return nil }
    let items: [Expression]
    switch list.kind {
    case .list(let given), .tuple(let given): items = given
    case .range: items = [list]
    default:
      if list.isParenthesized {
        items = [list]
      } else {
        return checkListMember(checked, value, list, negated, at: range)
      }
    }
    return negate(membership(checked, value, items, at: range), if: negated, at: range)
  }

  /// `x in [a, b..c]`: single values looked up, ranges as `between`.
  private mutating func membership(
    _ value: PlanExpression, _ valueExpression: Expression, _ items: [Expression], at range: SourceRange
  ) -> PlanExpression? {
    var singles: [Value] = []
    var parts: [PlanExpression] = []
    var failed = false
    for item in items {
      if case .range(let lower, let upper) = item.kind {
        guard let low = check(lower), let high = check(upper),
          let part = between(
            value, text(valueExpression), low, text(lower), high, text(upper), at: item.range)
        else {
          failed = true
          continue
        }
        parts.append(part)
        continue
      }
      if case .missing = item.kind {
        report(CheckMessages.missingInList(text(valueExpression), at: item.range))
        failed = true
        continue
      }
      guard let checked = check(item) else {
        failed = true
        continue
      }
      guard
        let comparison = operation(
          "==", value, ExpressionText.of(valueExpression), checked, ExpressionText.of(item), at: item.range)
      else {
        failed = true
        continue
      }
      if let constant = checked.constant { singles.append(constant) } else { parts.append(comparison) }
    }
    if failed { return nil }
    if !singles.isEmpty || parts.isEmpty {
      let type = singles.reduce(value.type) { DataType.common($0, $1.type) ?? $0 }
      let list = PlanExpression(.literal(.list(singles)), .list(type), at: range)
      if let lookup = call("in", [value, list], .bool, at: range) { parts.insert(lookup, at: 0) }
    }
    guard var result = parts.first else { return nil }
    for part in parts.dropFirst() {
      guard let joined = call("or", [result, part], .bool, at: range) else { return nil }
      result = joined
    }
    return result
  }

  /// `x in list_column`, or a let that is a list.
  private mutating func checkListMember(
    _ value: PlanExpression, _ valueExpression: Expression, _ list: Expression, _ negated: Bool,
    at range: SourceRange
  ) -> PlanExpression? {
    guard let checked = check(list) else { return nil }
    if checked.isUnknown, checked.type == .missing { return unknownValue(.bool, at: range) }
    if case .list(let element) = checked.type {
      noteWholeNumbers(value, checked, list)
      guard Kernels.areComparable(value.type, element, forEquality: true) else {
        report(
          CheckMessages.operands("in", value.type, text(valueExpression), checked.type, text(list), at: range)
        )
        return nil
      }
      if checked.constant != nil {
        return negate(call("in", [value, checked], .bool, at: range), if: negated, at: range)
      }
      return negate(call("contains", [checked, value], .bool, at: range), if: negated, at: range)
    }
    let written = self.written(valueExpression)
    // `admitted in 2024`
    let isYear = value.type.isTime && (checked.constant?.integer).map { (1900...2100).contains($0) } ?? false
    report(
      Diagnostic(
        "in-list", "`in` wants a list, but \(text(list)) is \(checked.type.name)", at: list.range,
        help: [
          isYear
            ? "write year(\(written)) == \(text(list))"
            : "write a list: \(written) in [\(text(list)), …], or a table's column: in table.column"
        ]))
    return nil
  }

  /// `let r = 2..4`, then `x in r` of a float: as a list the range holds whole numbers, and behind `in` all between.
  private mutating func noteWholeNumbers(
    _ value: PlanExpression, _ list: PlanExpression, _ written: Expression
  ) {
    guard value.type == .float, case .name(let name) = written.kind, case .list(let values)? = list.constant,
      values.count > 1, case .int(let first)? = values.first, case .int(let last)? = values.last,
      values.enumerated().allSatisfy({ $1 == .int(first &+ Int64($0)) })
    else { return }
    notes.append(
      Note(
        .fact,
        "`\(name.text)` is a list of whole numbers: nothing between them is in it; \(first)..\(last) behind `in` itself, or between \(first) and \(last), takes all",
        subject: name.text, at: written.range))
  }

  /// `x in T.column`
  private mutating func checkTableColumn(
    _ value: Expression, _ name: Name, at range: SourceRange
  ) -> (expression: PlanExpression?, Void)? {
    let tableName: String
    let columnName: String
    if let dot = name.text.firstIndex(of: ".") {
      tableName = String(name.text[..<dot])
      columnName = String(name.text[name.text.index(after: dot)...])
    } else {
      // A table of one column needs no name for it.
      guard case .none = scope.find(name.text), let schema = environment.table(name.text)?.source.schema,
        schema.count == 1
      else { return nil }
      (tableName, columnName) = (name.text, schema[0].name)
    }
    if environment.isUnknownTable(tableName) {
      _ = check(value)
      return (nil, ())
    }
    guard let table = environment.table(tableName) else { return nil }
    guard let checked = check(value) else { return (nil, ()) }
    guard case .found(let column) = Scope(table.source.schema).find(columnName),
      case .expression(let expression) = column.entry, case .column(let index, _) = expression.kind
    else {
      report(CheckMessages.unknownColumn(columnName, at: name.range, known: table.source.schema.names))
      return (nil, ())
    }
    let origin = StageOrigin(range: name.range, verb: "from", index: 0)
    let field = table.source.schema[index]
    let plan = Plan.scan(
      Plan.Scan(source: table.source, columns: [index], schema: Schema([field]), filter: nil, origin: origin))
    return (member(checked, text(value), plan, field.type, name.text, at: range), ())
  }

  private mutating func checkPipelineMember(
    _ value: Expression, _ pipeline: Pipeline, at range: SourceRange
  ) -> PlanExpression? {
    guard let checked = check(value) else { return nil }
    guard let plan = lower(pipeline) else { return nil }
    guard plan.schema.count == 1 else {
      report(
        Diagnostic(
          "in-pipeline", "a pipeline behind `in` must have one column; this one has \(plan.schema.count)",
          at: pipeline.range, help: ["end it with `| select column`"]))
      return nil
    }
    return member(checked, text(value), plan, plan.schema[0].type, "the pipeline", at: range)
  }

  private mutating func member(
    _ value: PlanExpression, _ valueText: String, _ plan: Plan, _ type: DataType, _ listText: String,
    at range: SourceRange
  ) -> PlanExpression? {
    let probe = PlanExpression(.literal(.missing), type, at: range)
    guard operation("==", value, valueText, probe, listText, at: range) != nil else { return nil }
    let list = PlanExpression(
      .cell(PlanExpression.Subquery(plan, asList: true, at: range)), .list(type), at: range)
    return call("in", [value, list], .bool, at: range)
  }
}

extension Expression {
  /// `T.column` and `T.`column name``, which is a field by how it is read.
  var tableColumn: Name? {
    switch kind {
    case .name(let name): name
    case .field(let base, let column):
      if case .name(let table) = base.kind { Name("\(table.text).\(column.text)", at: range) } else { nil }
    default: nil
    }
  }

  /// Whether it is a value as written; a list is one, whatever its elements are.
  package var isLiteral: Bool {
    switch kind {
    case .missing, .bool, .int, .float, .percent, .text, .date, .datetime, .duration, .list: true
    default: false
    }
  }
}

extension DataType {
  var isMissingType: Bool { self == .missing }
}
