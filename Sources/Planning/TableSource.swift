import Columns
import Diagnostics
import Scheduling

/// A place that rows are read from: a file, standard input, a table in memory.
///
/// Execution owns all loops: it asks for `segmentCount` and reads segments in parallel; a source is serial within
/// a segment. A scan goes: `begin`, `read` for each segment in any order from any thread, `finish`.
package protocol TableSource: AnyObject, Sendable {
  /// Names and types, from a sample of the data; complete before a scan. May change after a `SchemaChange`.
  var schema: Schema { get }
  /// A name for messages: the path, or the table's name.
  var name: String { get }
  /// The number of rows where it is known without reading.
  var knownRowCount: Int? { get }
  /// Whether the types come from a sample, and a cell outside it may contradict them.
  var typesAreGuessed: Bool { get }
  /// The rows when they lie in memory already.
  var tableInMemory: Table? { get }
  /// The last row is a total over the others: for showing only.
  var hasTotals: Bool { get }
  /// The same rows with their total behind them; nil where there is none.
  var withTotal: (any TableSource)? { get }

  /// Told before a query groups, joins or sorts by the texts of a column: a source that keeps its rows can give
  /// them one dictionary, made once. Throws when the query is cancelled.
  func prepareTexts(column: Int, environment: ScanEnvironment) throws

  /// For rows that a query made: what its stages did to them. Nil where that changes nothing for what is made of them.
  var history: Plan? { get }

  /// What was told of some columns (indices into the schema) when the table was kept: of rows that dropped out of it.
  func notesOfKept(columns: [Int]) -> [Note]

  /// What the reader of a file has to say of how some columns were taken, such as days that stayed text, by position.
  func remarks(on columns: [Int]) -> [Int: ColumnRemark]

  /// Begins a scan of some columns (indices into the schema). Several may be under way at a time: a query may take the
  /// same table twice, and of each time other columns.
  func scan(columns: [Int], environment: ScanEnvironment) throws -> any TableScan

  /// Whether handing a scan a filter on some of the columns saves work on the others (both as indices into the schema).
  func gains(byFiltering columns: [Int], on filtered: Set<Int>) -> Bool
}

/// One reading of some columns of a source.
package protocol TableScan: Sendable {
  /// How many segments there are.
  var segmentCount: Int { get }

  /// Reads one segment. Decodes the columns of the filter first, calls it for the rows to keep, and decodes the
  /// rest for those rows only. Columns come back in the order of the scan's list.
  func read(segment: Int, filter: SegmentFilter?) throws -> Segment

  /// Ends the scan and tells what the data had to be forgiven for: notes with counts and first line numbers, each in
  /// the order of the file. Only complete when every segment was read.
  func finish() -> [Note]
}

/// A scan of a source that has no rows to read.
package struct EmptyScan: TableScan {
  package init() {}
  package var segmentCount: Int { 0 }
  package func read(segment: Int, filter: SegmentFilter?) -> Segment { Segment(columns: [], count: 0) }
  package func finish() -> [Note] { [] }
}

extension TableSource {
  package var tableInMemory: Table? { nil }
  package var hasTotals: Bool { false }
  package var history: Plan? { nil }
  package func notesOfKept(columns: [Int]) -> [Note] { [] }
  package var typesAreGuessed: Bool { false }
  package var withTotal: (any TableSource)? { nil }
  package func gains(byFiltering columns: [Int], on filtered: Set<Int>) -> Bool { false }
  package func prepareTexts(column: Int, environment: ScanEnvironment) throws {}
  package func remarks(on columns: [Int]) -> [Int: ColumnRemark] { [:] }

  /// What there is to say of all columns that are texts, by position.
  package var textRemarks: [Int: ColumnRemark] {
    let schema = schema
    return remarks(on: schema.fields.indices.filter { schema[$0].type == .text })
  }
}

/// What the reader of a file has to say of how it took a column.
package struct ColumnRemark: Sendable {
  /// The note of the reader.
  package var message: String
  /// Numbers or times that are text for a reason that does not lie in what they are: nobody wants them in the order of
  /// letters.
  package var isMisread: Bool
  /// Whether `float` and its like make numbers of what can be numbers in it.
  package var isConvertible: Bool
  /// They are days, and not numbers.
  package var areDays: Bool

  package init(_ message: String, isMisread: Bool, isConvertible: Bool = true, areDays: Bool = false) {
    (self.message, self.isMisread) = (message, isMisread)
    (self.isConvertible, self.areDays) = (isConvertible, areDays)
  }

  /// What is told where such a column is ordered or compared by more and less; nil where its order is that of letters.
  package func letterOrder(of column: String, at range: SourceRange) -> Note? {
    guard isMisread else { return nil }
    let order = areDays ? "not of days" : "\"10\" before \"9\""
    return Note(.fact, of: "in the order of letters, \(order): ", message, subject: column, at: range)
  }
}

/// What a source may use and must obey.
package struct ScanEnvironment: Sendable {
  /// The threads that may share the work, and the flag that stops it.
  package var workers: Workers
  /// Where memory is reserved before it is taken.
  package var budget: Budget
  /// Where the units that are done are told.
  package var progress: Progress

  package init(workers: Workers, budget: Budget = Budget(), progress: Progress = Progress()) {
    self.workers = workers
    self.budget = budget
    self.progress = progress
  }
}

extension Plan {
  /// What there is to say of how the plan's columns of texts were read, by position.
  package var textRemarks: [Int: ColumnRemark] {
    let schema = schema
    return remarks(on: schema.fields.indices.filter { schema[$0].type == .text })
  }

  /// The column that holds what an aggregate in front made of a call, by the call as it was written; nil where no
  /// column does.
  package func column(madeBy call: String) -> Int? {
    switch self {
    case .aggregate(let node):
      var column = node.keys.count
      for made in node.calls {
        // A pivot has a column of the call for each of its values.
        if made.text == call { return made.pivotColumn == nil ? column : nil }
        column += made.types.count
      }
      return nil
    case .window(let node): return node.input.column(madeBy: call)
    case .project(let node):
      guard let inner = node.input.column(madeBy: call) else { return nil }
      return node.items.firstIndex { if case .column(inner, _) = $0.kind { true } else { false } }
    default: return rowsFrom?.column(madeBy: call)
    }
  }

  /// Where a column went that this plan has no longer: its new name, or the stage that left it out. Nil where no stage
  /// had it.
  package func whereabouts(of name: String) -> String? {
    schema.names.contains(name) ? nil : whereabouts(of: name, here: schema.names)
  }

  /// What a name in front of a column's may say in a pipeline.
  package enum NamedTable: Sendable {
    /// A table that was joined, and the name that its columns have since, be they here still or not.
    case joined(columns: [String], as: String)
    /// The table that the rows come from, and the last one that was joined to it.
    case source(joined: (name: String, columns: [String])?)
  }

  /// The table of a name in this pipeline; nil where none has it.
  package func table(named name: String) -> NamedTable? {
    switch self {
    case .join(let node):
      let columns = node.right.schema.names
      if node.rightName == name { return .joined(columns: columns, as: name) }
      switch node.left.table(named: name) {
      case .source(nil)?: return .source(joined: (node.rightName, columns))
      case let found?: return found
      case nil: break
      }
      if case .scan(let right) = node.right, right.source.name == name {
        return .joined(columns: columns, as: node.rightName)
      }
      return nil
    case .scan(let node): return node.source.name == name ? .source(joined: nil) : nil
    default:
      for child in children {
        if let found = child.table(named: name) { return found }
      }
      return nil
    }
  }

  private func whereabouts(of name: String, here: [String]) -> String? {
    guard let input = children.first else { return nil }
    guard let old = input.schema.names.firstIndex(of: name) else {
      return input.whereabouts(of: name, here: here)
    }
    if case .project(let node) = self {
      let new = node.items.firstIndex { if case .column(old, _) = $0.kind { true } else { false } }
      if let new, node.origin.verb == "rename" {
        return "`\(name)` is called \(CheckMessages.quoted(schema[new].name)) since `rename`"
      }
    }
    let shown = here.prefix(12).map(CheckMessages.quoted).joined(separator: ", ")
    return "`\(name)` is gone since `\(origin.verb)`; columns here: \(shown)\(here.count > 12 ? ", …" : "")"
  }

  /// What the reader of a file said of the column that this one is, unchanged; nil where it said nothing.
  package func remark(onColumn index: Int) -> ColumnRemark? { remarks(on: [index])[index] }

  /// The same of several columns, by position.
  private func remarks(on wanted: [Int]) -> [Int: ColumnRemark] {
    func found(in remarks: ([Int]) -> [Int: ColumnRemark], _ place: (Int) -> Int?) -> [Int: ColumnRemark] {
      let places = wanted.compactMap { column in place(column).map { (column, $0) } }
      if places.isEmpty { return [:] }
      let known = remarks(places.map(\.1))
      var result: [Int: ColumnRemark] = [:]
      for (column, place) in places { result[column] = known[place] }
      return result
    }
    func column(of items: [PlanExpression], _ index: Int) -> Int? {
      guard items.indices.contains(index), case .column(let column, _) = items[index].kind else { return nil }
      return column
    }
    switch self {
    case .scan(let node):
      return found(in: node.source.remarks(on:)) {
        node.columns.indices.contains($0) ? node.columns[$0] : nil
      }
    case .window(let node):
      let count = node.input.schema.count
      return found(in: node.input.remarks(on:)) { $0 < count ? $0 : nil }
    case .project(let node): return found(in: node.input.remarks(on:)) { column(of: node.items, $0) }
    case .aggregate(let node): return found(in: node.input.remarks(on:)) { column(of: node.keys, $0) }
    case .distinct(let node):
      return found(in: node.input.remarks(on:)) { node.columns.indices.contains($0) ? node.columns[$0] : nil }
    case .join(let node):
      let count = node.left.schema.count
      func place(_ column: Int) -> Int? { node.output.indices.contains(column) ? node.output[column] : nil }
      let left = found(in: node.left.remarks(on:)) { place($0).flatMap { $0 < count ? $0 : nil } }
      let right = found(in: node.right.remarks(on:)) { place($0).flatMap { $0 < count ? nil : $0 - count } }
      return left.merging(right) { mine, _ in mine }
    default: return rowsFrom?.remarks(on: wanted) ?? [:]
    }
  }

  /// The input of a stage that picks or orders rows and leaves their columns as they are.
  private var rowsFrom: Plan? {
    switch self {
    case .filter(let node): node.input
    case .sort(let node): node.input
    case .slice(let node): node.input
    case .sample(let node): node.input
    case .effect(let node): node.input
    default: nil
    }
  }
}

/// A filter that a source applies while it reads.
package struct SegmentFilter: Sendable {
  /// The columns it needs, as positions in the scan's list.
  package var columns: [Int]
  /// Takes a segment of just those columns and gives the rows to keep, ascending; nil keeps all.
  package var select: @Sendable (Segment) throws -> Buffer<UInt32>?

  package init(columns: [Int], select: @escaping @Sendable (Segment) throws -> Buffer<UInt32>?) {
    self.columns = columns
    self.select = select
  }
}

/// Thrown by `read` when a cell contradicts the type that the sample promised. The source has already widened its
/// schema when this arrives: the query is checked again and runs again.
package struct SchemaChange: Error, Sendable {
  /// The column's name.
  package var column: String
  /// The type that the sample promised.
  package var from: DataType
  /// The type that the source has now.
  package var to: DataType
  /// The line of the file, from 1, where the cell stands.
  package var line: Int
  /// The text of the cell.
  package var cell: String

  package init(column: String, from: DataType, to: DataType, line: Int, cell: String) {
    self.column = column
    self.from = from
    self.to = to
    self.line = line
    self.cell = cell
  }
}

/// Thrown by `read` when a guess about the file's layout failed (a range began inside quotes): the source has
/// corrected itself, the scan begins anew.
package struct ScanRestart: Error, Sendable {
  package init() {}
}

/// A file that cannot be read, or breaks its format where `strict` forbids it.
package struct FormatFault: Error, Sendable {
  /// What the file is called in messages.
  package var file: String
  /// From 1; nil when no line is to blame.
  package var line: Int?
  /// What is wrong, without the file and line that are put in front.
  package var message: String
  /// What to do about it, a sentence each.
  package var help: [String]

  package init(file: String, line: Int? = nil, _ message: String, help: [String] = []) {
    self.file = file
    self.line = line
    self.message = message
    self.help = help
  }

  /// What lies in a mapped file has been written over.
  package static func changed(_ file: String) -> FormatFault {
    FormatFault(
      file: file, "this file was changed by another program since it was loaded",
      help: ["load it again; a program that writes beside it and renames disturbs nobody"])
  }
}
