import Columns

extension ArrowDecoder {
  /// Elements that one row range may stand for, where they take no bytes of the file.
  private static let mostElements = 1 << 28

  mutating func decodeList(
    _ field: ArrowField, _ offsetBits: Int, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Column {
    let offsets = try offsets(offsetBits, range, limit: ArrowBatch.mostRows)
    cursor.node += 1
    cursor.buffer += 2
    let first = offsets[0]
    let elements = try decodeElements(field, Int(first)..<Int(offsets[offsets.count - 1]))
    let own = first == 0 ? offsets : offsets.map { $0 - first }
    return list(field, own, elements, validity)
  }

  mutating func decodeFixedList(
    _ field: ArrowField, _ size: Int, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Column {
    let (end, overflow) = range.upperBound.multipliedReportingOverflow(by: size)
    guard !overflow else { throw damaged("has more elements than are read") }
    cursor.node += 1
    cursor.buffer += 1
    let elements = try decodeElements(field, range.lowerBound * size..<end)
    var offsets = MutableBuffer<Int64>(capacity: range.count + 1)
    for row in 0...range.count { offsets.append(Int64(row * size)) }
    return list(field, offsets.freeze(), elements, validity)
  }

  private mutating func decodeElements(_ field: ArrowField, _ range: Range<Int>) throws(ArrowFault) -> Column
  {
    guard range.count <= Self.mostElements else { throw damaged("has more elements than are read") }
    guard let child = field.children.first else { throw damaged("is a list of nothing") }
    return try decode(child, rows: range)
  }

  private func list(
    _ field: ArrowField, _ offsets: Buffer<Int64>, _ elements: Column, _ validity: Bitmap?
  ) -> Column {
    Column(
      type: field.dataType, storage: .list(offsets: offsets, elements: elements), validity: validity,
      count: offsets.count - 1)
  }

  mutating func decodeRecord(
    _ field: ArrowField, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Column {
    cursor.node += 1
    cursor.buffer += 1
    var columns: [Column] = []
    for child in field.children { columns.append(try decode(child, rows: range)) }
    return Column(
      type: field.dataType, storage: .record(columns), validity: validity, count: range.count)
  }

  // MARK: Values that are codes

  /// Rows that hold the number of an entry of a dictionary.
  mutating func decodeCodes(
    _ field: ArrowField, _ dictionary: ArrowField.Dictionary, _ node: ArrowBatch.Node, _ range: Range<Int>
  ) throws(ArrowFault) -> Column {
    defer {
      cursor.node += 1
      cursor.buffer += 2
    }
    let validity = try codesValidity(node, range)
    let entries = try dictionaries.entries(field, dictionary, column: column)
    if range.isEmpty { return .missing(count: 0, type: field.dataType) }
    let codes = try codes(dictionary.index, range, limit: entries.column.count, validity)
    if entries.column.count == 0 { return .missing(count: range.count, type: field.dataType) }
    guard let pool = entries.pool else {
      // Other values than text are looked up; the codes of missing rows are those of some entry by now.
      let taken = entries.column.take(codes.widened)
      return taken.with(validity: Bitmap.both(taken.validity, validity))
    }
    guard let entriesKnown = entries.column.validity else { return .text(codes, pool, validity: validity) }
    var known = MutableBitmap(repeating: true, count: range.count)
    for row in 0..<range.count where !(validity?[row] ?? true) || !entriesKnown[codes[row]] {
      known.clear(row)
    }
    return .text(codes, pool, validity: known.freezeValidity())
  }

  private func codesValidity(_ node: ArrowBatch.Node, _ range: Range<Int>) throws(ArrowFault) -> Bitmap? {
    if node.missing == 0 || range.isEmpty { return nil }
    if try batch.bytes(cursor.buffer).count == 0 { return nil }
    let bits = try bits(cursor.buffer, range)
    return bits.ones == bits.count ? nil : bits
  }

  /// Codes that are all numbers of entries: one of a known row that is none is an error, one of a missing row
  /// becomes 0. A negative code is a large one when its bits are taken without a sign.
  private func codes(
    _ index: ArrowType, _ range: Range<Int>, limit: Int, _ validity: Bitmap?
  ) throws(ArrowFault) -> TextCodes {
    guard case .int(let bits, _) = index else { throw damaged("has codes that are no ints") }
    switch bits {
    case 8: return .u8(try checked(try values(UInt8.self, range), limit, validity))
    case 16: return .u16(try checked(try values(UInt16.self, range), limit, validity))
    case 32: return .u32(try checked(try values(UInt32.self, range), limit, validity))
    default:
      let wide = try checked(try values(UInt64.self, range), limit, validity)
      return .u32(wide.map { UInt32(truncatingIfNeeded: $0) })
    }
  }

  private func checked<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ codes: Buffer<Code>, _ limit: Int, _ validity: Bitmap?
  ) throws(ArrowFault) -> Buffer<Code> {
    var largest: Code = 0
    let span = codes.span
    for row in 0..<span.count { largest = max(largest, span[row]) }
    if largest < limit { return codes }
    if let row = codes.firstRow(where: { $0 >= limit }, validity) {
      throw damaged("has the code \(codes[row]) in a dictionary of \(limit) entries")
    }
    return codes.map { $0 < limit ? $0 : 0 }
  }
}

extension Bitmap {
  /// What is set in both; nil stands for all set.
  static func both(_ left: Bitmap?, _ right: Bitmap?) -> Bitmap? {
    guard let left else { return right }
    guard let right else { return left }
    return left.and(right)
  }
}
