import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// Rows in memory, and the reservation for them: whoever keeps the rows keeps it, too.
struct HeldTable: Sendable {
  var table: Table
  var memory: [Reservation]

  /// Gives the memory back, when the rows are no longer needed.
  func release() { for reservation in memory { reservation.release() } }
}

/// A stage wants more memory than the budget has left. Whoever can do the stage with less, tries that; nobody else
/// catches it, and `Executor.run` makes its diagnostic of it.
struct StageTooLarge: Error {
  /// The stage that failed.
  var origin: StageOrigin
  var diagnostic: Diagnostic
}

/// What the operators ask of the budget. Sizes are the greatest that a stage holds at one time, from the number of
/// rows and groups and the width of the columns: known before anything is allocated.
extension Executor {
  /// Reserves memory for a stage, or throws a diagnostic that names it.
  func reserve(_ bytes: Int, for purpose: @autoclosure () -> String, _ origin: StageOrigin) throws
    -> Reservation
  {
    let reservation = Reservation(context.budget)
    try placed(origin) { () throws(BudgetExceeded) in try reservation.grow(bytes, for: purpose()) }
    return reservation
  }

  /// All rows of a plan, in order, for the stage that wants them at once.
  func held(_ plan: Plan, onDisk: Bool = false) throws -> HeldTable {
    try held(try stream(plan), onDisk: onDisk)
  }

  /// All rows of a stream, in order; in a temporary file where memory does not hold them.
  ///
  /// - Parameter onDisk: in a temporary file in any case, but for rows that lie in memory already.
  func held(_ stream: SegmentStream, onDisk: Bool = false) throws -> HeldTable {
    if let table = stream.table { return HeldTable(table: table, memory: stream.memory) }
    context.progress.begin(total: stream.count)
    let store = RowStore(context, share: onDisk ? 0 : nil)
    let places = try context.workers.map(stream.count) { index in
      let place = try store.keep(try stream.read(index))
      context.progress.advance()
      return place
    }
    var rows = try store.table(stream.schema, places)
    rows.memory += stream.memory
    return rows
  }

  /// All rows of a stream in memory, or a diagnostic that names the stage which wants them.
  func heldInMemory(_ stream: SegmentStream, for origin: StageOrigin) throws -> HeldTable {
    if let table = stream.table { return HeldTable(table: table, memory: stream.memory) }
    context.progress.begin(total: stream.count)
    let reservation = Reservation(context.budget)
    let use = Mutex(MemoryUse())
    // A first segment's size tells what all will take; the number of workers must not change what is said.
    let first = Mutex(0)
    do {
      let segments = try context.workers.map(stream.count) { index in
        let segment = try stream.read(index)
        context.progress.advance()
        if index == 0 {
          var own = MemoryUse()
          own.add(segment)
          first.withLock { $0 = own.bytes }
        }
        let more = use.withLock { $0.add(segment) }
        try reservation.grow(more, for: "its rows")
        return segment
      }
      let table = Table(schema: stream.schema, segments: segments.filter { $0.count > 0 })
      return HeldTable(table: table, memory: stream.memory + [reservation])
    } catch let exceeded as BudgetExceeded {
      let (estimate, overflow) = first.withLock { $0 }.multipliedReportingOverflow(by: stream.count)
      let wanted = max(exceeded.wanted, overflow ? exceeded.wanted : estimate)
      let held = max(0, exceeded.held - reservation.count)
      throw Executor.tooLarge(
        BudgetExceeded(purpose: "all rows", wanted: wanted, held: held, limit: exceeded.limit), origin)
    }
  }

  func placed(_ origin: StageOrigin, _ body: () throws(BudgetExceeded) -> Void) throws {
    do {
      try body()
    } catch {
      throw Executor.tooLarge(error, origin)
    }
  }

  private static func tooLarge(_ exceeded: BudgetExceeded, _ origin: StageOrigin) -> StageTooLarge {
    let held = exceeded.held >= 1 << 20 ? ", of which \(size(exceeded.held)) are in use" : ""
    let help = [
      "give it more with --memory \(size(suggestion(exceeded)))",
      "or need less: `filter` and `select` before it leave fewer rows and columns",
    ]
    let diagnostic = Diagnostic(
      "memory",
      "`\(origin.verb)` needs \(size(exceeded.wanted)) of memory for \(exceeded.purpose), but the query may use \(size(exceeded.limit))\(held)",
      at: origin.range, help: help)
    return StageTooLarge(origin: origin, diagnostic: diagnostic)
  }

  /// Does a stage in memory; where it alone is what does not fit, once more from the start with less memory.
  func trying(
    _ origin: StageOrigin, inMemory: () throws -> SegmentStream, onDisk: () throws -> SegmentStream
  ) throws -> SegmentStream {
    let mark = context.mark()
    do {
      return try inMemory()
    } catch let failure as StageTooLarge {
      guard failure.origin.index == origin.index, failure.origin.range == origin.range else {
        throw failure
      }
      context.rewind(to: mark)
      FreedMemory.giveBack()
      return try onDisk()
    }
  }

  /// Twice what is known to be needed, in whole steps of a power of two: other stages want memory, too.
  private static func suggestion(_ exceeded: BudgetExceeded) -> Int {
    let needed = exceeded.wanted.addingReportingOverflow(exceeded.held).partialValue
    var size = 64 << 20
    while size < needed || size <= exceeded.limit, size < 1 << 60 { size *= 2 }
    return size
  }

  /// A size as it is written behind `--memory`.
  static func size(_ bytes: Int) -> String {
    if bytes >= 10 << 30 || bytes >= 1 << 30 && bytes.isMultiple(of: 1 << 30) { return "\(bytes >> 30)GB" }
    if bytes >= 1 << 20 { return "\((bytes + 1 << 20 - 1) >> 20)MB" }
    return "\(max(1, (bytes + 1023) >> 10))KB"
  }

  // MARK: Sizes

  /// Bytes that a copy of a table's rows takes: texts are copied only where a column has several dictionaries,
  /// which become one.
  static func copyBytes(_ table: Table, columns: Set<Int>? = nil) -> Int {
    var total = 0
    for index in 0..<table.columnCount where columns?.contains(index) ?? true {
      var pools: [ObjectIdentifier: Int] = [:]
      for segment in table.segments {
        let column = segment.columns[index]
        total += rowBytes(column)
        if case .text(_, let pool) = column.storage {
          pools[ObjectIdentifier(pool)] = pool.bytes.byteCount + pool.offsets.byteCount
        }
      }
      if pools.count > 1 { total += pools.values.reduce(0, +) }
    }
    return total
  }

  /// Bytes that some of a table's rows take.
  static func copyBytes(_ table: Table, rows: Int) -> Int {
    let all = table.rowCount
    if all == 0 { return 0 }
    return Int(Double(copyBytes(table)) * Double(rows) / Double(all))
  }

  /// Bytes of a column's rows; the texts that its codes point to are shared by every copy.
  static func rowBytes(_ column: Column) -> Int {
    if case .text(let codes, let pool) = column.storage {
      return codes.byteCount + (pool.isDistinct ? 0 : column.count * 4) + (column.count + 7) / 8
    }
    return column.byteCount
  }

  /// Bytes that ordering or grouping rows by keys takes: the keys in one piece, as numbers, and two row lists.
  static func keyBytes(_ keys: Int, rows: Int) -> Int { rows.saturating(times: keys * 24 + 16) }

  /// The same of a table's rows, with the dictionaries of keys that are texts.
  static func keyBytes(_ keys: [PlanExpression], of table: Table) -> Int {
    keys.reduce(keyBytes(keys.count, rows: table.rowCount)) { $0.saturating(plus: textBytes($1, of: table)) }
  }

  /// Bytes that the texts of a key in one dictionary take; those that are worked out are taken to be as many and as long
  /// as those that they are made of.
  private static func textBytes(_ key: PlanExpression, of table: Table) -> Int {
    guard key.type == .text else { return 0 }
    return key.columns.reduce(0) { bytes, index in
      guard index < table.columnCount, table.schema[index].type == .text else { return bytes }
      let parts = table.segments.map { $0.columns[index] }
      var made = MemoryUse.dictionaryBytes(parts)
      if !key.isColumn {
        var texts = MemoryUse()
        for part in parts { texts.addTexts(of: part) }
        made = made.saturating(plus: texts.bytes)
      }
      return bytes.saturating(plus: made)
    }
  }

  /// Bytes that putting the parts of keys end to end takes, their texts in one dictionary.
  static func dictionaryBytes(_ keys: [[Column]], count: Int) -> Int {
    (0..<count).reduce(0) { bytes, key in
      bytes.saturating(plus: MemoryUse.dictionaryBytes(keys.map { $0[key] }))
    }
  }
}
