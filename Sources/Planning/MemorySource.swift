import Columns
import Diagnostics
import Scheduling
import Synchronization

/// A table in memory as a source.
///
/// The segments of a text column may each have a pool of their own. One dictionary for all of them is made when a
/// query first needs it, and takes their place.
package final class MemorySource: TableSource {
  private struct Content {
    var table: Table
    /// Columns whose texts have been given one dictionary, or need none.
    var coded: Set<Int> = []

    /// Puts a column over one dictionary in the place of what it was.
    mutating func replace(_ column: Int, by parts: [Column]) {
      for (index, part) in parts.enumerated() { table.segments[index].columns[column] = part }
      coded.insert(column)
    }
  }

  package let name: String
  package let schema: Schema
  package let hasTotals: Bool
  package let withTotal: (any TableSource)?
  package let history: Plan?
  /// What was told when it was kept.
  private let told: [Note]
  /// The file behind it tells of columns, of which a query may read others.
  private let toldOfColumns: Bool
  private let rowCount: Int
  /// What the reader of the file said of columns, by position.
  private let remarks: [Int: ColumnRemark]
  private let content: Mutex<Content>

  /// A table without a total.
  ///
  /// - Parameters:
  ///   - remarks: what the reader of its file said of columns, by position.
  ///   - read: what was told when it was read from its file.
  package convenience init(
    _ table: Table, name: String, remarks: [Int: ColumnRemark] = [:], read: [Note] = []
  ) {
    self.init(
      table, name: name, hasTotals: false, withTotal: nil, remarks: remarks, told: read.kept(with: name),
      toldOfColumns: true)
  }

  /// A result to go on from: where its last row is a total, that row is there for showing and counts nowhere.
  package convenience init(
    result table: Table, hasTotals: Bool, name: String, remarks: [Int: ColumnRemark] = [:], history: Plan?,
    told: [Note]
  ) {
    let kept = told.kept(with: name)
    let total = hasTotals && table.rowCount > 0
    self.init(
      total ? table.prefix(table.rowCount - 1) : table, name: name, hasTotals: false,
      withTotal: total
        ? MemorySource(table, name: name, hasTotals: true, withTotal: nil, told: kept) : nil,
      remarks: remarks, history: history, told: kept)
  }

  private init(
    _ table: Table, name: String, hasTotals: Bool, withTotal: MemorySource?,
    remarks: [Int: ColumnRemark] = [:], history: Plan? = nil, told: [Note] = [], toldOfColumns: Bool = false
  ) {
    self.told = told
    self.toldOfColumns = toldOfColumns
    self.remarks = remarks
    self.history = history
    self.hasTotals = hasTotals
    self.withTotal = withTotal
    schema = table.schema
    rowCount = table.rowCount
    content = Mutex(Content(table: table.isInCrumbs ? table.inWholeSegments : table))
    self.name = name
  }

  package func notesOfKept(columns: [Int]) -> [Note] {
    if !toldOfColumns { return told }
    let names = Set(columns.map { schema[$0].name })
    return told.filter { note in
      if note.kind == .fact || note.kind == .hidden { return false }
      if let subject = note.subject { return names.contains(subject) }
      // What is told of several columns names them.
      return !note.message.contains("`") || names.contains { note.message.contains("`\($0)`") }
    }
  }

  package func remarks(on columns: [Int]) -> [Int: ColumnRemark] { remarks }
  /// The rows as they are held now: texts may have been given one dictionary since the beginning.
  package var table: Table { content.withLock { $0.table } }
  package var knownRowCount: Int? { rowCount }
  package var tableInMemory: Table? { table }

  package func prepareTexts(column: Int, environment: ScanEnvironment) throws {
    guard column < schema.count, schema[column].type == .text else { return }
    // Held while the dictionary is made: a second query that wants it waits instead of making it too.
    try content.withLock { content in
      if content.coded.contains(column) { return }
      let parts = content.table.segments.map { $0.columns[column] }
      // Stages do without it, and go over the disk, where it would take more than half of what is left.
      let bytes = MemoryUse.dictionaryBytes(parts)
      guard bytes <= environment.budget.available / 2 else { return }
      let coded = try Column.coded(parts, workers: environment.workers)
      content.replace(column, by: coded)
      // Of this query's memory; the next one finds it in use.
      let more = MemoryUse.bytes(of: coded) - MemoryUse.bytes(of: parts)
      try environment.budget.reserve(more, for: "the texts of `\(visible(schema[column].name))`")
    }
  }

  /// Gives columns of identifiers that come back their dictionaries: they are what a table is joined and grouped by.
  ///
  /// - Parameter bytes: memory that it may take meanwhile.
  package func prepareIdentifiers(environment: ScanEnvironment, bytes: Int) throws {
    guard rowCount.multipliedReportingOverflow(by: Column.identifierBytes).partialValue < bytes else {
      return
    }
    for column in 0..<schema.count where schema[column].type == .text {
      try content.withLock { content in
        let parts = content.table.segments.map { $0.columns[column] }
        guard let coded = try Column.codedIdentifiers(parts, workers: environment.workers) else { return }
        content.replace(column, by: coded)
      }
    }
  }

  package func scan(columns: [Int], environment: ScanEnvironment) -> any TableScan {
    MemoryScan(table: table, columns: columns)
  }
}

/// Some columns of rows that lie in memory.
private struct MemoryScan: TableScan {
  let table: Table
  let columns: [Int]

  var segmentCount: Int { table.segments.count }

  func read(segment: Int, filter: SegmentFilter?) throws -> Segment {
    let source = table.segments[segment]
    let picked = Segment(columns: columns.map { source.columns[$0] }, count: source.count)
    guard let filter else { return picked }
    let needed = Segment(columns: filter.columns.map { picked.columns[$0] }, count: picked.count)
    guard let rows = try filter.select(needed) else { return picked }
    return Segment(columns: picked.columns.map { $0.take(rows) }, count: rows.count)
  }

  func finish() -> [Note] { [] }
}

extension Table {
  /// Whether its rows lie in many more pieces than they fill, as of small tables that were appended again and again.
  fileprivate var isInCrumbs: Bool { segments.count > 1024 && rowCount / segments.count < 64 }

  /// The same rows in as few pieces as hold them.
  fileprivate var inWholeSegments: Table {
    Table(schema: schema, columns: (0..<columnCount).map(column), count: rowCount)
  }
}
