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
      guard
        let value = FunctionCall.evaluate(
          call.function, arguments, type: expression.type, memory: environment.memory)
      else {
        return expression
      }
      var result = PlanExpression(.literal(value), expression.type, at: expression.range)
      result.isUnknown = call.arguments.contains(where: \.isUnknown)
      return result
    default: return expression
    }
  }
}

/// Runs a function of rows on columns or on plain values: the one place that knows how `rows` functions are driven.
package enum FunctionCall {
  /// The value of a call on plain values, if it has one and nothing is to be noted of it.
  ///
  /// - Parameter memory: bytes that lists may take while they are made.
  package static func evaluate(
    _ function: Function, _ arguments: [Datum], type: DataType, memory: Int = .max
  ) -> Value? {
    let state = CallState(room: { memory })
    guard let result = try? run(function, arguments, rows: 1, type: type, state: state) else { return nil }
    if state.divisions > 0 || state.unconverted > 0 || !state.counts.isEmpty { return nil }
    return result.value(0)
  }

  /// Calls a function on rows; throws for one over groups or partitions, or that the checker lowers.
  package static func run(
    _ function: Function, _ arguments: [Datum], rows: Int, type: DataType, state: CallState
  ) throws(KernelFault) -> Datum {
    switch function.implementation {
    case .vector(let kernel): return try kernel(arguments, rows, state)
    case .rows(let kernel):
      return try Kernels.apply(
        kernel, to: arguments, rows: rows, type: type, propagates: function.missing == .propagates,
        state: state)
    case .aggregate, .window, .form:
      throw KernelFault("`\(function.name)` cannot be called on single rows")
    }
  }
}
