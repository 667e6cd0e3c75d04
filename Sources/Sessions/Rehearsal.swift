import Columns
import Diagnostics
import Execution
import Language
import Planning

/// What would fail on every data: each pipeline of a script is run on tables without any row, where patterns that
/// cannot be read, cuts that do not ascend and percentiles beyond 100 show before anything has been done.
struct Rehearsal {
  let session: Session

  /// What a plan fails with; nil where it does not, or where only a run can tell.
  func fault(_ plan: Plan) -> Diagnostic? {
    // What only a run knows (a parameter, a cell of another table) stands as missing here, and may be right.
    if plan.hasUnknownValue { return nil }
    do {
      _ = try Executor(session.queryContext()).run(plan.withoutEffects.onNoRows)
      return nil
    } catch let fault as Diagnostic {
      return fault
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

  fileprivate var hasUnknownValue: Bool {
    expressions.contains(where: \.hasUnknownValue) || children.contains(where: \.hasUnknownValue)
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
  fileprivate var hasUnknownValue: Bool {
    var rest = [self]
    while let next = rest.popLast() {
      switch next.kind {
      case .literal(.missing), .cell: return true
      default: rest += next.children
      }
    }
    return false
  }
}
