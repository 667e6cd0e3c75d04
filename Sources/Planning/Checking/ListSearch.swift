import Columns
import Diagnostics
import Language

/// `x[condition]`: the first element of a list for which a condition holds. The fields of the elements are names inside.
extension ExpressionChecker {
  mutating func checkElement(
    _ list: PlanExpression, of element: DataType, where condition: Expression, at range: SourceRange
  ) -> PlanExpression? {
    guard case .record(let fields) = element else {
      report(
        Diagnostic(
          "index",
          "a condition in brackets goes by the fields of records, and this list holds \(element.name)s",
          at: condition.range,
          help: ["by position: [0] is the first, [-1] the last; split makes rows of them"]))
      return nil
    }
    let schema = Schema(fields.map { Field($0.name, $0.type) })
    var inner = ExpressionChecker(
      environment: environment, scope: Scope(schema), mode: .forbidden("in the brackets of a list"))
    let checked = inner.checkCondition(condition)
    for fault in inner.diagnostics { report(fault) }
    notes += inner.notes
    guard let checked else { return nil }
    guard ListSearch.canRun(checked) else {
      report(
        Diagnostic(
          "index", "a condition in brackets is made of comparisons and functions", at: condition.range,
          help: ["split makes rows of the elements, and filter takes any condition"]))
      return nil
    }
    let search = ListSearch(condition: checked, fields: fields, element: element)
    let function = Function(
      "[\(ExpressionText.of(condition))]", .operators, "The first element for which it holds.",
      [Signature([Parameter("list", .list)], .type(element))], examples: [], .vector(search.run))
    return PlanExpression(.call(PlanExpression.Call(function, [list], at: range)), element, at: range)
  }
}

/// Finds elements of lists.
private struct ListSearch: Sendable {
  let condition: PlanExpression
  let fields: [DataType.RecordField]
  let element: DataType

  /// Whether a condition consists of what runs on columns alone.
  static func canRun(_ expression: PlanExpression) -> Bool {
    switch expression.kind {
    case .column, .literal: return true
    case .call(let call):
      switch call.function.implementation {
      case .vector, .rows: return call.arguments.allSatisfy(canRun)
      case .aggregate, .window, .form: return false
      }
    default: return false
    }
  }

  /// So many rows' elements are tried at once.
  private static let rowsAtOnce = 4096

  @Sendable
  func run(_ arguments: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    let lists = arguments[0].column(rows: rows)
    var found: [Value] = []
    found.reserveCapacity(rows)
    for start in stride(from: 0, to: rows, by: Self.rowsAtOnce) {
      found += try elements(of: lists, start..<min(rows, start + Self.rowsAtOnce), state)
    }
    return .column(Column(found, type: element))
  }

  private func elements(
    of lists: Column, _ rows: Range<Int>, _ state: CallState
  ) throws(KernelFault) -> [Value] {
    var owners: [Int] = []
    var elements: [Value] = []
    var cells = fields.map { _ in [Value]() }
    for row in rows {
      guard case .list(let values) = lists.value(row) else { continue }
      for value in values {
        guard case .record(let record) = value else { continue }
        owners.append(row - rows.lowerBound)
        elements.append(value)
        for (index, field) in fields.enumerated() {
          let found = record.first { $0.name == field.name }?.value ?? .missing
          cells[index].append(found.widened(to: field.type))
        }
      }
    }
    try state.checkRoom(forValues: elements.count * (fields.count + 1))
    let columns = zip(cells, fields).map { Column($0, type: $1.type) }
    let (holds, _, known) = try value(condition, columns, owners.count, state).column(rows: owners.count)
      .truth
    var found = [Value](repeating: .missing, count: rows.count)
    var matches = [Int](repeating: 0, count: rows.count)
    var isOpen = [Bool](repeating: false, count: rows.count)
    for (place, row) in owners.enumerated() {
      if holds[place] {
        if matches[row] == 0 { found[row] = elements[place] }
        matches[row] += 1
      } else if let known, !known[place] {
        isOpen[row] = true
      }
    }
    let without = found.indices.filter { matches[$0] == 0 && lists.isKnown(rows.lowerBound + $0) }
    state.add("without such an element became missing", without.count { !isOpen[$0] })
    state.add(
      "of which the condition is not known for an element became missing", without.count { isOpen[$0] })
    state.add("with several such elements: the first was taken", matches.count { $0 > 1 })
    return found
  }

  private func value(
    _ expression: PlanExpression, _ columns: [Column], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    switch expression.kind {
    case .column(let index, _): return .column(columns[index])
    case .literal(let value): return .constant(value, expression.type)
    case .call(let call):
      var arguments: [Datum] = []
      for argument in call.arguments { arguments.append(try value(argument, columns, rows, state)) }
      return try FunctionCall.run(call.function, arguments, rows: rows, type: expression.type, state: state)
    default: throw KernelFault("a condition in brackets is made of comparisons and functions")
    }
  }
}
