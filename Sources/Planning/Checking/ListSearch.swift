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
    var inner = ExpressionChecker(
      environment: environment, scope: scope(of: fields), mode: .forbidden("in the brackets of a list"))
    let checked = inner.checkCondition(condition)
    for fault in inner.diagnostics { report(fault) }
    notes += inner.notes
    if inner.metPending { metPending = true }
    guard let checked else { return nil }
    guard ListSearch.canRun(checked) else {
      report(
        Diagnostic(
          "index", "a condition in brackets is made of comparisons and functions", at: condition.range,
          help: ["split makes rows of the elements, and filter takes any condition"]))
      return nil
    }
    // Columns beside the list are further arguments, behind the fields.
    let beside = checked.columns.filter { $0 < Self.firstField }.sorted()
    let places = Dictionary(uniqueKeysWithValues: beside.enumerated().map { ($1, $0) })
    let search = ListSearch(
      condition: checked.remapped { column in
        column < Self.firstField ? fields.count + (places[column] ?? 0) : column - Self.firstField
      }, fields: fields, element: element)
    let function = Function(
      "[\(ExpressionText.of(condition))]", .operators, "The first element for which it holds.",
      [Signature([Parameter("list", .list)], .type(element))], examples: [], .vector(search.run))
    let others = beside.compactMap(checked.column)
    return PlanExpression(
      .call(PlanExpression.Call(function, [list] + others, at: range)), element, at: range)
  }

  /// Fields go by numbers that no column has.
  private static let firstField = 1 << 40

  /// The fields, and the columns beside the list of whose names they are none.
  private func scope(of fields: [DataType.RecordField]) -> Scope {
    var result = Scope(
      fields.enumerated().map { index, field in
        Scope.Column(
          name: field.name, table: nil,
          entry: .expression(
            .column(Self.firstField + index, Field(field.name, field.type), at: SourceRange(0, 0))))
      })
    let taken = Set(fields.map { Suggestion.folded($0.name) })
    for column in self.scope.columns where !taken.contains(Suggestion.folded(column.name)) {
      result.add(column)
    }
    return result
  }
}

extension PlanExpression {
  /// A column that it reads, as it reads it.
  fileprivate func column(_ wanted: Int) -> PlanExpression? {
    if case .column(wanted, _) = kind { return self }
    return children.lazy.compactMap { $0.column(wanted) }.first
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
    case .field(let base, _, _): return canRun(base)
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
    let beside = arguments.dropFirst().map { $0.column(rows: rows) }
    var found: [Value] = []
    found.reserveCapacity(rows)
    for start in stride(from: 0, to: rows, by: Self.rowsAtOnce) {
      found += try elements(of: lists, beside, start..<min(rows, start + Self.rowsAtOnce), state)
    }
    return .column(Column(found, type: element))
  }

  private func elements(
    of lists: Column, _ beside: [Column], _ rows: Range<Int>, _ state: CallState
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
    try state.checkRoom(forValues: elements.count * (fields.count + beside.count + 1))
    let places = Buffer(owners.map { UInt32(rows.lowerBound + $0) })
    let columns = zip(cells, fields).map { Column($0, type: $1.type) } + beside.map { $0.take(places) }
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
    case .field(let base, let index, _):
      let record = try value(base, columns, rows, state).column(rows: rows)
      return .column(record.field(index, type: expression.type))
    case .call(let call):
      var arguments: [Datum] = []
      for argument in call.arguments { arguments.append(try value(argument, columns, rows, state)) }
      return try FunctionCall.run(call.function, arguments, rows: rows, type: expression.type, state: state)
    default: throw KernelFault("a condition in brackets is made of comparisons and functions")
    }
  }
}
