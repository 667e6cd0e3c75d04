import Columns
import Diagnostics
import Planning
import Synchronization
import Scheduling

/// The operators that pass segments on: scan, filter, project, unpivot, split, append.
extension Executor {
  func scan(_ node: Plan.Scan) throws -> SegmentStream {
    let source = node.source
    let report = context.report("scan", node.origin)
    if let past = node.past {
      // Where these stages stood is another text.
      context.note {
        past.pastNotes.map { note in
          var note = note
          note.range = node.origin.range
          return note
        }
      }
    }
    if let table = source.tableInMemory, node.filter == nil { return scan(table, node, report) }
    let scan = try source.scan(columns: node.columns, environment: context.scanEnvironment)
    let count = scan.segmentCount
    context.willRead(source.name)
    context.note {
      let notes = scan.finish()
      return context.readsSeveral ? notes.map { $0.told(of: source.name) } : notes
    }
    guard let filter = node.filter else {
      return SegmentStream(schema: node.schema, count: count) { index in
        let segment = try scan.read(segment: index, filter: nil)
        report.add(rowsIn: segment.count, rowsOut: segment.count)
        return segment
      }
    }
    let needed = filter.expression.columns.sorted()
    let positions = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
    let evaluator = Evaluator(filter.expression.remapped { positions[$0] ?? 0 }, context)
    let filtering = context.report("filter", filter.origin)
    noteFilter(evaluator, filtering, nil)
    let select = SegmentFilter(columns: needed) { segment in
      report.add(rowsIn: segment.count, rowsOut: segment.count)
      let (rows, unknown, known) = try evaluator.truth(segment)
      let kept = rows.ones
      filtering.add(rowsIn: segment.count, rowsOut: kept, unknown: unknown)
      if let known { filtering.add(evaluator.expression.causes(in: segment, known: known)) }
      return kept == segment.count ? nil : rows.indices()
    }
    return SegmentStream(schema: node.schema, count: count) { index in
      try scan.read(segment: index, filter: select)
    }
  }

  private func scan(_ table: Table, _ node: Plan.Scan, _ report: OperatorReport) -> SegmentStream {
    let segments = table.segments.map { segment in
      Segment(columns: node.columns.map { segment.columns[$0] }, count: segment.count)
    }
    let rows = table.rowCount
    report.add(rowsIn: rows, rowsOut: rows)
    return SegmentStream(
      Table(schema: node.schema, segments: segments), hasTotals: node.source.hasTotals)
  }

  func filter(_ node: Plan.Filter, readsAll: Bool = false) throws -> SegmentStream {
    let input = try stream(node.input, readsAll: readsAll)
    let evaluator = Evaluator(node.condition.expression, context)
    let report = context.report("filter", node.condition.origin)
    noteFilter(evaluator, report, node.input)
    return SegmentStream(schema: input.schema, count: input.count) { index in
      let segment = try input.read(index)
      let (rows, unknown, known) = try evaluator.truth(segment)
      let kept = rows.ones
      report.add(rowsIn: segment.count, rowsOut: kept, unknown: unknown)
      if let known { report.add(evaluator.expression.causes(in: segment, known: known)) }
      if kept == segment.count { return segment }
      let indices = rows.indices()
      return Segment(columns: segment.columns.map { $0.take(indices) }, count: kept)
    }
  }

  private func noteFilter(_ evaluator: Evaluator, _ report: OperatorReport, _ input: Plan?) {
    context.note {
      var notes = evaluator.notes()
      if report.unknown > 0 {
        let condition = evaluator.expression
        let reason = context.reason(
          input.map(condition.absences) ?? condition.absences(), for: report.unknown)
        let names = report.causes.names(of: evaluator.expression)
        let cause =
          names.isEmpty
          ? "the condition is not known" : names.map { "`\($0)`" }.joined(separator: " or ") + " is missing"
        notes.append(
          Note(
            reason.kind,
            "filter left out \(grouped(report.unknown)) of \(counted(report.rowsIn, "row")) because \(cause)\(reason.text)",
            count: report.unknown, total: report.rowsIn,
            subject: names.first ?? evaluator.expression.columnNames.first,
            at: report.origin.range))
      }
      return notes
    }
  }

  func project(_ node: Plan.Project, readsAll: Bool = false) throws -> SegmentStream {
    let input = try stream(node.input, readsAll: readsAll)
    let list = EvaluatorList(node.items, context)
    context.note { list.notes() }
    // The total is no row: what is not known of it is nobody's missing value.
    let ofTotal = input.hasTotals ? EvaluatorList(node.items, context) : nil
    var result = SegmentStream(schema: node.schema, count: input.count) { index in
      let segment = try input.read(index)
      guard let ofTotal, index == input.count - 1, segment.count > 0 else {
        return Segment(columns: try list.columns(segment), count: segment.count)
      }
      let rows = try list.columns(segment.slice(0..<segment.count - 1))
      let total = try ofTotal.columns(segment.slice(segment.count - 1..<segment.count))
      let columns = zip(zip(rows, total), node.schema.fields).map { pair, field in
        Column.concatenated([pair.0, pair.1], type: field.type)
      }
      return Segment(columns: columns, count: segment.count)
    }
    result.hasTotals = input.hasTotals
    let justColumns = node.items.allSatisfy { if case .column = $0.kind { true } else { false } }
    if justColumns, let table = input.table {
      let segments = try table.segments.map { Segment(columns: try list.columns($0), count: $0.count) }
      result.table = Table(schema: node.schema, segments: segments)
      result.memory = input.memory
    }
    return result
  }

  func unpivot(_ node: Plan.Unpivot) throws -> SegmentStream {
    let input = try stream(node.input)
    let report = context.report("unpivot", node.origin)
    let names = node.melted.map { node.input.schema[$0].name }
    let labels = TextPool(names, isDistinct: Set(names).count == names.count)
    let type = node.schema[node.schema.count - 1].type
    let width = node.melted.count
    let rounded = RoundedInts(node.schema)
    let orders = CallState()
    context.note {
      rounded.notes(at: node.origin.range)
        + orders.counts.keys.sorted().map { Note(.fact, of: "unpivot", ": \($0)", at: node.origin.range) }
    }
    return SegmentStream(schema: node.schema, count: input.count) { index in
      let segment = try input.read(index)
      let rows = segment.count * width
      report.add(rowsIn: segment.count, rowsOut: rows)
      var repeated = MutableBuffer<UInt32>(capacity: rows)
      var cells = MutableBuffer<UInt32>(capacity: rows)
      var codes = MutableBuffer<UInt32>(capacity: rows)
      for row in 0..<segment.count {
        for column in 0..<width {
          repeated.append(UInt32(row))
          cells.append(UInt32(column * segment.count + row))
          codes.append(UInt32(column))
        }
      }
      let rowIndices = repeated.freeze()
      for column in node.melted { rounded.saw(segment.columns[column], node.schema.count - 1) }
      if let fault = TextPool.orderFault(node.melted.compactMap { segment.columns[$0].pool }) {
        orders.add(fault, 1)
      }
      let values = Column.concatenated(
        node.melted.map { segment.columns[$0].widened(to: type) }, type: type)
      let columns =
        node.kept.map { segment.columns[$0].take(rowIndices) } + [
          .text(.u32(codes.freeze()), labels), values.take(cells.freeze()),
        ]
      return Segment(columns: columns, count: rows)
    }
  }

  func split(_ node: Plan.Split) throws -> SegmentStream {
    let input = try stream(node.input)
    let report = context.report("split", node.origin)
    let field = node.schema[node.column]
    let whole = Mutex(0)
    let blank = Mutex(0)
    context.note {
      Executor.splitNotes(field.name, whole: whole.withLock { $0 }, blank: blank.withLock { $0 }, node)
    }
    return SegmentStream(schema: node.schema, count: input.count) { index in
      let segment = try input.read(index)
      var rows = MutableBuffer<UInt32>(capacity: segment.count)
      var parts = ColumnBuilder(field.type, capacity: segment.count)
      let column = segment.columns[node.column]
      var (empty, blanks) = (0, 0)
      // What the parts take until the segment is handed on.
      let working = Reservation(self.context.budget)
      let width = Executor.splitWidth(segment, but: node.column)
      func reserve(_ bytes: Int) throws {
        try self.placed(node.origin) { () throws(BudgetExceeded) in
          try working.grow(bytes, for: "the parts of `\(field.name)`")
        }
      }
      if case .list(let offsets, let elements) = column.storage {
        // How long lists are is known before.
        let bytes = (0..<segment.count).reduce(0) { bytes, row in
          bytes.saturating(plus: Int(offsets[row + 1] - offsets[row]).saturating(times: width(row)))
        }
        try reserve(bytes)
        let parts = ListParts(offsets, elements, column)
        whole.withLock { $0 += parts.empty }
        blank.withLock { $0 += parts.blanks }
        report.add(rowsIn: segment.count, rowsOut: parts.rows.count)
        let columns = segment.columns.enumerated().map { position, other in
          position == node.column
            ? parts.elements.widened(to: field.type) : other.take(parts.rows, hasMissing: false)
        }
        return Segment(columns: columns, count: parts.rows.count)
      }
      // Texts are reserved for as they are split.
      var bytes = 0
      for row in 0..<segment.count {
        let made = Executor.parts(of: column.value(row), separator: node.separator)
        bytes = bytes.saturating(plus: made.count.saturating(times: width(row)))
        if bytes > 1 << 20 {
          try reserve(bytes)
          bytes = 0
        }
        if made.count == 1, made[0].isMissing { empty += 1 } else { blanks += made.count(where: \.isMissing) }
        for part in made {
          rows.append(UInt32(row))
          parts.append(part)
        }
      }
      whole.withLock { $0 += empty }
      blank.withLock { $0 += blanks }
      let indices = rows.freeze()
      report.add(rowsIn: segment.count, rowsOut: indices.count)
      var columns = segment.columns.enumerated().map { position, column in
        position == node.column ? column : column.take(indices)
      }
      columns[node.column] = parts.finish()
      return Segment(columns: columns, count: indices.count)
    }
  }

  /// What a row of the result takes for each part, by the row that it is made of: lists beside are written again.
  private static func splitWidth(_ segment: Segment, but column: Int) -> (Int) -> Int {
    var width = 32
    var lists: [Buffer<Int64>] = []
    for (index, other) in segment.columns.enumerated() where index != column {
      width += 8
      if case .list(let offsets, _) = other.storage { lists.append(offsets) }
    }
    return { row in
      lists.reduce(width) { $0 + Int($1[row + 1] - $1[row]) * 8 }
    }
  }

  private static func splitNotes(_ name: String, whole: Int, blank: Int, _ node: Plan.Split) -> [Note] {
    var notes: [Note] = []
    if whole > 0 {
      let stay =
        whole == 1
        ? "1 row has nothing in `\(name)` to split: it stays, with"
        : "\(grouped(whole)) rows have nothing in `\(name)` to split: they stay, with"
      notes.append(
        Note(.structural, "\(stay) `\(name)` missing", count: whole, subject: name, at: node.origin.range))
    }
    if blank > 0 {
      notes.append(
        Note(
          .missing,
          "split: \(counted(blank, "part")) of `\(name)` \(blank == 1 ? "is" : "are") empty or missing",
          count: blank, subject: name, at: node.origin.range))
    }
    return notes
  }

  /// The parts of a cell; an empty or missing one stays as one missing part.
  private static func parts(of value: Value, separator: String?) -> [Value] {
    switch value {
    case .list(let values): return values.isEmpty ? [.missing] : values
    case .text(let text):
      guard let separator else { return [value] }
      return split(text, by: separator).map { part in
        let trimmed = trimmed(part)
        return trimmed.isEmpty ? .missing : .text(trimmed)
      }
    default: return [value]
    }
  }

  private static func split(_ text: String, by separator: String) -> [String] {
    let bytes = Array(text.utf8)
    let wanted = Array(separator.utf8)
    var parts: [String] = []
    var start = 0
    var index = 0
    while index + wanted.count <= bytes.count {
      if bytes[index..<index + wanted.count].elementsEqual(wanted) {
        parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
        index += wanted.count
        start = index
      } else {
        index += 1
      }
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  private static func trimmed(_ text: String) -> String {
    var view = Substring(text)
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    while let last = view.last, last.isWhitespace { view.removeLast() }
    return String(view)
  }
}

/// The elements of lists, each with the row that it is of; an empty or missing list stays as one missing element.
private struct ListParts {
  /// For each element its row.
  let rows: Buffer<UInt32>
  let elements: Column
  /// Lists without any element, and elements that are missing.
  let empty: Int
  let blanks: Int

  init(_ offsets: Buffer<Int64>, _ elements: Column, _ lists: Column) {
    let known = lists.validity
    var rows = MutableBuffer<UInt32>(capacity: elements.count)
    var places = MutableBuffer<UInt32>(capacity: elements.count)
    var (empty, alone) = (0, 0)
    for row in 0..<lists.count {
      let (lower, upper) = (offsets[row], offsets[row + 1])
      if lower == upper || !(known?[row] ?? true) {
        empty += 1
        rows.append(UInt32(truncatingIfNeeded: row))
        places.append(missingRow)
        continue
      }
      // A list of nothing but one missing element has nothing in it either.
      if upper - lower == 1, !elements.isKnown(Int(lower)) { alone += 1 }
      for place in lower..<upper {
        rows.append(UInt32(truncatingIfNeeded: row))
        places.append(UInt32(truncatingIfNeeded: place))
      }
    }
    self.rows = rows.freeze()
    let found = places.freeze()
    let isWhole = empty == 0 && found.count == elements.count
    self.elements = isWhole ? elements : elements.take(found)
    self.empty = empty + alone
    blanks = self.elements.missingCount - empty - alone
  }
}
