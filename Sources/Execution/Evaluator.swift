import Columns
import Diagnostics
import Planning

/// An expression ready to run on segments: its calls' memories stay between segments, and tell notes at the end.
final class Evaluator: Sendable {
  let expression: PlanExpression
  private let states: [ObjectIdentifier: CallState]
  /// One for each `case` and `if`, in the order in which they are met.
  private let choiceStates: [CallState]
  private let context: QueryContext

  init(_ expression: PlanExpression, _ context: QueryContext) {
    self.expression = expression
    self.context = context
    var states: [ObjectIdentifier: CallState] = [:]
    Evaluator.visitCalls(expression) { states[ObjectIdentifier($0)] = CallState() }
    self.states = states
    choiceStates = (0..<Evaluator.choices(in: expression)).map { _ in CallState() }
  }

  private static func visitCalls(_ expression: PlanExpression, _ body: (PlanExpression.Call) -> Void) {
    if case .call(let call) = expression.kind { body(call) }
    for child in expression.children { visitCalls(child, body) }
  }

  private static func choices(in expression: PlanExpression) -> Int {
    let own = if case .choice = expression.kind { 1 } else { 0 }
    return expression.children.reduce(own) { $0 + choices(in: $1) }
  }

  /// The expression's values for a segment's rows.
  func evaluate(_ segment: Segment) throws -> Datum {
    var choicesMet = 0
    return try evaluate(expression, segment, &choicesMet)
  }

  /// The values spelled out as a column of the expression's type.
  func column(_ segment: Segment) throws -> Column {
    try evaluate(segment).column(rows: segment.count).widened(to: expression.type)
  }

  /// For a condition: the rows where it is true, and how many are neither true nor false.
  func truth(_ segment: Segment) throws -> (rows: Bitmap, unknown: Int) {
    try evaluate(segment).column(rows: segment.count).truth
  }

  private func evaluate(_ expression: PlanExpression, _ segment: Segment, _ choicesMet: inout Int) throws
    -> Datum
  {
    switch expression.kind {
    case .column(let index, _): return .column(segment.columns[index])
    case .literal(let value): return .constant(value, expression.type)
    case .call(let call): return try evaluate(call, expression.type, segment, &choicesMet)
    case .choice(let branches, let otherwise):
      let state = choiceStates[choicesMet]
      choicesMet += 1
      let conditions = try branches.map { try evaluate($0.condition, segment, &choicesMet) }
      let values = try branches.map { try evaluate($0.value, segment, &choicesMet) }
      let last = try otherwise.map { try evaluate($0, segment, &choicesMet) }
      return Kernels.choose(
        conditions: conditions, values: values, otherwise: last, rows: segment.count, type: expression.type,
        state: state)
    case .field(let base, let index, _):
      let record = try evaluate(base, segment, &choicesMet).column(rows: segment.count)
      guard case .record(let columns) = record.storage else {
        return .column(.missing(count: segment.count, type: expression.type))
      }
      let field = columns[index]
      guard let known = record.validity else { return .column(field) }
      return .column(field.with(validity: field.knownRows.map { $0.and(known) } ?? known))
    case .cell(let subquery): return .constant(context.value(of: subquery), expression.type)
    }
  }

  /// Walks down the first arguments in a loop rather than by calling itself: a chain of thousands of operators
  /// nests that deep there, and the threads that share a job have small stacks.
  private func evaluate(
    _ call: PlanExpression.Call, _ type: DataType, _ segment: Segment, _ choicesMet: inout Int
  ) throws -> Datum {
    var spine: [(call: PlanExpression.Call, type: DataType)] = [(call, type)]
    var deepest = call.arguments.first
    while let next = deepest, case .call(let inner) = next.kind {
      spine.append((inner, next.type))
      deepest = inner.arguments.first
    }
    var first = try deepest.map { try evaluate($0, segment, &choicesMet) }
    for (call, type) in spine.reversed() {
      let others = try call.arguments.dropFirst().map { try evaluate($0, segment, &choicesMet) }
      let arguments = (first.map { [$0] } ?? []) + others
      let state = states[ObjectIdentifier(call)] ?? CallState()
      // Constants are worked out once, but what there is to tell of them is told of every row.
      let isConstant = arguments.allSatisfy { $0.constant != nil }
      let own = isConstant ? CallState() : state
      first = try placed(call.range) { () throws(KernelFault) in
        try FunctionCall.run(call.function, arguments, rows: segment.count, type: type, state: own)
      }
      if isConstant { state.add(own, times: segment.count) }
    }
    return first ?? .constant(.missing, type)
  }

  private func placed(_ range: SourceRange, _ body: () throws(KernelFault) -> Datum) throws -> Datum {
    do {
      return try body()
    } catch {
      throw Diagnostic("value", error.message, at: range, help: error.help)
    }
  }

  private static func shown(_ function: Function) -> String {
    function.category == .operators ? "`\(function.name)`" : "\(function.name)(…)"
  }

  /// What the calls have to tell: conversions that failed, divisions by zero, and what functions count themselves.
  func notes() -> [Note] {
    var notes: [Note] = []
    Evaluator.visitCalls(expression) { call in
      guard let state = states[ObjectIdentifier(call)] else { return }
      if state.divisions > 0 {
        notes.append(
          Note(
            .division, "\(counted(state.divisions, "division")) by zero became missing",
            count: state.divisions,
            at: call.range))
      }
      if state.unconverted > 0 {
        let texts = state.commonestUnconverted().map { "\"\(visible($0.text))\" \(grouped($0.count))" }
        notes.append(
          Note(
            .converted,
            "\(call.function.name)(…): \(counted(state.unconverted, "value")) did not convert and became missing: \(texts.joined(separator: ", "))",
            count: state.unconverted, at: call.range))
      }
      for (name, count) in state.counts.sorted(by: { $0.key < $1.key }) {
        notes.append(
          Note(
            .converted, "\(Evaluator.shown(call.function)): \(grouped(count)) \(name)", count: count,
            at: call.range))
      }
    }
    return notes
  }
}

/// Several expressions that run on the same segments.
struct EvaluatorList: Sendable {
  let evaluators: [Evaluator]

  init(_ expressions: [PlanExpression], _ context: QueryContext) {
    evaluators = expressions.map { Evaluator($0, context) }
  }

  func columns(_ segment: Segment) throws -> [Column] { try evaluators.map { try $0.column(segment) } }
  func notes() -> [Note] { evaluators.flatMap { $0.notes() } }
}
