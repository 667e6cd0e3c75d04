import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// An Arrow file (or stream) as a table: opened by reading its schema, its columns looked at where they lie.
final class ArrowSource: TableSource {
  let name: String
  let schema: Schema
  private let fields: [ArrowField]
  private let dictionaries: ArrowDictionaries
  private let batches: [ArrowBatch]
  /// Where each column begins in each batch.
  private let cursors: [[ArrowCursor]]
  /// The rows of each segment: a batch, or a part of one that is longer than a segment.
  private let pieces: [(batch: Int, rows: Range<Int>)]
  private let notes: [Note]
  /// The file in which the columns lie; nil where its bytes were read.
  private let file: MappedFile?

  convenience init(_ origin: ByteOrigin) throws {
    switch origin {
    case .memory(let bytes, let name): try self.init(bytes, name: name)
    case .file(let path, let name):
      if let file = try MappedFile.open(path) {
        try self.init(file.bytes, name: name, in: file)
      } else {
        let source = try ByteSource.open(origin)
        try self.init(Buffer(try source.bytes(at: 0, count: try source.count())), name: name)
      }
    }
  }

  init(_ bytes: Buffer<UInt8>, name: String, in file: MappedFile? = nil) throws(FormatFault) {
    self.name = name
    self.file = file
    let passedOver: [(name: String, kind: String)]
    do throws(ArrowFault) {
      let file = try ArrowFile(bytes)
      let isRead = file.fields.indices.filter { file.fields[$0].opaqueKind == nil }
      fields = isRead.map { file.fields[$0] }
      passedOver = file.fields.compactMap { field in field.opaqueKind.map { (field.name, $0) } }
      dictionaries = try ArrowDictionaries(file.dictionaries)
      var batches: [ArrowBatch] = []
      var cursors: [[ArrowCursor]] = []
      for batch in file.batches {
        let batch = try ArrowBatch(batch.header, body: batch.body)
        batches.append(batch)
        let all = try Self.cursors(file.fields, batch)
        cursors.append(isRead.map { all[$0] })
      }
      self.batches = batches
      self.cursors = cursors
      pieces = try Self.pieces(batches)
    } catch {
      throw FormatFault(file: name, "this file \(error.message)", help: error.help)
    }
    let (names, renamed) = Self.names(fields)
    schema = Schema(zip(names, fields).map { Field($0, $1.dataType) })
    notes = Self.notes(passedOver) + renamed + zip(names, fields).flatMap { $1.notes($0) }
  }

  private static func notes(_ passedOver: [(name: String, kind: String)]) -> [Note] {
    if passedOver.isEmpty { return [] }
    let list = passedOver.map { "`\($0.name)` (\($0.kind))" }
    return [
      Note(
        .input,
        "\(counted(passedOver.count, "column")) \(passedOver.count == 1 ? "is" : "are") left out, of types that are not read: \(listed(list, limit: 6))",
        count: passedOver.count)
    ]
  }

  private static func cursors(
    _ fields: [ArrowField], _ batch: ArrowBatch
  ) throws(ArrowFault) -> [ArrowCursor] {
    var cursor = ArrowCursor()
    var cursors: [ArrowCursor] = []
    for field in fields {
      cursors.append(cursor)
      guard try batch.node(cursor.node).length == batch.rows else {
        throw .damaged("column `\(field.name)` has another number of rows than its batch")
      }
      try cursor.skip(field, in: batch)
    }
    return cursors
  }

  private static func pieces(
    _ batches: [ArrowBatch]
  ) throws(ArrowFault) -> [(batch: Int, rows: Range<Int>)] {
    var pieces: [(batch: Int, rows: Range<Int>)] = []
    var total = 0
    for (index, batch) in batches.enumerated() {
      total += batch.rows
      guard total <= ArrowBatch.mostRows else { throw ArrowFault("has more rows than are read: \(total)") }
      for lower in stride(from: 0, to: batch.rows, by: Table.segmentRows) {
        pieces.append((index, lower..<min(batch.rows, lower + Table.segmentRows)))
      }
    }
    return pieces
  }

  /// Names that are all different: one that stands twice, or is empty, gets a number.
  private static func names(_ fields: [ArrowField]) -> (names: [String], notes: [Note]) {
    var taken = Set(fields.map(\.name))
    var seen: Set<String> = []
    var changed: [String] = []
    let names = fields.enumerated().map { index, field in
      if !field.name.isEmpty, seen.insert(field.name).inserted { return field.name }
      let base = field.name.isEmpty ? "column" : field.name
      var number = field.name.isEmpty ? index + 1 : 2
      while !taken.insert("\(base)_\(number)").inserted { number += 1 }
      changed.append("`\(base)_\(number)`")
      return "\(base)_\(number)"
    }
    if changed.isEmpty { return (names, []) }
    let what = changed.count == 1 ? "name is empty or stands" : "names are empty or stand"
    return (
      names,
      [
        Note(
          .input, "\(changed.count) \(what) twice: \(listed(changed, limit: 6))", count: changed.count)
      ]
    )
  }

  var knownRowCount: Int? { batches.reduce(0) { $0 + $1.rows } }

  func scan(columns: [Int], environment: ScanEnvironment) -> any TableScan {
    environment.progress.begin(total: pieces.count)
    return FileScan(self, columns, environment.budget)
  }

  /// One reading of some columns, which unpacks batches for itself.
  private final class FileScan: TableScan {
    private let source: ArrowSource
    private let columns: [Int]
    private let budget: Budget
    private let state: Mutex<State>

    private struct State: Sendable {
      var tallies: [ArrowTally]
      /// Pieces of each batch that are still to be read.
      var left: [Int]
      /// Batches that are being read.
      var open: [Int: ArrowBatch] = [:]
    }

    init(_ source: ArrowSource, _ columns: [Int], _ budget: Budget) {
      (self.source, self.columns, self.budget) = (source, columns, budget)
      var left = [Int](repeating: 0, count: source.batches.count)
      for piece in source.pieces { left[piece.batch] += 1 }
      state = Mutex(State(tallies: Array(repeating: ArrowTally(), count: source.fields.count), left: left))
    }

    var segmentCount: Int { source.pieces.count }

    func read(segment: Int, filter: SegmentFilter?) throws -> Segment {
      try source.file?.checkUnchanged()
      let (number, range) = source.pieces[segment]
      let batch = batch(number)
      defer { close(number) }
      guard let filter else {
        return Segment(
          columns: try columns.map { try column($0, of: batch, number, range) }, count: range.count)
      }
      var found = [Column?](repeating: nil, count: columns.count)
      for index in filter.columns where found[index] == nil {
        found[index] = try column(columns[index], of: batch, number, range)
      }
      let needed = filter.columns.compactMap { found[$0] }
      let picked = try filter.select(Segment(columns: needed, count: range.count))
      if let picked, picked.count == 0 {
        let none = columns.map { Column.missing(count: 0, type: source.schema[$0].type) }
        return Segment(columns: none, count: 0)
      }
      let all = try columns.indices.map { index in
        let column = try found[index] ?? column(columns[index], of: batch, number, range)
        return picked.map { column.take($0) } ?? column
      }
      return Segment(columns: all, count: picked?.count ?? range.count)
    }

    /// A batch whose pieces share what is unpacked of it.
    private func batch(_ number: Int) -> ArrowBatch {
      state.withLock { state in
        if let open = state.open[number] { return open }
        let batch = source.batches[number].opened(within: budget)
        state.open[number] = batch
        return batch
      }
    }

    /// Notes that a piece was read; with the last of a batch what was unpacked for it goes.
    private func close(_ number: Int) {
      state.withLock { state in
        state.left[number] -= 1
        if state.left[number] <= 0 { state.open[number] = nil }
      }
    }

    private func column(
      _ index: Int, of batch: ArrowBatch, _ number: Int, _ rows: Range<Int>
    ) throws(FormatFault) -> Column {
      var decoder = ArrowDecoder(
        batch, source.dictionaries, column: source.schema[index].name, at: source.cursors[number][index])
      do throws(ArrowFault) {
        let column = try decoder.decode(source.fields[index], rows: rows)
        let tally = decoder.tally
        state.withLock { $0.tallies[index] += tally }
        return column
      } catch {
        throw FormatFault(file: source.name, "this file \(error.message)", help: error.help)
      }
    }

    func finish() -> [Note] {
      let tallies = state.withLock { $0.tallies }
      return source.notes + zip(source.schema.names, tallies).flatMap { $1.notes($0) }
    }
  }
}
