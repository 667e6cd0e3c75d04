import Columns
import Diagnostics
import Planning

/// Writes a table as an Arrow file: a record batch for each segment, a dictionary for each column of few texts.
struct ArrowWriter {
  private typealias Block = (start: Int, metadata: Int, body: Int)

  private let emit: OutputFormat.Emit
  private var position = 0

  private init(_ emit: @escaping OutputFormat.Emit) { self.emit = emit }

  static func write(_ results: [WrittenResult], emit: OutputFormat.Emit) throws {
    guard results.count < 2 else {
      throw FormatFault(
        file: "arrow", "an Arrow file holds one table, and there are \(results.count) results",
        help: ["save each one: … | save \"name.arrow\""])
    }
    guard let result = results.first else { return }
    try withoutActuallyEscaping(emit) { emit in
      var writer = ArrowWriter(emit)
      try writer.write(result.marked)
    }
  }

  /// What of a table an Arrow file cannot hold.
  static func losses(_ table: Table) -> [Note] {
    table.schema.fields.enumerated().compactMap { index, field in
      if field.type == .text { return lostOrder(table.segments.map { $0.columns[index] }, field.name) }
      guard field.type == .datetime else { return nil }
      let offsets = ArrowShape.offsets(table.segments.map { $0.columns[index] })
      if offsets == .none { return nil }
      if case .same(let offset) = offsets, ArrowZone.name(of: offset) != nil { return nil }
      return Note(
        .input,
        "the offsets from UTC in `\(field.name)` are lost: an Arrow file holds the instants, here in UTC")
    }
  }

  /// The format has no place for texts that stand outside of an order: as levels they would be more than the others.
  private static func lostOrder(_ columns: [Column], _ name: String) -> Note? {
    let pools = columns.compactMap(\.pool)
    guard !pools.isEmpty, pools.allSatisfy(\.isOrdered) else { return nil }
    let (united, _) = TextPool.united(pools)
    guard let order = united.ownOrder, united.listedCount < united.count,
      let other = (0..<united.count).first(where: { Int(order[$0]) >= united.listedCount })
    else { return nil }
    return Note(
      .input,
      "the order of `\(name)` is lost: \"\(united[other])\" does not stand in it, and an Arrow file has no place for that"
    )
  }

  private mutating func write(_ table: Table) throws {
    var dictionaries: Int64 = 0
    let shapes = table.schema.fields.enumerated().map { index, field in
      ArrowShape(table.segments.map { $0.columns[index] }, type: field.type, dictionaries: &dictionaries)
    }
    let schema = FlatValue.table([
      (1, .value(.tables(zip(table.schema.names, shapes).map { $1.field($0) })))
    ])
    try put(Array("ARROW1\0\0".utf8))
    _ = try message(kind: 1, schema, ArrowBody())
    var levels: [Block] = []
    for shape in shapes {
      guard case .dictionary(let dictionary, _, _) = shape else { continue }
      let pool = dictionary.pool
      var body = ArrowBody()
      body.add(.text(.sequence(start: 0, count: pool.count), pool), as: .text)
      let header = FlatValue.table([(0, .int64(dictionary.id)), (1, .value(body.header(rows: pool.count)))])
      levels.append(try message(kind: 2, header, body))
    }
    var batches: [Block] = []
    for (number, segment) in table.segments.enumerated() {
      var body = ArrowBody()
      for (column, shape) in zip(segment.columns, shapes) { body.add(column, as: shape, segment: number) }
      batches.append(try message(kind: 3, body.header(rows: segment.count), body))
    }
    try put([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
    try putFooter(schema, levels, batches)
  }

  private mutating func putFooter(_ schema: FlatValue, _ dictionaries: [Block], _ batches: [Block]) throws {
    func blocks(_ list: [Block]) -> FlatField {
      // The length of the metadata is a number of 32 bits with as many bits of padding behind it.
      .value(.structs(list.flatMap { [Int64($0.start), Int64($0.metadata), Int64($0.body)] }, width: 3))
    }
    let footer = FlatWriter.bytes(
      .table([
        (0, .int16(Self.version)), (1, .value(schema)), (2, blocks(dictionaries)), (3, blocks(batches)),
      ]))
    try put(footer)
    try put(Self.integer(footer.count))
    try put(Array("ARROW1".utf8))
  }

  /// Version 5 of the metadata.
  private static let version: Int16 = 4

  /// Writes a message and its body, which begins at a multiple of 64 bytes of the file.
  private mutating func message(kind: Int8, _ header: FlatValue, _ body: ArrowBody) throws -> Block {
    var metadata = FlatWriter.bytes(
      .table([
        (0, .int16(Self.version)), (1, .int8(kind)), (2, .value(header)), (3, .int64(Int64(body.byteCount))),
      ]))
    let start = position
    while (start + 8 + metadata.count) % ArrowBody.alignment != 0 { metadata.append(0) }
    try put([0xFF, 0xFF, 0xFF, 0xFF] + Self.integer(metadata.count))
    try put(metadata)
    let padding = [UInt8](repeating: 0, count: ArrowBody.alignment)
    for bytes in body.buffers {
      try emit(bytes.span)
      position += bytes.count
      let rest = (ArrowBody.alignment - bytes.count % ArrowBody.alignment) % ArrowBody.alignment
      if rest > 0 { try put(Array(padding[..<rest])) }
    }
    return (start, metadata.count + 8, body.byteCount)
  }

  private static func integer(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    try emit(bytes.span)
    position += bytes.count
  }
}
