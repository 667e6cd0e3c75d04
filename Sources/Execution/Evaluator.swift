import Columns
import Diagnostics
import Planning
import Scheduling

/// An expression ready to run on segments: its calls' memories stay between segments, and tell notes at the end.
final class Evaluator: Sendable {
  let expression: PlanExpression
  let states: [ObjectIdentifier: CallState]
  /// One for each `case` and `if`, in the order in which they stand.
  let choiceStates: [CallState]
  /// The calls that may have something to tell, or to fault, of a row: they look only at rows that want their value.
  private let telling: Set<ObjectIdentifier>
  /// The calls whose value only some rows may want. They share nothing with others: what they count is that of these
  /// rows, with the optimiser and without.
  let guarded: Set<ObjectIdentifier>
  private let context: QueryContext

  /// - Parameter shared: what calls that several expressions share remember; needed by those that go through a
  ///   segment together.
  init(_ expression: PlanExpression, _ context: QueryContext, _ shared: SharedStates? = nil) {
    self.expression = expression
    self.context = context
    let shared = shared ?? SharedStates([expression], context)
    var telling: Set<ObjectIdentifier> = []
    var guarded: Set<ObjectIdentifier> = []
    Evaluator.visit(expression) { call, isConditional, tells in
      if isConditional { guarded.insert(ObjectIdentifier(call)) }
      if tells { telling.insert(ObjectIdentifier(call)) }
    }
    self.telling = telling
    self.guarded = guarded
    let memories = Memories(expression, guarded, shared, context)
    states = memories.ofCalls
    choiceStates = memories.ofChoices
  }

  /// What the calls, and the `case`s and `if`s in the order in which they stand, remember. All that stands inside of a
  /// call that is shared is shared with it: it is worked out once.
  private struct Memories {
    var ofCalls: [ObjectIdentifier: CallState] = [:]
    var ofChoices: [CallState] = []
    private let guarded: Set<ObjectIdentifier>
    private let shared: SharedStates
    private let context: QueryContext
    private var met: [Int: Int] = [:]

    init(
      _ expression: PlanExpression, _ guarded: Set<ObjectIdentifier>, _ shared: SharedStates,
      _ context: QueryContext
    ) {
      (self.guarded, self.shared, self.context) = (guarded, shared, context)
      visit(expression, in: nil)
    }

    private mutating func visit(_ expression: PlanExpression, in share: Int?) {
      var inner = share
      switch expression.kind {
      case .choice(_, let otherwise, _):
        let state = next(in: share)
        ofChoices.append(state)
        if otherwise == nil { context.willChoose(at: expression.range, state) }
      case .call(let call):
        if let own = call.share, !guarded.contains(ObjectIdentifier(call)), let state = shared.state(of: call)
        {
          ofCalls[ObjectIdentifier(call)] = state
          met[own] = 0
          inner = own
        } else {
          ofCalls[ObjectIdentifier(call)] = next(in: share)
        }
      case .column, .literal, .field, .cell: break
      }
      for child in expression.children { visit(child, in: inner) }
    }

    private mutating func next(in share: Int?) -> CallState {
      guard let share else { return context.callState() }
      let position = met[share] ?? 0
      met[share] = position + 1
      return shared.state(position, inside: share) ?? context.callState()
    }
  }

  static func visitCalls(_ expression: PlanExpression, _ body: (PlanExpression.Call) -> Void) {
    if case .call(let call) = expression.kind { body(call) }
    for child in expression.children { visitCalls(child, body) }
  }

  /// Goes through all calls, inner ones first: whether only some rows may want the call's value, and whether it or a
  /// call inside may have something to tell of a row.
  @discardableResult
  private static func visit(
    _ expression: PlanExpression, isConditional: Bool = false,
    _ body: (_ call: PlanExpression.Call, _ isConditional: Bool, _ tells: Bool) -> Void
  ) -> Bool {
    switch expression.kind {
    case .call(let call):
      var tells = !call.function.isSilent
      for (index, argument) in call.arguments.enumerated() {
        let isGuarded = index > 0 && call.function.guardsLaterArguments
        if visit(argument, isConditional: isConditional || isGuarded, body) { tells = true }
      }
      body(call, isConditional, tells)
      return tells
    case .choice(let branches, let otherwise, _):
      var tells = false
      for (index, branch) in branches.enumerated() {
        if visit(branch.condition, isConditional: isConditional || index > 0, body) { tells = true }
        if visit(branch.value, isConditional: true, body) { tells = true }
      }
      if let otherwise, visit(otherwise, isConditional: true, body) { tells = true }
      return tells
    case .column, .literal, .field, .cell:
      return expression.children.reduce(false) { visit($1, isConditional: isConditional, body) || $0 }
    }
  }

  private func tells(_ expression: PlanExpression) -> Bool {
    if case .call(let call) = expression.kind { return telling.contains(ObjectIdentifier(call)) }
    return expression.children.contains { tells($0) }
  }

  /// How many `case`s and `if`s stand in an expression.
  static func choices(in expression: PlanExpression) -> Int {
    let own = if case .choice = expression.kind { 1 } else { 0 }
    return expression.children.reduce(own) { $0 + choices(in: $1) }
  }

  /// Where an evaluation of a segment stands.
  private struct Walk {
    var choicesMet = 0
    var shared: SharedValues
    /// The rows that want the value where it is worked out for all; nil where all do.
    var wanted: Bitmap?
  }

  /// The expression's values for a segment's rows.
  func evaluate(_ segment: Segment) throws -> Datum {
    var shared = SharedValues()
    return try evaluate(segment, &shared)
  }

  /// The same, where other expressions have gone or will go through the same segment.
  ///
  /// - Parameter wanted: the rows whose values are wanted; nil for all.
  func evaluate(_ segment: Segment, _ shared: inout SharedValues, wanted: Bitmap? = nil) throws -> Datum {
    var walk = Walk(shared: shared, wanted: wanted)
    defer { shared = walk.shared }
    return try evaluate(expression, segment, &walk)
  }

  /// The values spelled out as a column of the expression's type.
  func column(_ segment: Segment) throws -> Column {
    var shared = SharedValues()
    return try column(segment, &shared)
  }

  func column(_ segment: Segment, _ shared: inout SharedValues) throws -> Column {
    let found = try evaluate(segment, &shared)
    // A list that is the same in every row is written out for each.
    if case .list(let elements)? = found.constant {
      try placed(expression.range) { [context] () throws(KernelFault) in
        try context.callState().checkRoom(forValues: elements.count.saturating(times: segment.count) / 4)
      }
    }
    return found.column(rows: segment.count).widened(to: expression.type)
  }

  /// For a condition: the rows where it is true, and how many are neither true nor false.
  func truth(_ segment: Segment) throws -> (rows: Bitmap, unknown: Int, known: Bitmap?) {
    var shared = SharedValues()
    return try truth(segment, &shared)
  }

  func truth(
    _ segment: Segment, _ shared: inout SharedValues
  ) throws -> (rows: Bitmap, unknown: Int, known: Bitmap?) {
    try evaluate(segment, &shared).column(rows: segment.count).truth
  }

  private func evaluate(_ expression: PlanExpression, _ segment: Segment, _ walk: inout Walk) throws
    -> Datum
  {
    switch expression.kind {
    case .column(let index, _): return .column(segment.columns[index])
    case .literal(let value): return .constant(value, expression.type)
    case .call(let call): return try evaluate(call, expression.type, segment, &walk)
    case .choice(let branches, let otherwise, _):
      return try choose(branches, otherwise, expression.type, segment, &walk)
    case .field(let base, let index, _):
      let record = try evaluate(base, segment, &walk).column(rows: segment.count)
      return .column(record.field(index, type: expression.type))
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
      let wanted = laterRows(call, first, segment.count)
      let others = try call.arguments.dropFirst().map { argument in
        try evaluate(argument, segment, of: wanted, &walk)
      }
      let arguments = (first.map { [$0] } ?? []) + others
      let state = states[ObjectIdentifier(call)] ?? CallState()
      // Constants are worked out once, but what there is to tell of them is told of every row.
      let isConstant = arguments.allSatisfy { $0.constant != nil }
      let own = isConstant ? CallState(room: state.room, isStopped: state.isStopped) : state
      first = try placed(call.range) { () throws(KernelFault) in
        try FunctionCall.run(call.function, arguments, rows: segment.count, type: type, state: own)
      }
      if isConstant { state.add(own, times: segment.count) }
      if let share = call.share, !guarded.contains(ObjectIdentifier(call)) { walk.shared[share] = first }
    }
    return first ?? .constant(.missing, type)
  }

  /// What a call has already given for this segment, here or in another expression.
  private func reused(_ call: PlanExpression.Call, _ walk: inout Walk) -> Datum? {
    guard let share = call.share, !guarded.contains(ObjectIdentifier(call)),
      let value = walk.shared[share]
    else { return nil }
    // Its own `case`s and `if`s are passed by.
    walk.choicesMet += call.arguments.reduce(0) { $0 + Evaluator.choices(in: $1) }
    return value
  }

  // MARK: Values that only some rows want

  /// `case` and `if`: each value is worked out for the rows that take it, each condition for those that come to it.
  private func choose(
    _ branches: [(condition: PlanExpression, value: PlanExpression)], _ otherwise: PlanExpression?,
    _ type: DataType, _ segment: Segment, _ walk: inout Walk
  ) throws -> Datum {
    let state = choiceStates[walk.choicesMet]
    walk.choicesMet += 1
    let inner = branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? [])
    let asksRows = inner.contains { tells($0) || Evaluator.choices(in: $0) > 0 }
    var open: Bitmap?
    var conditions: [Datum] = []
    var values: [Datum] = []
    for branch in branches {
      let condition = try evaluate(branch.condition, segment, of: open, &walk)
      conditions.append(condition)
      guard asksRows else {
        values.append(try evaluate(branch.value, segment, &walk))
        continue
      }
      let truth = Kernels.Truth(condition, segment.count)
      let taken = open.map { $0.and(truth.yes) } ?? truth.yes
      values.append(try evaluate(branch.value, segment, of: taken, &walk))
      open = open.map { $0.and(truth.no) } ?? truth.no
    }
    let last = try otherwise.map { try evaluate($0, segment, of: open, &walk) }
    return Kernels.choose(
      conditions: conditions, values: values, otherwise: last, rows: segment.count, of: walk.wanted,
      type: type,
      state: state)
  }

  /// The rows for which the arguments after the first decide; nil for all.
  private func laterRows(_ call: PlanExpression.Call, _ first: Datum?, _ rows: Int) -> Bitmap? {
    guard let first, call.function.guardsLaterArguments,
      call.arguments.dropFirst().contains(where: { tells($0) || Evaluator.choices(in: $0) > 0 })
    else { return nil }
    switch call.function.name {
    case "and": return Kernels.Truth(first, rows).no.inverted
    case "or": return Kernels.Truth(first, rows).yes.inverted
    default:
      if let constant = first.constant { return Bitmap(repeating: constant.isMissing, count: rows) }
      return first.column(rows: rows).knownRows.map(\.inverted) ?? Bitmap(repeating: false, count: rows)
    }
  }

  /// The values in some rows of the segment; what stands in the others is of no account, and not counted.
  private func evaluate(
    _ expression: PlanExpression, _ segment: Segment, of wanted: Bitmap?, _ walk: inout Walk
  ) throws -> Datum {
    guard let wanted else { return try evaluate(expression, segment, &walk) }
    let outer = walk.wanted
    defer { walk.wanted = outer }
    guard tells(expression) else {
      walk.wanted = outer?.and(wanted) ?? wanted
      return try evaluate(expression, segment, &walk)
    }
    let count = wanted.ones
    if count == segment.count { return try evaluate(expression, segment, &walk) }
    if count == 0 {
      walk.choicesMet += Evaluator.choices(in: expression)
      return .constant(.missing, expression.type)
    }
    let rows = wanted.indices()
    let needed = expression.columns
    let columns = segment.columns.enumerated().map { index, column in
      needed.contains(index) ? column.take(rows) : .missing(count: count, type: column.type)
    }
    walk.wanted = outer?.take(rows)
    let value = try evaluate(expression, Segment(columns: columns, count: count), &walk)
    guard case .column(let column) = value else { return value }
    var places = MutableBuffer<UInt32>(repeating: missingRow, count: segment.count)
    for place in 0..<count { places[Int(rows[place])] = UInt32(truncatingIfNeeded: place) }
    return .column(column.take(places.freeze()))
  }

  private func placed<Result>(
    _ range: SourceRange, _ body: () throws(KernelFault) -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      if error.endsAll { try context.workers.cancellation.check() }
      throw Diagnostic("value", error.message, at: range, help: error.help)
    }
  }
}

extension Function {
  /// Whether a call never has anything to tell of a row, nor a fault: then working it out for all rows costs least.
  fileprivate var isSilent: Bool {
    switch name {
    case "and", "or", "not", "is missing", "==", "!=", "<", "<=", ">", ">=", "between", "in", "like", "??":
      true
    default: false
    }
  }
}

extension QueryContext {
  /// The memory of a call, which knows how much room the query has left.
  fileprivate func callState() -> CallState {
    CallState(
      room: { [budget] in budget.available },
      isStopped: { [cancellation = workers.cancellation] in cancellation.isCancelled })
  }
}

/// Several expressions that run on the same segments.
struct EvaluatorList: Sendable {
  let evaluators: [Evaluator]

  init(_ expressions: [PlanExpression], _ context: QueryContext, _ shared: SharedStates? = nil) {
    let shared = shared ?? SharedStates(expressions, context)
    evaluators = expressions.map { Evaluator($0, context, shared) }
  }

  func columns(_ segment: Segment) throws -> [Column] {
    var shared = SharedValues()
    return try evaluators.map { try $0.column(segment, &shared) }
  }

  /// In the order in which the calls are written: expressions of several stages that run as one are told stage by stage.
  func notes() -> [Note] {
    let notes = evaluators.flatMap { $0.notes() }
    let places = notes.map { $0.range?.lower ?? 0 }
    return notes.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { notes[$0] }
  }
}

/// What the calls that expressions of one stage share remember: one state for each number, so that each of them tells
/// what was counted once.
struct SharedStates: Sendable {
  private var states: [Int: CallState] = [:]
  /// Of what stands inside of each.
  private var inner: [Int: [CallState]] = [:]

  init(_ expressions: [PlanExpression], _ context: QueryContext) {
    for expression in expressions {
      Evaluator.visitCalls(expression) { call in
        guard let share = call.share, states[share] == nil else { return }
        states[share] = context.callState()
        let count = call.arguments.reduce(0) { $0 + Self.memories(in: $1) }
        inner[share] = (0..<count).map { _ in context.callState() }
      }
    }
  }

  func state(of call: PlanExpression.Call) -> CallState? { call.share.flatMap { states[$0] } }

  /// What the call, `case` or `if` at a place inside a shared call remembers.
  func state(_ position: Int, inside share: Int) -> CallState? {
    inner[share].flatMap { position < $0.count ? $0[position] : nil }
  }

  private static func memories(in expression: PlanExpression) -> Int {
    let own =
      switch expression.kind {
      case .call, .choice: 1
      case .column, .literal, .field, .cell: 0
      }
    return expression.children.reduce(own) { $0 + memories(in: $1) }
  }
}

/// What shared calls gave for one segment.
struct SharedValues {
  private var values: [Int: Datum] = [:]

  subscript(share: Int) -> Datum? {
    get { values[share] }
    set { values[share] = newValue }
  }
}
