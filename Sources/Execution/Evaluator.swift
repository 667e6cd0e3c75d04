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

  /// - Parameter shared: what calls that several expressions share remember; needed by those that go through a
  ///   segment together.
  init(_ expression: PlanExpression, _ context: QueryContext, _ shared: SharedStates? = nil) {
    self.expression = expression
    self.context = context
    let shared = shared ?? SharedStates([expression])
    var states: [ObjectIdentifier: CallState] = [:]
    Evaluator.visitCalls(expression) { states[ObjectIdentifier($0)] = shared.state(of: $0) ?? CallState() }
    self.states = states
    choiceStates = (0..<Evaluator.choices(in: expression)).map { _ in CallState() }
  }

  fileprivate static func visitCalls(_ expression: PlanExpression, _ body: (PlanExpression.Call) -> Void) {
    if case .call(let call) = expression.kind { body(call) }
    for child in expression.children { visitCalls(child, body) }
  }

  private static func choices(in expression: PlanExpression) -> Int {
    let own = if case .choice = expression.kind { 1 } else { 0 }
    return expression.children.reduce(own) { $0 + choices(in: $1) }
  }

  /// Where an evaluation of a segment stands.
  private struct Walk {
    var choicesMet = 0
    var shared: SharedValues
  }

  /// The expression's values for a segment's rows.
  func evaluate(_ segment: Segment) throws -> Datum {
    var shared = SharedValues()
    return try evaluate(segment, &shared)
  }

  /// The same, where other expressions have gone or will go through the same segment.
  func evaluate(_ segment: Segment, _ shared: inout SharedValues) throws -> Datum {
    var walk = Walk(shared: shared)
    defer { shared = walk.shared }
    return try evaluate(expression, segment, &walk)
  }

  /// The values spelled out as a column of the expression's type.
  func column(_ segment: Segment) throws -> Column {
    var shared = SharedValues()
    return try column(segment, &shared)
  }

  func column(_ segment: Segment, _ shared: inout SharedValues) throws -> Column {
    try evaluate(segment, &shared).column(rows: segment.count).widened(to: expression.type)
  }

  /// For a condition: the rows where it is true, and how many are neither true nor false.
  func truth(_ segment: Segment) throws -> (rows: Bitmap, unknown: Int) {
    var shared = SharedValues()
    return try truth(segment, &shared)
  }

  func truth(_ segment: Segment, _ shared: inout SharedValues) throws -> (rows: Bitmap, unknown: Int) {
    try evaluate(segment, &shared).column(rows: segment.count).truth
  }

  private func evaluate(_ expression: PlanExpression, _ segment: Segment, _ walk: inout Walk) throws
    -> Datum
  {
    switch expression.kind {
    case .column(let index, _): return .column(segment.columns[index])
    case .literal(let value): return .constant(value, expression.type)
    case .call(let call): return try evaluate(call, expression.type, segment, &walk)
    case .choice(let branches, let otherwise):
      let state = choiceStates[walk.choicesMet]
      walk.choicesMet += 1
      let conditions = try branches.map { try evaluate($0.condition, segment, &walk) }
      let values = try branches.map { try evaluate($0.value, segment, &walk) }
      let last = try otherwise.map { try evaluate($0, segment, &walk) }
      return Kernels.choose(
        conditions: conditions, values: values, otherwise: last, rows: segment.count, type: expression.type,
        state: state)
    case .field(let base, let index, _):
      let record = try evaluate(base, segment, &walk).column(rows: segment.count)
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
    _ call: PlanExpression.Call, _ type: DataType, _ segment: Segment, _ walk: inout Walk
  ) throws -> Datum {
    var spine: [(call: PlanExpression.Call, type: DataType)] = [(call, type)]
    var deepest = call.arguments.first
    var first = reused(call, &walk)
    if first != nil { spine.removeLast() }
    while first == nil, let next = deepest, case .call(let inner) = next.kind {
      first = reused(inner, &walk)
      if first != nil { break }
      spine.append((inner, next.type))
      deepest = inner.arguments.first
    }
    if first == nil { first = try deepest.map { try evaluate($0, segment, &walk) } }
    for (call, type) in spine.reversed() {
      let others = try call.arguments.dropFirst().map { try evaluate($0, segment, &walk) }
      let arguments = (first.map { [$0] } ?? []) + others
      let state = states[ObjectIdentifier(call)] ?? CallState()
      // Constants are worked out once, but what there is to tell of them is told of every row.
      let isConstant = arguments.allSatisfy { $0.constant != nil }
      let own = isConstant ? CallState() : state
      first = try placed(call.range) { () throws(KernelFault) in
        try FunctionCall.run(call.function, arguments, rows: segment.count, type: type, state: own)
      }
      if isConstant { state.add(own, times: segment.count) }
      if let share = call.share { walk.shared[share] = first }
    }
    return first ?? .constant(.missing, type)
  }

  /// What a call has already given for this segment, here or in another expression.
  private func reused(_ call: PlanExpression.Call, _ walk: inout Walk) -> Datum? {
    guard let share = call.share, let value = walk.shared[share] else { return nil }
    // Its own `case`s and `if`s are passed by.
    walk.choicesMet += call.arguments.reduce(0) { $0 + Evaluator.choices(in: $1) }
    return value
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

  init(_ expressions: [PlanExpression], _ context: QueryContext, _ shared: SharedStates? = nil) {
    let shared = shared ?? SharedStates(expressions)
    evaluators = expressions.map { Evaluator($0, context, shared) }
  }

  func columns(_ segment: Segment) throws -> [Column] {
    var shared = SharedValues()
    return try evaluators.map { try $0.column(segment, &shared) }
  }

  func notes() -> [Note] { evaluators.flatMap { $0.notes() } }
}

/// What the calls that expressions of one stage share remember: one state for each number, so that each of them tells
/// what was counted once.
struct SharedStates: Sendable {
  private var states: [Int: CallState] = [:]

  init(_ expressions: [PlanExpression]) {
    for expression in expressions {
      Evaluator.visitCalls(expression) { call in
        if let share = call.share, states[share] == nil { states[share] = CallState() }
      }
    }
  }

  func state(of call: PlanExpression.Call) -> CallState? { call.share.flatMap { states[$0] } }
}

/// What shared calls gave for one segment.
struct SharedValues {
  private var values: [Int: Datum] = [:]

  subscript(share: Int) -> Datum? {
    get { values[share] }
    set { values[share] = newValue }
  }
}
