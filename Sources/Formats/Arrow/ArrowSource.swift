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
  private let state = Mutex(State())

  private struct State: Sendable {
    var columns: [Int] = []
    var tallies: [ArrowTally] = []
    /// Pieces of each batch that are still to be read.
    var left: [Int] = []
  }

  convenience init(_ origin: ByteOrigin) throws {
    switch origin {
    case .memory(let bytes, let name): try self.init(bytes, name: name)
    case .file(let path, let name):
      if let file = try MappedFile.open(path) {
        try self.init(file.bytes, name: name)
      } else {
        let source = try ByteSource.open(origin)
        try self.init(Buffer(try source.bytes(at: 0, count: try source.count())), name: name)
      }
    }
  }

  init(_ bytes: Buffer<UInt8>, name: String) throws(FormatFault) {
    self.name = name
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

  func begin(columns: [Int], environment: ScanEnvironment) -> Int {
    state.withLock { state in
      state.columns = columns
      state.tallies = Array(repeating: ArrowTally(), count: fields.count)
      state.left = Array(repeating: 0, count: batches.count)
      for piece in pieces { state.left[piece.batch] += 1 }
    }
    for batch in batches { batch.begin(environment.budget) }
    environment.progress.begin(total: pieces.count)
    return pieces.count
  }

  func read(segment: Int, filter: SegmentFilter?) throws -> Segment {
    let wanted = state.withLock { $0.columns }
    defer { close(segment) }
    let rows = pieces[segment].rows.count
    guard let filter else {
      return Segment(columns: try wanted.map { try column($0, of: segment) }, count: rows)
    }
    var columns = [Column?](repeating: nil, count: wanted.count)
    for index in filter.columns where columns[index] == nil {
      columns[index] = try column(wanted[index], of: segment)
    }
    let needed = filter.columns.compactMap { columns[$0] }
    let picked = try filter.select(Segment(columns: needed, count: rows))
    if let picked, picked.count == 0 {
      let none = wanted.map { Column.missing(count: 0, type: schema[$0].type) }
      return Segment(columns: none, count: 0)
    }
    let all = try wanted.indices.map { index in
      let column = try columns[index] ?? column(wanted[index], of: segment)
      return picked.map { column.take($0) } ?? column
    }
    return Segment(columns: all, count: picked?.count ?? rows)
  }

  /// Notes that a piece was read; with the last of a batch what was unpacked for it goes.
  private func close(_ segment: Int) {
    let batch = pieces[segment].batch
    let left = state.withLock { state in
      state.left[batch] -= 1
      return state.left[batch]
    }
    if left <= 0 { batches[batch].forget() }
  }

  private func column(_ index: Int, of segment: Int) throws(FormatFault) -> Column {
    let piece = pieces[segment]
    let start = cursors[piece.batch][index]
    var decoder = ArrowDecoder(
      batches[piece.batch], dictionaries, column: schema[index].name, at: start)
    do throws(ArrowFault) {
      let column = try decoder.decode(fields[index], rows: piece.rows)
      let tally = decoder.tally
      state.withLock { $0.tallies[index] += tally }
      return column
    } catch {
      throw FormatFault(file: name, "this file \(error.message)", help: error.help)
    }
  }

  func finish() -> [Note] {
    let tallies = state.withLock { $0.tallies }
    return notes + zip(schema.names, tallies).flatMap { $1.notes($0) }
  }
}
