import Columns
import Diagnostics
import Planning
import Scheduling

/// `describe`: what each column holds, a row each.
extension Executor {
  func describe(_ node: Plan.Describe) throws -> SegmentStream {
    let rows = try held(node.input)
    defer { rows.release() }
    let table = rows.table
    // A column in one piece, its groups and its order, for every worker.
    let bytes = Executor.keyBytes(1, rows: table.rowCount).saturating(
      plus: table.rowCount.saturating(times: 8))
    let working = try reserve(
      bytes.saturating(times: min(context.workers.count, max(1, table.columnCount))),
      for: "the values of \(counted(table.rowCount, "row")) in order", node.origin)
    defer { working.release() }
    let described = try context.workers.map(table.columnCount) { index in
      Executor.describe(table.column(index), table.schema[index])
    }
    let near = described.enumerated().compactMap { index, column in
      let name = table.schema[index].name
      return NearSpellings.note("values of `\(name)`", column.texts, subject: name, node.origin.range)
    }
    context.note { near }
    let areApart = described.contains { $0.row[4] == .int(Int64(table.rowCount)) }
    if !areApart { try noteCopies(table, node.origin) }
    let columns = node.schema.fields.indices.map { position in
      Column(described.map { $0.row[position] }, type: node.schema[position].type)
    }
    return SegmentStream(Table(schema: node.schema, columns: columns, count: described.count))
  }

  /// More rows are not compared with each other for a remark.
  private static let rowsCompared = 1_000_000

  /// Tells of rows that are the same in every column: an export may hold some twice.
  private func noteCopies(_ table: Table, _ origin: StageOrigin) throws {
    let rows = table.rowCount
    let areScalar = table.schema.fields.allSatisfy { field in
      switch field.type {
      case .list, .record: false
      default: true
      }
    }
    guard rows > 1, rows <= Self.rowsCompared, table.columnCount > 1, areScalar else { return }
    let bytes = Executor.keyBytes(table.columnCount, rows: rows)
    // It is only a remark: where there is no room for it none is made.
    guard let working = try? reserve(bytes, for: "a look for equal rows", origin) else { return }
    defer { working.release() }
    let columns = table.schema.fields.indices.map(table.column)
    let copies = rows - (try Grouper.group(columns, rows: rows, by: context.workers)).count
    if copies == 0 { return }
    let note = Note(
      .fact,
      "\(grouped(copies)) of \(counted(rows, "row")) \(copies == 1 ? "repeats an earlier one" : "repeat earlier ones") in every column: where they are no rows of their own, distinct takes \(copies == 1 ? "it" : "them") out",
      count: copies, total: rows, at: origin.range)
    context.note { [note] }
  }

  /// Different texts of a column are looked at for their spelling while they are no more than this.
  private static let textsCompared = 1000

  /// The row of a column, and its different texts while they are few.
  private static func describe(_ column: Column, _ field: Field) -> (row: [Value], texts: [String]) {
    let known = column.knownRows.map { column.take($0.indices()) } ?? column
    let grouping = Grouper.group([known], rows: known.count)
    var row: [Value] = [
      .text(field.name), .text(field.type.name), .int(Int64(column.count)),
      .int(Int64(column.count - known.count)), .int(Int64(grouping.count)),
    ]
    guard field.type.isOrderable, known.count > 0 else {
      return (row + [.missing, .missing, .missing, commonest(known, grouping), .missing], [])
    }
    let areTexts = field.type == .text && grouping.count <= textsCompared
    let texts = areTexts ? grouping.firstRows.array.compactMap { known.value(Int($0)).string } : []
    let order = Sorter.order([SortKey(column: known, descending: false)], rows: known.count)
    func at(_ position: Int) -> Value { known.value(Int(order[position])) }
    let middle = (known.count - 1) / 2
    var median = at(middle)
    if field.type == .text || field.type == .bool {
      median = .missing
    } else if known.count.isMultiple(of: 2), let a = at(middle).number, let b = at(middle + 1).number {
      median = .float(between(a, b))
    }
    row += [short(at(0)), short(median), short(at(known.count - 1)), commonest(known, grouping)]
    row.append(field.type == .text || field.type == .bool ? .missing : histogram(known, order))
    return (row, texts)
  }

  /// The middle of two numbers, which has no more than one decimal more than they have.
  private static func between(_ a: Double, _ b: Double) -> Double {
    let middle = a / 2 + b / 2
    func decimals(_ number: Double) -> Int {
      let text = ValueText.plain(.float(number))
      return text.contains("e") ? 99 : text.split(separator: ".").dropFirst().first?.count ?? 0
    }
    let places = max(decimals(a), decimals(b)) + 1
    guard places < 15, middle.magnitude < 1e15 else { return middle }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    guard middle.magnitude * scale < 1e15 else { return middle }
    return (middle * scale).rounded() / scale
  }

  private static func short(_ value: Value) -> Value {
    if value.isMissing { return .missing }
    let text = ValueText.plain(value)
    return .text(text.count > 40 ? String(text.prefix(39)) + "…" : text)
  }

  /// The value that stands most often, with its count; the first one of equals.
  private static func commonest(_ known: Column, _ grouping: Grouping) -> Value {
    if grouping.count == 0 { return .missing }
    var counts = [Int](repeating: 0, count: grouping.count)
    for row in 0..<known.count { counts[Int(grouping.ids[row])] += 1 }
    guard
      let best = counts.indices.max(by: { counts[$0] < counts[$1] || (counts[$0] == counts[$1] && $0 > $1) })
    else { return .missing }
    guard counts[best] > 1 || known.count == 1,
      case .text(let text) = short(known.value(Int(grouping.firstRows[best])))
    else { return .missing }
    return .text("\(text) (\(grouped(counts[best])))")
  }

  /// Eight blocks from the least to the greatest value.
  private static func histogram(_ known: Column, _ order: Buffer<UInt32>) -> Value {
    let values = known.floatValues
    guard let first = order.array.first, let last = order.array.last else { return .missing }
    let low = values[Int(first)]
    let high = values[Int(last)]
    guard high > low, (high - low).isFinite else { return .missing }
    var bins = [Int](repeating: 0, count: 8)
    for row in 0..<values.count {
      bins[min(7, max(0, Int((values[row] - low) / (high - low) * 8)))] += 1
    }
    let blocks = Array("▁▂▃▄▅▆▇█")
    let most = bins.max() ?? 1
    return .text(String(bins.map { $0 == 0 ? " " : blocks[min(7, $0 * 8 / max(1, most + 1))] }))
  }
}
