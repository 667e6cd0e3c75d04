import Columns
import Planning
import Scheduling

/// The sort keys of a stage over a table.
///
/// A text behind a time or a decimal number decides only where these are equal, which is rare: it is worked out for
/// those rows alone. Every text of a table of millions would first have to be put into one dictionary and ranked.
struct OrderKeys {
  let first: [SortKey]
  let later: LaterKeys?
  /// Missing values of each key.
  let missing: [Int]
  let evaluators: EvaluatorList
  private let parts: Table
  private let items: [OrderItem]

  /// How many of the keys are worked out for all rows.
  static func eagerCount(_ order: [OrderItem]) -> Int {
    var isFine = false
    for (position, item) in order.enumerated() {
      if isFine, item.expression.type == .text { return position }
      isFine = isFine || [.datetime, .duration, .float].contains(item.expression.type)
    }
    return order.count
  }

  init(_ order: [OrderItem], _ table: Table, _ context: QueryContext) throws {
    let evaluators = EvaluatorList(order.map(\.expression), context)
    let segments = try context.workers.map(table.segments.count) { index in
      Segment(columns: try evaluators.columns(table.segments[index]), count: table.segments[index].count)
    }
    let parts = Table(schema: Schema(order.map { Field("", $0.expression.type) }), segments: segments)
    let eager = Self.eagerCount(order)
    first = order.prefix(eager).enumerated().map { position, item in
      SortKey(parts.column(position), descending: item.descending)
    }
    later =
      eager == order.count
      ? nil
      : LaterKeys { rows in
        (eager..<order.count).map { SortKey(parts.column($0, at: rows), descending: order[$0].descending) }
      }
    missing = order.indices.map { position in
      segments.reduce(0) { $0 + $1.columns[position].missingCount }
    }
    self.evaluators = evaluators
    self.parts = parts
    items = order
  }

  /// All keys of some rows.
  func keys(at rows: Buffer<UInt32>) throws -> [SortKey] {
    let own = first.map { SortKey($0.column.take(rows), descending: $0.descending) }
    return try own + (later?.columns(rows) ?? [])
  }

  /// All keys of all rows.
  var whole: [SortKey] {
    first
      + items.indices.dropFirst(first.count).map {
        SortKey(parts.column($0), descending: items[$0].descending)
      }
  }
}

extension OrderItem {
  /// The key as a note names it: a column may be there where what is worked out from it is not.
  var told: String {
    let names = expression.columnNames.map { "`\($0)`" }.joined(separator: " and ")
    if expression.isColumn { return names }
    return names.isEmpty ? "the sort key" : "the sort key that is worked out from \(names)"
  }
}
