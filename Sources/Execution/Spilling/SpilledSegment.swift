import Columns

/// Where a column's values lie in a temporary file.
struct SpilledColumn: Sendable {
  private enum Layout: Sendable {
    case int8(SpillFile.Piece)
    case int16(SpillFile.Piece)
    case int32(SpillFile.Piece)
    case int64(SpillFile.Piece)
    case float(SpillFile.Piece)
    case bool(SpillFile.Piece)
    /// Codes of a dictionary that stays in memory.
    case coded(SpillFile.Piece, TextPool)
    /// Each row's text, one behind the other.
    case text(offsets: SpillFile.Piece, bytes: SpillFile.Piece)
    case date(SpillFile.Piece)
    case datetime(SpillFile.Piece, offsets: SpillFile.Piece?)
    case duration(SpillFile.Piece)
    indirect case list(offsets: SpillFile.Piece, elements: SpilledColumn)
    indirect case record([SpilledColumn])
    case missing
  }

  private let type: DataType
  private let count: Int
  private let validity: SpillFile.Piece?
  private let layout: Layout

  /// Dictionaries up to this size stay in memory: they are shared, and carry the order of ordered texts.
  private static let keptTexts = 512

  init(_ column: Column, in file: SpillFile) throws {
    type = column.type
    count = column.count
    validity = try column.validity.map { try file.write($0.words) }
    layout =
      switch column.storage {
      case .int8(let values): .int8(try file.write(values))
      case .int16(let values): .int16(try file.write(values))
      case .int32(let values): .int32(try file.write(values))
      case .int64(let values): .int64(try file.write(values))
      case .float(let values): .float(try file.write(values))
      case .bool(let bits): .bool(try file.write(bits.words))
      case .text(let codes, let pool): try SpilledColumn.text(column, codes, pool, file)
      case .date(let values): .date(try file.write(values))
      case .datetime(let values, let offsets):
        .datetime(try file.write(values), offsets: try offsets.map { try file.write($0) })
      case .duration(let values): .duration(try file.write(values))
      case .list(let offsets, let elements):
        .list(offsets: try file.write(offsets), elements: try SpilledColumn(elements, in: file))
      case .record(let columns): .record(try columns.map { try SpilledColumn($0, in: file) })
      case .missing: .missing
      }
  }

  private static func text(
    _ column: Column, _ codes: TextCodes, _ pool: TextPool, _ file: SpillFile
  ) throws -> Layout {
    if pool.isOrdered || pool.isDistinct && pool.count <= keptTexts {
      return .coded(try file.write(codes.widened), pool)
    }
    var offsets = MutableBuffer<Int64>(capacity: column.count + 1)
    var bytes = MutableBuffer<UInt8>(capacity: column.count * 8)
    offsets.append(0)
    let arena = pool.bytes
    for row in 0..<column.count {
      if column.isKnown(row) { bytes.append(arena.span.extracting(pool.range(codes[row]))) }
      offsets.append(Int64(bytes.count))
    }
    return .text(offsets: try file.write(offsets.freeze()), bytes: try file.write(bytes.freeze()))
  }

  func read(from file: any SpillReader) throws -> Column {
    if case .missing = layout { return .missing(count: count, type: type) }
    let known = try validity.map { Bitmap(words: try file.read($0), count: count) }
    return Column(type: type, storage: try storage(from: file), validity: known, count: count)
  }

  private func storage(from file: any SpillReader) throws -> ColumnStorage {
    switch layout {
    case .int8(let values): .int8(try file.read(values))
    case .int16(let values): .int16(try file.read(values))
    case .int32(let values): .int32(try file.read(values))
    case .int64(let values): .int64(try file.read(values))
    case .float(let values): .float(try file.read(values))
    case .bool(let bits): .bool(Bitmap(words: try file.read(bits), count: count))
    case .coded(let codes, let pool): .text(.u32(try file.read(codes)), pool)
    case .text(let offsets, let bytes):
      .text(
        .sequence(start: 0, count: count),
        TextPool(offsets: try file.read(offsets), bytes: try file.read(bytes), isDistinct: false))
    case .date(let values): .date(try file.read(values))
    case .datetime(let values, let offsets):
      .datetime(try file.read(values), offsets: try offsets.map { try file.read($0) })
    case .duration(let values): .duration(try file.read(values))
    case .list(let offsets, let elements):
      .list(offsets: try file.read(offsets), elements: try elements.read(from: file))
    case .record(let columns): .record(try columns.map { try $0.read(from: file) })
    case .missing: .missing(count: count)
    }
  }
}

/// A segment's rows in a temporary file.
struct SpilledSegment: Sendable {
  let columns: [SpilledColumn]
  let count: Int

  init(_ segment: Segment, in file: SpillFile) throws {
    columns = try segment.columns.map { try SpilledColumn($0, in: file) }
    count = segment.count
  }

  func read(from file: any SpillReader) throws -> Segment {
    Segment(columns: try columns.map { try $0.read(from: file) }, count: count)
  }
}
