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
        $0.rowsIn > 0 && $0.rowsOut == 0 && (isEmpty && $0.origin.verb != "take" || $0.name == "filter")
      })
    else { return }
    var message = "no rows are left: `\(culprit.origin.verb)` kept none of \(counted(culprit.rowsIn, "row"))"
    if let filter = find(culprit.origin, in: plan),
      let (reason, replaced) = reason(filter.condition.expression, filter.input)
    {
      message += "; " + reason
      if let replaced { result.notes.removeAll { $0.message.hasPrefix(replaced) } }
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

  /// What of a condition no row can fulfil, with the beginning of the note that it replaces; nil where nobody knows.
  private func reason(_ expression: PlanExpression, _ input: Plan) -> (text: String, replaces: String?)? {
    guard case .call(let call) = expression.kind else { return nil }
    switch call.function.name {
    case "and": return call.arguments.lazy.compactMap { reason($0, input) }.first
    case "==":
      for (one, other) in [(0, 1), (1, 0)] where call.arguments.count == 2 {
        if let reason = absentText(call.arguments[one], call.arguments[other], input) { return reason }
      }
      return nil
    case "like", "~": return pattern(call, input).map { ($0, nil) }
    case "between": return turnedRound(call).map { ($0, nil) }
    default: return nil
    }
  }

  /// For `column == "text"`: the values of the column that are nearest, or its commonest ones.
  private func absentText(_ column: PlanExpression, _ value: PlanExpression, _ input: Plan) -> (
    text: String, replaces: String?
  )? {
    guard case .column(let index, _) = column.kind, case .text(let wanted)? = value.constant,
      let known = KnownTexts(of: index, in: input, session), !known.contains(wanted),
      let near = known.near(wanted)
    else { return nil }
    let name = input.schema[index].name
    return ("`\(name)` never is \"\(wanted)\"; it has \(near)", NeverFound.message(name, wanted))
  }

  /// For `column like "pattern"` and `column ~ "pattern"`: that no text fits, and how one would.
  private func pattern(_ call: PlanExpression.Call, _ input: Plan) -> String? {
    guard call.arguments.count == 2, case .column(let index, _) = call.arguments[0].kind,
      case .text(let pattern)? = call.arguments[1].constant,
      let known = KnownTexts(of: index, in: input, session), known.isComplete,
      fits(call.function, known.texts, pattern) == nil
    else { return nil }
    let name = CheckMessages.quoted(input.schema[index].name)
    let isLike = call.function.name == "like"
    let words = String(pattern.map { isLike && ($0 == "%" || $0 == "_") ? " " : $0 }).trimmingBlanks
    var message = "no text of `\(input.schema[index].name)` is \(isLike ? "like" : "found by") \"\(pattern)\""
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
    if let near = known.near(words) { message += "; it has \(near)" }
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

  /// For `x between 65 and 18`: that nothing lies there.
  private func turnedRound(_ call: PlanExpression.Call) -> String? {
    guard call.arguments.count == 3, let low = call.arguments[1].constant,
      let high = call.arguments[2].constant,
      !low.isMissing, !high.isMissing, Value.precedes(high, low)
    else { return nil }
    let (first, second) = (PlanExpression.text(of: high), PlanExpression.text(of: low))
    return
      "nothing lies between \(second) and \(first): the lower end stands first, between \(first) and \(second)"
  }
}
