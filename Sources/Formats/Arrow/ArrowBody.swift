import Columns

/// The buffers of a record batch on their way into a file, in the order of the columns; they share the memory of
/// the columns where the layouts agree.
struct ArrowBody {
  /// Where every buffer begins, from the beginning of the batch's body.
  static let alignment = 64

  private(set) var nodes: [Int64] = []
  private(set) var places: [Int64] = []
  private(set) var buffers: [Buffer<UInt8>] = []
  private(set) var byteCount = 0

  private mutating func add(_ bytes: Buffer<UInt8>) {
    places += [Int64(byteCount), Int64(bytes.count)]
    buffers.append(bytes)
    byteCount += (bytes.count + Self.alignment - 1) & ~(Self.alignment - 1)
  }

  /// Adds rows of a column. `segment` is the number of the segment that they are of.
  mutating func add(_ column: Column, as shape: ArrowShape, segment: Int = 0) {
    nodes += [Int64(column.count), Int64(column.missingCount)]
    if case .null = shape { return }
    add(validity: column)
    switch shape {
    case .null: break
    case .int(let bits): add(ints: column, bits: bits)
    case .float: add(column.floatValues.asBytes)
    case .bool: add(bits: column.boolValues)
    case .text: add(texts: column)
    case .dictionary(let levels, let bits, _): add(codes: column, levels.maps[segment], bits: bits)
    case .date: add(column.dayValues.asBytes)
    case .timestamp, .duration: add(column.int64Values.asBytes)
    case .list(let element): add(list: column, element)
    case .record(let parts):
      for (index, part) in parts.enumerated() {
        add(column.part(index, type: part.shape.dataType), as: part.shape)
      }
    }
  }

  private mutating func add(validity column: Column) {
    let missing = column.missingCount
    if missing == 0 { return add(Buffer<UInt8>([])) }
    add(bits: column.validity ?? Bitmap(repeating: missing == 0, count: column.count))
  }

  /// Bits, with zeros behind the last.
  private mutating func add(bits: Bitmap) {
    let count = bits.wordCount
    if count > 0, bits.words[count - 1] != bits.word(count - 1) {
      var copy = MutableBuffer<UInt64>(capacity: count)
      for index in 0..<count { copy.append(bits.word(index)) }
      return add(copy.freeze().asBytes)
    }
    add(bits.words.slice(0..<count).asBytes)
  }

  private mutating func add(ints column: Column, bits: Int) {
    switch (column.storage, bits) {
    case (.int8(let values), 8): add(values.asBytes)
    case (.int16(let values), 16): add(values.asBytes)
    case (.int32(let values), 32): add(values.asBytes)
    case (_, 8): add(column.int64Values.map { Int8(truncatingIfNeeded: $0) }.asBytes)
    case (_, 16): add(column.int64Values.map { Int16(truncatingIfNeeded: $0) }.asBytes)
    case (_, 32): add(column.int64Values.map { Int32(truncatingIfNeeded: $0) }.asBytes)
    default: add(column.int64Values.asBytes)
    }
  }

  /// Codes, in the width of the dictionary; those of missing rows are entries too, as some readers check them.
  private mutating func add(codes column: Column, _ map: Buffer<UInt32>?, bits: Int) {
    guard case .text(let codes, let pool) = column.storage else {
      return add(Buffer<UInt8>(repeating: 0, count: column.count * bits / 8))
    }
    let limit = UInt32(pool.count)
    if map == nil, column.missingCount == 0 {
      switch (codes, bits) {
      case (.u8(let values), 8): return add(values.asBytes)
      case (.u16(let values), 16): return add(values.asBytes)
      case (.u32(let values), 32): return add(values.asBytes)
      default: break
      }
    }
    let wide = codes.widened.map { code in
      let own = code < limit ? code : 0
      return map.map { $0.count == 0 ? 0 : $0[Int(own)] } ?? own
    }
    switch bits {
    case 8: add(wide.map { UInt8(truncatingIfNeeded: $0) }.asBytes)
    case 16: add(wide.map { UInt16(truncatingIfNeeded: $0) }.asBytes)
    default: add(wide.asBytes)
    }
  }

  private mutating func add(texts column: Column) {
    guard case .text(let codes, let pool) = column.storage, column.count > 0 else {
      add(Buffer<Int64>(repeating: 0, count: column.count + 1).asBytes)
      return add(Buffer<UInt8>([]))
    }
    if case .sequence(let start, let count) = codes {
      let offsets = pool.offsets.slice(start..<start + count + 1)
      let first = offsets[0]
      add((first == 0 ? offsets : offsets.map { $0 - first }).asBytes)
      return add(pool.bytes.slice(Int(first)..<Int(offsets[count])))
    }
    let rows = codes.widened
    var offsets = MutableBuffer<Int64>(capacity: rows.count + 1)
    var bytes = MutableBuffer<UInt8>(capacity: rows.count * 8)
    let source = pool.bytes
    offsets.append(0)
    for row in 0..<rows.count {
      let code = Int(rows[row])
      if code < pool.count, column.validity?[row] ?? true {
        bytes.append(source.span.extracting(pool.range(code)))
      }
      offsets.append(Int64(bytes.count))
    }
    add(offsets.freeze().asBytes)
    add(bytes.freeze())
  }

  private mutating func add(list column: Column, _ element: ArrowShape) {
    guard case .list(let offsets, let elements) = column.storage else {
      add(Buffer<Int64>(repeating: 0, count: column.count + 1).asBytes)
      return add(.missing(count: 0, type: element.dataType), as: element)
    }
    let first = offsets[0]
    add(
      (first == 0
        ? offsets.slice(0..<column.count + 1) : offsets.slice(0..<column.count + 1).map { $0 - first })
        .asBytes)
    add(elements.slice(Int(first)..<Int(offsets[column.count])), as: element)
  }

  /// The metadata of the batch.
  func header(rows: Int) -> FlatValue {
    .table([
      (0, .int64(Int64(rows))), (1, .value(.structs(nodes, width: 2))),
      (2, .value(.structs(places, width: 2))),
    ])
  }
}

extension ArrowShape {
  var dataType: DataType {
    switch self {
    case .null: .missing
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .text, .dictionary: .text
    case .date: .date
    case .timestamp: .datetime
    case .duration: .duration
    case .list(let element): .list(element.dataType)
    case .record(let parts): .record(parts.map { DataType.RecordField($0.name, $0.shape.dataType) })
    }
  }
}
