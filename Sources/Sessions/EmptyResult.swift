import Columns
import Diagnostics
import Execution
import Planning

/// Why a result has no rows: which stage removed the last one, and what the data has that is near to what was asked.
struct EmptyResult {
  let session: Session
  let plan: Plan

  /// Adds why the result is empty, in place of what the comparison told of a text that is not there.
  func tell(_ result: inout QueryResult) {
    let isEmpty = result.table.rowCount == 0
    // An aggregate over no rows gives a row: the filter before it is told of all the same.
    guard
      let culprit = result.reports.first(where: {
        // `take 0` is what was asked for, and how many rows it saw depends on who gave them.
        $0.rowsIn > 0 && $0.rowsOut == 0 && $0.origin.verb != "take"
          && !plan.leavesOutMatches($0.origin)
          && (isEmpty || !plan.hasSeveralInputs || $0.name == "filter" || $0.name == "join")
      })
    else { return }
    // Rows of another table may be there all the same.
    let ends = isEmpty || !plan.hasSeveralInputs ? "no rows are left: " : ""
    var message = "\(ends)`\(culprit.origin.verb)` kept none of \(counted(culprit.rowsIn, "row"))"
    if let filter = find(culprit.origin, in: plan),
      let (reason, replaced) = reason(filter.condition.expression, filter.input)
    {
      if let replaced {
        result.notes.removeAll { $0.message.hasPrefix(replaced.neverFound) }
        let isTold = result.notes.contains {
          $0.subject == replaced.column && $0.message.contains(replaced.spelt)
        }
        if !isTold { message += "; " + reason }
      } else {
        message += "; " + reason
      }
    }
    result.notes.append(Note(.fact, message, count: culprit.rowsIn, at: culprit.origin.range))
  }

  private func find(_ origin: StageOrigin, in plan: Plan) -> Plan.Filter? {
    if case .filter(let node) = plan, node.condition.origin.index == origin.index,
      node.condition.origin.range == origin.range
    {
      return node
    }
    for child in plan.children { if let found = find(origin, in: child) { return found } }
    return nil
  }

  /// What the notes of the comparison itself say of a text: the beginning of one that the reason replaces, and the words
  /// of one that says the same as the reason.
  private typealias Told = (column: String, neverFound: String, spelt: String)

  /// What of a condition no row can fulfil, with the notes that tell of it already; nil where nobody knows.
  private func reason(_ expression: PlanExpression, _ input: Plan) -> (text: String, told: Told?)? {
    guard case .call(let call) = expression.kind else { return nil }
    switch call.function.name {
    case "and": return call.arguments.lazy.compactMap { reason($0, input) }.first
    case "==":
      for (one, other) in [(0, 1), (1, 0)] where call.arguments.count == 2 {
        if let reason = absentText(call.arguments[one], call.arguments[other], input) { return reason }
      }
      return (outside(call, input) ?? amid(call, input)).map { ($0, nil) }
    case "in": return amid(call, input).map { ($0, nil) }
    case "<", "<=", ">", ">=": return outside(call, input).map { ($0, nil) }
    case "like", "~": return pattern(call, input).map { ($0, nil) }
    case "contains", "starts_with", "ends_with": return part(call, input).map { ($0, nil) }
    // That the lower end stands first is told wherever it does not.
    case "between":
      return isTurnedRound(call) ? nil : (outside(call, input) ?? amid(call, input)).map { ($0, nil) }
    default: return nil
    }
  }

  /// For `column == "text"`: the values of the column that are nearest, or its commonest ones.
  private func absentText(_ column: PlanExpression, _ value: PlanExpression, _ input: Plan) -> (
    text: String, told: Told?
  )? {
    guard case .column(let index, _) = column.kind, case .text(let wanted)? = value.constant,
      let known = KnownTexts(of: index, in: input, session), !known.contains(wanted),
      let near = known.near(wanted)
    else { return nil }
    let name = input.schema[index].name
    return (
      "`\(name)` never is \"\(wanted)\"; \(near)",
      (name, NeverFound.message(name, wanted), SpeltOtherwise.message(wanted))
    )
  }

  /// For a test of a column's texts with a plain text that none of them passes: the column, the text, and the texts.
  private func unfitted(
    _ call: PlanExpression.Call, _ input: Plan
  ) -> (column: String, wanted: String, known: KnownTexts)? {
    guard call.arguments.count == 2, case .column(let index, _) = call.arguments[0].kind,
      case .text(let wanted)? = call.arguments[1].constant,
      let known = KnownTexts(of: index, in: input, session), known.isComplete,
      fits(call.function, known.texts, wanted) == nil
    else { return nil }
    return (input.schema[index].name, wanted, known)
  }

  /// For `column like "pattern"` and `column ~ "pattern"`: that no text fits, and how one would.
  private func pattern(_ call: PlanExpression.Call, _ input: Plan) -> String? {
    guard let (column, pattern, known) = unfitted(call, input) else { return nil }
    let name = CheckMessages.quoted(column)
    let isLike = call.function.name == "like"
    let words = String(pattern.map { isLike && ($0 == "%" || $0 == "_") ? " " : $0 }).trimmingBlanks
    var message = "no text of `\(column)` is \(isLike ? "like" : "found by") \"\(pattern)\""
    if isLike, !pattern.contains("%"), let found = fits(call.function, known.texts, "%\(pattern)%") {
      return message
        + ": `like` compares the whole text; \(name) like \"%\(pattern)%\" finds \"\(found)\""
    }
    let folded = isLike ? known.texts.map { $0.lowercased() } : known.texts
    if let found = fits(call.function, folded, isLike ? pattern.lowercased() : "(?i)" + pattern) {
      let spelled = known.texts.first { $0.lowercased() == found.lowercased() } ?? found
      return message + ": capitals count; "
        + (isLike
          ? "lower(\(name)) like \"\(pattern.lowercased())\"" : "\(name) ~ \"(?i)\(pattern)\"")
        + " finds \"\(spelled)\""
    }
    if let near = known.near(words) { message += "; \(near)" }
    return message
  }

  /// For `contains(column, "text")` and its like: that no text does, and what is near.
  private func part(_ call: PlanExpression.Call, _ input: Plan) -> String? {
    guard let (column, wanted, known) = unfitted(call, input) else { return nil }
    let verb =
      ["starts_with": "begins with", "ends_with": "ends with"][call.function.name] ?? call.function.name
    var message = "no text of `\(column)` \(verb) \"\(wanted)\""
    if let found = fits(call.function, known.texts.map { $0.lowercased() }, wanted.lowercased()) {
      let spelled = known.texts.first { $0.lowercased() == found } ?? found
      return message
        + ": capitals count; \(call.function.name)(lower(\(CheckMessages.quoted(column))), \"\(wanted.lowercased())\") finds \"\(spelled)\""
    }
    if let near = known.near(wanted) { message += "; \(near)" }
    return message
  }

  /// The first of some texts that a pattern fits; nil where none does or the pattern cannot be read.
  private func fits(_ function: Function, _ texts: [String], _ pattern: String) -> String? {
    if texts.isEmpty { return nil }
    let column = Datum.column(Column(texts.map { .text($0) }, type: .text))
    let found = try? FunctionCall.run(
      function, [column, .constant(.text(pattern), .text)], rows: texts.count, type: .bool, state: CallState()
    )
    return texts.indices.first { found?.value($0) == .bool(true) }.map { texts[$0] }
  }

  /// For a comparison of a number, a day or a time with a plain value that lies outside of all there are: from where to
  /// where they go.
  private func outside(_ call: PlanExpression.Call, _ input: Plan) -> String? {
    let isTurned = call.arguments.first?.constant != nil
    if isTurned, call.arguments.count > 2 { return nil }
    let others = isTurned ? call.arguments.dropLast() : call.arguments.dropFirst()
    guard let subject = isTurned ? call.arguments.last : call.arguments.first, !subject.columns.isEmpty,
      subject.type.isNumber || subject.type.isTime || subject.type == .duration,
      others.allSatisfy({ $0.constant?.isMissing == false }), let range = range(of: subject, input)
    else { return nil }
    func fails(_ name: String, _ value: Value, _ other: PlanExpression?) -> Bool {
      guard let function = session.catalogue.function(name), let other, let constant = other.constant else {
        return false
      }
      let sides = [Datum.constant(value, subject.type), .constant(constant, other.type)]
      return FunctionCall.evaluate(function, sides, type: .bool) == .bool(false)
    }
    let sign = isTurned ? Function.mirroredSigns[call.function.name] ?? "==" : call.function.name
    let isOutside =
      switch sign {
      // A value that only lies between two others is not told of.
      case "==", "between": fails(">=", range.high, others.first) || fails("<=", range.low, others.last)
      default: fails(sign, range.low, others.first) && fails(sign, range.high, others.first)
      }
    guard isOutside else { return nil }
    let name = told(subject, input)
    let wanted = others.compactMap(\.constant).map(Self.spelled).joined(separator: " and ")
    if range.low == range.high {
      return "`\(name)` is \(Self.spelled(range.low)) in every row, and \(wanted) "
        + (others.count > 1 ? "were" : "was") + " asked for"
    }
    return "`\(name)` goes from \(Self.spelled(range.low)) to \(Self.spelled(range.high)), and \(wanted) "
      + (others.count > 1 ? "were" : "was") + " asked for"
  }

  /// What a condition looks at, as it was written.
  private func told(_ subject: PlanExpression, _ input: Plan) -> String {
    guard case .column(let index, _) = subject.kind else { return Contradictions.plain(subject) }
    return input.call(ofColumn: index)?.text ?? input.schema[index].name
  }

  /// For a comparison of a number, a day or a time with plain values that no row has, though smaller and greater ones are
  /// there: the nearest of these.
  private func amid(_ call: PlanExpression.Call, _ input: Plan) -> String? {
    guard let subject = call.arguments.first(where: { $0.constant == nil }), !subject.columns.isEmpty,
      subject.type.isNumber || subject.type.isTime || subject.type == .duration,
      let values = values(of: subject, input)
    else { return nil }
    let others = call.arguments.filter { $0.constant != nil }
    guard others.count == call.arguments.count - 1 else { return nil }
    var wanted = others.compactMap { one in one.constant.map { ($0, one.type) } }
    if call.function.name == "in", case .list(let elements)? = others.first?.constant {
      wanted = elements.filter { !$0.isMissing }.map { ($0, $0.type) }
    }
    guard !wanted.isEmpty, wanted.count <= 3, wanted.allSatisfy({ !$0.0.isMissing }) else { return nil }
    let isRange = call.function.name == "between"
    func rows(_ sign: String, _ limit: (value: Value, type: DataType)) -> Bitmap? {
      guard let function = session.catalogue.function(sign) else { return nil }
      let sides = [Datum.column(values), .constant(limit.value, limit.type)]
      let fits = try? FunctionCall.run(function, sides, rows: values.count, type: .bool, state: CallState())
      return fits?.column(rows: values.count).truth.rows
    }
    func nearest(_ sign: String, _ limit: (value: Value, type: DataType), wantsGreatest: Bool) -> Value? {
      rows(sign, limit).flatMap { extreme(of: values, where: $0, wantsGreatest: wantsGreatest) }
    }
    // Rows may have the value, and have been left out for another part of the condition.
    let known = values.count - values.missingCount
    if isRange {
      guard let low = wanted.first, let high = wanted.last, let below = rows("<", low),
        let above = rows(">", high), below.ones + above.ones == known
      else { return nil }
    } else {
      for one in wanted {
        guard let below = rows("<", one), let above = rows(">", one), below.ones + above.ones == known else {
          return nil
        }
      }
    }
    var near: [Value] = []
    for (index, limit) in wanted.enumerated() {
      let below = isRange && index > 0 ? nil : nearest("<", limit, wantsGreatest: true)
      let above = isRange && index == 0 ? nil : nearest(">", limit, wantsGreatest: false)
      for value in [below, above].compactMap(\.self) where !near.contains(value) { near.append(value) }
    }
    if near.isEmpty { return nil }
    near.sort { Value.precedes($0, $1) }
    let name = told(subject, input)
    let asked = wanted.map { ValueText.plain($0.0) }
    let spelled = near.map(Self.spelled)
    let listed = spelled.dropLast().joined(separator: ", ") + (spelled.count > 1 ? " and " : "")
    let what =
      isRange
      ? "nothing of `\(name)` lies between \(asked.joined(separator: " and "))"
      : "`\(name)` never is \(asked.joined(separator: " or "))"
    return
      "\(what); the nearest \(near.count == 1 ? "is" : "are") \(listed)\(spelled.last ?? "")"
  }

  private func extreme(of values: Column, where holds: Bitmap, wantsGreatest: Bool) -> Value? {
    var found: Value?
    for row in 0..<values.count where holds[row] {
      let value = values.value(row)
      guard let known = found else {
        found = value
        continue
      }
      if wantsGreatest ? Value.precedes(known, value) : Value.precedes(value, known) { found = value }
    }
    return found
  }

  /// A value for a sentence: of a fraction what tells it from others.
  private static func spelled(_ value: Value) -> String {
    guard case .float(let number) = value, number.magnitude < 1e12 else { return ValueText.plain(value) }
    let places = number.magnitude < 1 ? 10_000.0 : 100
    return ExpressionText.number((number * places).rounded() / places)
  }

  /// The least and the greatest value of an expression over the rows of a plan; nil where there is none.
  private func range(of subject: PlanExpression, _ input: Plan) -> (low: Value, high: Value)? {
    guard let cells = values(of: subject, input) else { return nil }
    var range: (low: Value, high: Value)?
    for row in 0..<cells.count {
      let value = cells.value(row)
      if value.isMissing { continue }
      guard let known = range else {
        range = (value, value)
        continue
      }
      if Value.precedes(value, known.low) { range = (value, known.high) }
      if Value.precedes(known.high, value) { range = (known.low, value) }
    }
    return range
  }

  /// The values of an expression over the rows of a plan.
  private func values(of subject: PlanExpression, _ input: Plan) -> Column? {
    let values = Plan.project(
      Plan.Project(
        input: input, items: [subject], schema: Schema([Field("value", subject.type)]), origin: input.origin))
    return try? Executor(session.queryContext()).run(Optimizer.optimised(values)).table.column(0)
  }

  /// `x between 65 and 18`
  private func isTurnedRound(_ call: PlanExpression.Call) -> Bool {
    guard call.arguments.count == 3, let low = call.arguments[1].constant,
      let high = call.arguments[2].constant
    else { return false }
    return Contradictions.isTurnedRound(call.arguments[0], low, high)
  }
}

extension Plan {
  /// Whether a stage is a join that is there to keep what has no match: that it keeps nothing is often what is hoped for.
  fileprivate func leavesOutMatches(_ origin: StageOrigin) -> Bool {
    if case .join(let node) = self, node.kind == .anti, node.origin.index == origin.index,
      node.origin.range == origin.range
    {
      return true
    }
    return children.contains { $0.leavesOutMatches(origin) }
  }

  /// Whether rows of several tables come together in it.
  fileprivate var hasSeveralInputs: Bool {
    children.count > 1 || children.contains(where: \.hasSeveralInputs)
  }
}
