import Columns

/// Where a column's parts begin in a batch.
struct ArrowCursor {
  var node = 0
  var buffer = 0
  var view = 0

  /// Moves behind a column and its parts.
  mutating func skip(_ field: ArrowField, in batch: ArrowBatch) throws(ArrowFault) {
    node += 1
    if field.dictionary != nil {
      buffer += 2
      return
    }
    switch field.type {
    case .null: break
    case .fixedList, .record: buffer += 1
    case .text: buffer += 3
    case .opaque(_, let buffers?): buffer += 1 + buffers
    case .textView, .opaque(_, nil):
      buffer += 2 + (try views(in: batch))
      view += 1
    default: buffer += 2
    }
    for child in field.children { try skip(child, in: batch) }
  }

  func views(in batch: ArrowBatch) throws(ArrowFault) -> Int {
    guard view < batch.viewBuffers.count else { throw .damaged("a text column has no count of its buffers") }
    return batch.viewBuffers[view]
  }
}

/// Makes columns of the rows of a batch. Nothing in a file is believed: every position is checked against the bytes
/// there are before it is used. Where the layouts agree, a column looks into the file's own bytes.
struct ArrowDecoder {
  let batch: ArrowBatch
  let dictionaries: ArrowDictionaries
  /// The column that is decoded, for messages.
  let column: String
  var cursor: ArrowCursor
  var tally = ArrowTally()

  init(_ batch: ArrowBatch, _ dictionaries: ArrowDictionaries, column: String, at cursor: ArrowCursor) {
    self.batch = batch
    self.dictionaries = dictionaries
    self.column = column
    self.cursor = cursor
  }

  /// Rows of a field; the cursor moves behind it. `range` need not lie within the batch: that is checked.
  mutating func decode(_ field: ArrowField, rows range: Range<Int>) throws(ArrowFault) -> Column {
    let node = try batch.node(cursor.node)
    guard range.upperBound <= node.length else { throw damaged("has fewer rows than its batch") }
    if let dictionary = field.dictionary { return try decodeCodes(field, dictionary, node, range) }
    var next = cursor
    try next.skip(field, in: batch)
    defer { cursor = next }
    if case .null = field.type { return .missing(count: range.count) }
    let validity = try validity(node, range)
    if range.isEmpty { return .missing(count: 0, type: field.dataType) }
    switch field.type {
    case .null, .opaque: return .missing(count: range.count)
    case .int(let bits, let isSigned): return try decodeInts(bits, isSigned, range, validity)
    case .float(let bits): return try decodeFloats(bits, range, validity)
    case .decimal(let bits, let scale): return try decodeDecimals(bits, scale, range, validity)
    case .bool: return .bool(try bits(cursor.buffer + 1, range), validity: validity)
    case .text(let offsetBits): return try decodeText(offsetBits, range, validity)
    case .textView: return try decodeViews(range, validity)
    case .days:
      let days = try values(Int32.self, range)
      try checkDays(days, validity)
      return .date(days, validity: validity)
    case .dateMilliseconds: return try decodeDates(range, validity)
    case .time(let unit, let bits): return try decodeTimes(unit, bits, range, validity)
    case .timestamp(let unit, let zone):
      let instants = try microseconds(unit, range, validity)
      let offsets = zone.map { Buffer(repeating: ArrowZone.offset(of: $0) ?? 0, count: range.count) }
      return .datetime(instants, offsets: offsets, validity: validity)
    case .duration(let unit): return .duration(try microseconds(unit, range, validity), validity: validity)
    case .list(let offsetBits): return try decodeList(field, offsetBits, range, validity)
    case .fixedList(let size): return try decodeFixedList(field, size, range, validity)
    case .record: return try decodeRecord(field, range, validity)
    }
  }

  func damaged(_ what: String) -> ArrowFault { .damaged("column `\(column)` \(what)") }

  // MARK: Validity and bits

  /// Which rows are known; nil when all are.
  private func validity(_ node: ArrowBatch.Node, _ range: Range<Int>) throws(ArrowFault) -> Bitmap? {
    if node.missing == 0 { return nil }
    if try batch.bytes(cursor.buffer).count == 0 { return nil }
    let bits = try bits(cursor.buffer, range)
    return bits.ones == bits.count ? nil : bits
  }

  /// Bits of a buffer, in its own memory where the range begins at a multiple of 64.
  func bits(_ index: Int, _ range: Range<Int>) throws(ArrowFault) -> Bitmap {
    let bytes = try batch.bytes(index)
    guard (range.upperBound + 7) / 8 <= bytes.count else { throw damaged("has fewer bits than rows") }
    let wordCount = (range.upperBound + 63) >> 6
    var words: Buffer<UInt64>
    if let all = bytes.values(UInt64.self, count: wordCount) {
      words = all
    } else {
      // The last word is not all there.
      var copy = MutableBuffer<UInt64>(repeating: 0, count: wordCount)
      for (position, byte) in bytes.array.prefix(wordCount * 8).enumerated() {
        copy[position >> 3] |= UInt64(byte) << UInt64((position & 7) * 8)
      }
      words = copy.freeze()
    }
    let rest = range.upperBound & 63
    if rest > 0, words[wordCount - 1] >> UInt64(rest) != 0 {
      // Bits beyond the rows must be zero.
      var copy = MutableBuffer<UInt64>(capacity: wordCount)
      copy.append(words.span)
      copy[wordCount - 1] &= 1 << UInt64(rest) - 1
      words = copy.freeze()
    }
    return Bitmap(words: words, count: range.upperBound).slice(range)
  }

  // MARK: Fixed widths

  func values<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type, _ range: Range<Int>, buffer: Int = 1
  ) throws(ArrowFault) -> Buffer<Value> {
    guard let all = try batch.bytes(cursor.buffer + buffer).values(type, count: range.upperBound) else {
      throw damaged("has fewer values than rows")
    }
    return all.slice(range)
  }

  private func decodeInts(
    _ bits: Int, _ isSigned: Bool, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Column {
    let storage: ColumnStorage
    switch (bits, isSigned) {
    case (8, true): storage = .int8(try values(Int8.self, range))
    case (16, true): storage = .int16(try values(Int16.self, range))
    case (32, true): storage = .int32(try values(Int32.self, range))
    case (8, false): storage = .int16(try values(UInt8.self, range).map { Int16($0) })
    case (16, false): storage = .int32(try values(UInt16.self, range).map { Int32($0) })
    case (32, false): storage = .int64(try values(UInt32.self, range).map { Int64($0) })
    case (_, true): storage = .int64(try values(Int64.self, range))
    case (_, false):
      let wide = try values(UInt64.self, range)
      let signed = wide.map { Int64(truncatingIfNeeded: $0) }
      // Beyond the signed numbers means negative when taken as one.
      if let row = signed.firstRow(where: { $0 < 0 }, validity) {
        throw ArrowFault(
          "has \(wide[row]) in column `\(column)`, beyond the largest int, \(Int64.max)",
          help: ["write the column as float or as text"])
      }
      storage = .int64(signed)
    }
    return Column(type: .int, storage: storage, validity: validity, count: range.count)
  }

  private mutating func decodeFloats(
    _ bits: Int, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Column {
    let numbers: Buffer<Double>
    switch bits {
    case 16: numbers = try values(UInt16.self, range).map { Double(Float16(bitPattern: $0)) }
    case 32: numbers = try values(UInt32.self, range).map { Double(Float(bitPattern: $0)) }
    default:
      guard let all = try batch.bytes(cursor.buffer + 1).doubles(count: range.upperBound) else {
        throw damaged("has fewer values than rows")
      }
      numbers = all.slice(range)
    }
    return finite(numbers, validity)
  }

  /// Not-a-number and the infinite are read as missing: no calculation here gives them, and none goes on with them.
  mutating func finite(_ numbers: Buffer<Double>, _ validity: Bitmap?) -> Column {
    let span = numbers.span
    var isOdd = false
    for row in 0..<span.count where !span[row].isFinite { isOdd = true }
    guard isOdd else { return .float(numbers, validity: validity) }
    var known = MutableBitmap(repeating: true, count: numbers.count)
    for row in 0..<span.count {
      if let validity, !validity[row] {
        known.clear(row)
      } else if !span[row].isFinite {
        known.clear(row)
        if span[row].isNaN { tally.notNumbers += 1 } else { tally.infinite += 1 }
      }
    }
    return .float(numbers, validity: known.freezeValidity())
  }

  private mutating func decodeDecimals(
    _ bits: Int, _ scale: Int, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Column {
    var numbers: Buffer<Double>
    switch bits {
    case 32: numbers = try values(Int32.self, range).map { Double($0) }
    case 64: numbers = try values(Int64.self, range).map { Double($0) }
    default:
      guard let halves = try batch.bytes(cursor.buffer + 1).values(UInt64.self, count: 2 * range.upperBound)
      else {
        throw damaged("has fewer values than rows")
      }
      var made = MutableBuffer<Double>(count: range.count)
      for row in range {
        let number = Int128(truncatingIfNeeded: halves[2 * row + 1]) << 64 | Int128(halves[2 * row])
        made[row - range.lowerBound] = Double(number)
      }
      numbers = made.freeze()
    }
    // A power of ten up to 22 is exact, so that dividing by it rounds once.
    var power = 1.0
    for _ in 0..<abs(scale) { power *= 10 }
    if scale != 0 { numbers = scale > 0 ? numbers.map { $0 / power } : numbers.map { $0 * power } }
    return finite(numbers, validity)
  }
}

extension Buffer {
  /// A buffer of what becomes of each value.
  func map<Result: BitwiseCopyable>(_ body: (Element) -> Result) -> Buffer<Result> {
    var result = MutableBuffer<Result>(count: count)
    var target = result.mutableSpan
    let source = span
    for index in 0..<source.count { target[index] = body(source[index]) }
    return result.freeze()
  }

  /// The first known row whose value is as wanted.
  func firstRow(where isWanted: (Element) -> Bool, _ validity: Bitmap?) -> Int? {
    let source = span
    for row in 0..<source.count where isWanted(source[row]) && validity?[row] ?? true { return row }
    return nil
  }
}
