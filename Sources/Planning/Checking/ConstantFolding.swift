import Columns

extension ExpressionChecker {
  /// A call whose arguments are all plain values becomes its value. A call that would count something (a text
  /// that does not convert) or fault stays, so that the run tells it.
  package func folded(_ expression: PlanExpression) -> PlanExpression {
    switch expression.kind {
    case .call(let call):
      var arguments: [Datum] = []
      for argument in call.arguments {
        guard let value = argument.constant else { return expression }
        arguments.append(.constant(value, argument.type))
      }
      guard let value = FunctionCall.evaluate(call.function, arguments, type: expression.type) else {
        return expression
      }
      return PlanExpression(.literal(value), expression.type, at: expression.range)
    default: return expression
    }
  }
}

/// Runs a function of rows on columns or on plain values: the one place that knows how `rows` functions are driven.
package enum FunctionCall {
  /// The value of a call on plain values, if it has one and nothing is to be noted of it.
  package static func evaluate(_ function: Function, _ arguments: [Datum], type: DataType) -> Value? {
    let state = CallState()
    guard let result = try? run(function, arguments, rows: 1, type: type, state: state) else { return nil }
    if state.divisions > 0 || state.unconverted > 0 || !state.counts.isEmpty { return nil }
    return result.value(0)
  }

  package static func run(
    _ function: Function, _ arguments: [Datum], rows: Int, type: DataType, state: CallState
  ) throws(KernelFault) -> Datum {
    switch function.implementation {
    case .vector(let kernel): return try kernel(arguments, rows, state)
    case .rows(let kernel):
      return try runRows(
        kernel, arguments, rows: rows, type: type, propagates: function.missing == .propagates, state: state)
    case .aggregate, .window, .form:
      throw KernelFault("`\(function.name)` cannot be called on single rows")
    }
  }

  private static func runRows(
    _ kernel: RowKernel, _ arguments: [Datum], rows: Int, type: DataType, propagates: Bool, state: CallState
  ) throws(KernelFault) -> Datum {
    func one(_ values: [Value]) throws(KernelFault) -> Value {
      if propagates, values.contains(where: \.isMissing) { return .missing }
      let result = try kernel(values, state)
      if case .float(let number) = result, number.isNaN { return .missing }
      return result
    }
    let constants = arguments.compactMap(\.constant)
    if constants.count == arguments.count { return .constant(try one(constants), type) }
    if let coded = try onPool(arguments, propagates, type, rows, one) { return .column(coded) }
    var builder = ColumnBuilder(type, capacity: rows)
    for row in 0..<rows {
      do {
        builder.append(try one(arguments.map { $0.value(row) }))
      } catch {
        throw KernelFault(error.message, row: row, help: error.help)
      }
    }
    return .column(builder.finish())
  }

  /// Where one text column is all that varies, each of its different texts is worked on once.
  private static func onPool(
    _ arguments: [Datum], _ propagates: Bool, _ type: DataType, _ rows: Int,
    _ one: ([Value]) throws(KernelFault) -> Value
  ) throws(KernelFault) -> Column? {
    let varying = arguments.indices.filter { arguments[$0].constant == nil }
    guard propagates, varying.count == 1, case .column(let column) = arguments[varying[0]],
      case .text(let codes, let pool) = column.storage, pool.isDistinct, pool.count <= rows
    else { return nil }
    var values = arguments.map { $0.constant ?? .missing }
    var results = ColumnBuilder(type, capacity: pool.count)
    for entry in 0..<pool.count {
      values[varying[0]] = .text(pool[entry])
      results.append(try one(values))
    }
    let taken = results.finish().take(codes.widened)
    guard let validity = column.validity else { return taken }
    let merged = taken.validity.map { $0.and(validity) } ?? validity
    return taken.with(validity: merged)
  }
}
