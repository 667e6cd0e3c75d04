import Columns
import Diagnostics
import Execution
import Language
import Planning

/// What would fail on every data: each pipeline of a script is run on tables without any row, where percentiles
/// beyond 100 and patterns of columns show before anything has been done; and each call with plain values in it is
/// tried on some made-up values, where cuts that do not ascend and groups that a pattern has not show too.
struct Rehearsal {
  let session: Session

  /// What a plan fails with, in the order of its text.
  func faults(in plan: Plan) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for part in plan.calls(where: \.isCall) {
      guard let fault = part.constantFault, !found.contains(where: { $0.range == fault.range }) else {
        continue
      }
      found.append(fault)
    }
    if let fault = fault(plan), !found.contains(where: { $0.range == fault.range }) { found.append(fault) }
    return found.sorted { ($0.range?.lower ?? 0) < ($1.range?.lower ?? 0) }
  }

  private func fault(_ plan: Plan) -> Diagnostic? {
    do {
      _ = try Executor(session.queryContext()).run(plan.withoutEffects.onNoRows)
      return nil
    } catch let fault as Diagnostic {
      // What only a run knows (a parameter, a cell of another table) stands as missing here, and may be right.
      return plan.dependsOnRun(at: fault.range) ? nil : fault
    } catch {
      return nil
    }
  }
}

extension Plan {
  /// The same over tables without rows.
  fileprivate var onNoRows: Plan {
    guard case .scan(var node) = self else { return mapChildren(\.onNoRows) }
    let schema = node.source.schema
    let none = Segment(columns: schema.fields.map { Column.withoutRows($0.type) }, count: 0)
    node.source = MemorySource(Table(schema: schema, segments: [none]), name: node.source.name)
    return .scan(node)
  }

  /// Whether the call that stands at a place has a value that only a run knows; without such a call, whether
  /// anything has.
  fileprivate func dependsOnRun(at range: SourceRange?) -> Bool {
    let found = calls { $0.range == range }
    return found.isEmpty ? !calls(where: \.isUnknownValue).isEmpty : found.contains(where: \.hasUnknownValue)
  }

  /// All parts of expressions that fulfil a condition, those of the plans below too.
  fileprivate func calls(where condition: (PlanExpression) -> Bool) -> [PlanExpression] {
    var found: [PlanExpression] = []
    var rest = expressions
    while let next = rest.popLast() {
      if condition(next) { found.append(next) }
      rest += next.children
      for subquery in next.children.isEmpty ? next.subqueries : [] {
        found += subquery.plan.calls(where: condition)
      }
    }
    return children.reduce(found) { $0 + $1.calls(where: condition) }
  }
}

extension Column {
  /// No row of a type; a column without any value would be one of missing cells, which no function looks at.
  fileprivate static func withoutRows(_ type: DataType) -> Column {
    let value: Value? =
      switch type {
      case .int: .int(0)
      case .float: .float(0)
      case .bool: .bool(false)
      case .text: .text("")
      case .date: .date(0)
      case .datetime: .datetime(0, offset: nil)
      case .duration: .duration(0)
      case .list, .record, .missing: nil
      }
    return Column(value.map { [$0] } ?? [], type: type).take(Buffer([]), hasMissing: false)
  }
}

extension PlanExpression {
  /// It stands for what only a run knows.
  fileprivate var isUnknownValue: Bool { if case .cell = kind { true } else { isUnknown } }

  /// It, or a part of it.
  fileprivate var hasUnknownValue: Bool {
    var rest = [self]
    while let next = rest.popLast() {
      if next.isUnknownValue { return true }
      rest += next.children
    }
    return false
  }
}

extension PlanExpression {
  fileprivate var isCall: Bool { if case .call = kind { true } else { false } }

  /// What is wrong with a call whatever the rows hold: the same fault on values that have nothing in common.
  fileprivate var constantFault: Diagnostic? {
    guard case .call(let call) = kind, !hasUnknownValue,
      call.arguments.contains(where: { $0.constant != nil })
    else { return nil }
    var first: KernelFault?
    for trial in 0..<3 {
      var arguments: [Datum] = []
      for argument in call.arguments {
        if let value = argument.constant {
          arguments.append(.constant(value, argument.type))
        } else {
          guard let values = Self.samples(of: argument.type) else { return nil }
          arguments.append(.column(Column([values[trial]], type: argument.type)))
        }
      }
      do {
        _ = try FunctionCall.run(call.function, arguments, rows: 1, type: type, state: CallState())
        return nil
      } catch {
        if let first, first.message != error.message { return nil }
        first = error
      }
    }
    return first.map { Diagnostic("value", $0.message, at: call.range, help: $0.help) }
  }

  /// Three values of a type; nil for types whose values are made of others.
  private static func samples(of type: DataType) -> [Value]? {
    switch type {
    case .int: [.int(0), .int(1), .int(50)]
    case .float: [.float(0), .float(1.5), .float(50)]
    case .bool: [.bool(false), .bool(true), .bool(false)]
    case .text: [.text(""), .text("a"), .text("2 b")]
    case .date: [.date(0), .date(1), .date(20_000)]
    case .datetime: [.datetime(0, offset: nil), .datetime(1, offset: nil), .datetime(1 << 50, offset: nil)]
    case .duration: [.duration(0), .duration(1), .duration(1 << 40)]
    case .list, .record, .missing: nil
    }
  }
}
