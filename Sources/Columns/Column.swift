/// The codes of a text column: which entry of the pool each row has.
package enum TextCodes: Sendable {
  case u8(Buffer<UInt8>)
  case u16(Buffer<UInt16>)
  case u32(Buffer<UInt32>)
  /// Row `i` has entry `start + i`: a column of mostly different texts needs no codes.
  case sequence(start: Int, count: Int)

  /// How many rows have a code.
  package var count: Int {
    switch self {
    case .u8(let codes): codes.count
    case .u16(let codes): codes.count
    case .u32(let codes): codes.count
    case .sequence(_, let count): count
    }
  }

  /// The entry of a row; of a missing row it may lie outside the pool.
  package subscript(row: Int) -> Int {
    switch self {
    case .u8(let codes): Int(codes[row])
    case .u16(let codes): Int(codes[row])
    case .u32(let codes): Int(codes[row])
    case .sequence(let start, _): start + row
    }
  }
}

/// The values of a column as they lie in memory, each as Arrow lays it out. Rows that are missing hold any value
/// (a code of a missing text may be 0 even in an empty pool: look at the validity first).
package enum ColumnStorage: Sendable {
  case int8(Buffer<Int8>)
  case int16(Buffer<Int16>)
  case int32(Buffer<Int32>)
  case int64(Buffer<Int64>)
  case float(Buffer<Double>)
  case bool(Bitmap)
  case text(TextCodes, TextPool)
  /// Days since 1970-01-01.
  case date(Buffer<Int32>)
  /// Microseconds since 1970-01-01T00:00Z, and minutes of offset where the data wrote them.
  case datetime(Buffer<Int64>, offsets: Buffer<Int16>?)
  /// Microseconds.
  case duration(Buffer<Int64>)
  /// Row `i` holds the elements `offsets[i]..<offsets[i + 1]`.
  indirect case list(offsets: Buffer<Int64>, elements: Column)
  /// One column a field, in the order of the type's fields.
  indirect case record([Column])
  /// Nothing but missing.
  case missing(count: Int)
}

/// Values of one type in a row, some of which may be missing.
package struct Column: Sendable {
  /// The logical type, the same for all segments of a table.
  package let type: DataType
  /// The values as they lie in memory; widths may differ from segment to segment.
  package let storage: ColumnStorage
  /// Which rows are known; nil when all are.
  package let validity: Bitmap?
  /// The number of rows, missing ones among them.
  package let count: Int

  package init(type: DataType, storage: ColumnStorage, validity: Bitmap?, count: Int) {
    self.type = type
    self.storage = storage
    self.validity = validity
    self.count = count
  }

  // MARK: Making

  package static func int(_ values: Buffer<Int64>, validity: Bitmap? = nil) -> Column {
    Column(type: .int, storage: .int64(values), validity: validity, count: values.count)
  }
  package static func float(_ values: Buffer<Double>, validity: Bitmap? = nil) -> Column {
    Column(type: .float, storage: .float(values), validity: validity, count: values.count)
  }
  package static func bool(_ values: Bitmap, validity: Bitmap? = nil) -> Column {
    Column(type: .bool, storage: .bool(values), validity: validity, count: values.count)
  }
  /// Dates as days since 1970-01-01.
  package static func date(_ values: Buffer<Int32>, validity: Bitmap? = nil) -> Column {
    Column(type: .date, storage: .date(values), validity: validity, count: values.count)
  }
  /// Moments as microseconds since 1970-01-01T00:00Z, with the minutes of offset that the data wrote, if any.
  package static func datetime(
    _ values: Buffer<Int64>, offsets: Buffer<Int16>? = nil, validity: Bitmap? = nil
  ) -> Column {
    Column(
      type: .datetime, storage: .datetime(values, offsets: offsets), validity: validity,
      count: values.count)
  }
  /// Durations in microseconds.
  package static func duration(_ values: Buffer<Int64>, validity: Bitmap? = nil) -> Column {
    Column(type: .duration, storage: .duration(values), validity: validity, count: values.count)
  }
  /// Texts as entries of a pool, one code a row.
  package static func text(_ codes: TextCodes, _ pool: TextPool, validity: Bitmap? = nil) -> Column {
    Column(type: .text, storage: .text(codes, pool), validity: validity, count: codes.count)
  }
  /// Text by codes into a list of different texts: the quick way to make a column of few texts.
  package static func text(
    codes: [UInt32], of texts: [String], ordered: Bool = false, validity: Bitmap? = nil
  ) -> Column {
    .text(.u32(Buffer(codes)), TextPool(texts, isDistinct: true, ordered: ordered), validity: validity)
  }
  /// Rows that are all missing.
  package static func missing(count: Int, type: DataType = .missing) -> Column {
    Column(
      type: type, storage: .missing(count: count), validity: Bitmap(repeating: false, count: count),
      count: count)
  }

  // MARK: Reading single rows (results and rare paths; kernels read whole columns)

  /// Whether a row is not missing.
  package func isKnown(_ row: Int) -> Bool {
    if case .missing = storage { return false }
    guard let validity else { return true }
    return validity[row]
  }

  /// Rows that are missing.
  package var missingCount: Int {
    if case .missing = storage { return count }
    guard let validity else { return 0 }
    return count - validity.ones
  }

  /// One row's value.
  package func value(_ row: Int) -> Value {
    guard isKnown(row) else { return .missing }
    switch storage {
    case .int8(let values): return .int(Int64(values[row]))
    case .int16(let values): return .int(Int64(values[row]))
    case .int32(let values): return .int(Int64(values[row]))
    case .int64(let values): return .int(values[row])
    case .float(let values): return .float(values[row])
    case .bool(let bits): return .bool(bits[row])
    case .text(let codes, let pool): return .text(pool[codes[row]])
    case .date(let values): return .date(values[row])
    case .datetime(let values, let offsets): return .datetime(values[row], offset: offsets?[row])
    case .duration(let values): return .duration(values[row])
    case .list(let offsets, let elements):
      return .list((Int(offsets[row])..<Int(offsets[row + 1])).map { elements.value($0) })
    case .record(let columns): return record(columns, row)
    case .missing: return .missing
    }
  }

  private func record(_ columns: [Column], _ row: Int) -> Value {
    guard case .record(let fields) = type else { return .missing }
    return .record(zip(fields, columns).map { Value.Field($0.name, $1.value(row)) })
  }

  /// All rows' values, in order (results and tests).
  package var values: [Value] { (0..<count).map { value($0) } }

  /// The pool of a text column.
  package var pool: TextPool? {
    if case .text(_, let pool) = storage { pool } else { nil }
  }

  /// A field of a column of records by its position: missing where the record is, or where the column holds none.
  package func field(_ index: Int, type: DataType) -> Column {
    guard case .record(let columns) = storage else { return .missing(count: count, type: type) }
    guard let known = validity else { return columns[index] }
    return columns[index].with(validity: columns[index].knownRows.map { $0.and(known) } ?? known)
  }

  /// The same values under another validity.
  package func with(validity: Bitmap?) -> Column {
    Column(type: type, storage: storage, validity: validity, count: count)
  }
}
