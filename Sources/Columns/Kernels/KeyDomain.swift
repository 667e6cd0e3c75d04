import Scheduling

/// Keys that have few values, all of them known before the rows are read: codes of a dictionary, whole numbers and dates
/// that lie close together. Each combination of values has a number, and nothing needs to be looked up to group by it.
package struct KeyDomain: Sendable {
  /// One key: its values are numbered from 0, and what is missing comes behind them.
  private struct Key: Sendable {
    var type: DataType
    var values: Int
    var least: Int64 = 0
    var pool: TextPool?
  }

  private let keys: [Key]
  /// The numbers are below it.
  package let size: Int

  /// Nil where a key is of another kind, or where there would be more numbers than `limit`.
  ///
  /// - Parameter columns: for each key its parts.
  package init?<C: Crew>(_ columns: [[Column]], limit: Int, by crew: C) throws(C.Failure) {
    var keys: [Key] = []
    var size = 1
    for parts in columns {
      guard let key = try Self.key(parts, by: crew) else { return nil }
      let (product, overflow) = size.multipliedReportingOverflow(by: key.values + 1)
      guard !overflow, product <= limit else { return nil }
      size = product
      keys.append(key)
    }
    self.keys = keys
    self.size = size
  }

  private static func key<C: Crew>(_ parts: [Column], by crew: C) throws(C.Failure) -> Key? {
    guard let first = parts.first else { return nil }
    switch first.type {
    case .text:
      guard let pool = first.pool, pool.isDistinct, parts.allSatisfy({ $0.pool === pool }) else { return nil }
      if case .sequence = first.textCodes { return nil }
      return Key(type: .text, values: pool.count, pool: pool)
    case .bool: return Key(type: .bool, values: 2)
    case .int, .date:
      let found = try crew.pieces(parts.count) { parts[$0].wholeExtremes }
      let known = found.compactMap { $0 }
      guard let least = known.map(\.least).min(), let greatest = known.map(\.greatest).max() else {
        return nil
      }
      let (width, overflow) = greatest.subtractingReportingOverflow(least)
      guard !overflow, width < Int64(UInt32.max) else { return nil }
      return Key(type: first.type, values: Int(width) + 1, least: least)
    default: return nil
    }
  }

  /// The number of each row's keys.
  package func numbers(_ columns: [Column], rows: Int) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: rows)
    for (position, (key, column)) in zip(keys, columns).enumerated() {
      let step = Step(
        isFirst: position == 0, values: UInt32(truncatingIfNeeded: key.values),
        least: UInt32(truncatingIfNeeded: key.least))
      switch column.storage {
      case .int8(let values): Self.add(values.span, step, column.validity, to: &result)
      case .int16(let values): Self.add(values.span, step, column.validity, to: &result)
      case .int32(let values), .date(let values):
        Self.add(values.span, step, column.validity, to: &result)
      case .int64(let values): Self.add(values.span, step, column.validity, to: &result)
      case .bool(let bits): Self.add(bits.bytes.span, step, column.validity, to: &result)
      case .text(.u8(let codes), _): Self.add(codes.span, step, column.validity, to: &result)
      case .text(.u16(let codes), _): Self.add(codes.span, step, column.validity, to: &result)
      case .text(.u32(let codes), _): Self.add(codes.span, step, column.validity, to: &result)
      default:
        let values = column.codesOrNumbers
        Self.add(values.span, step, column.validity, to: &result)
      }
    }
    return result.freeze()
  }

  /// What a key adds to the numbers of the keys before it.
  private struct Step {
    var isFirst: Bool
    var values: UInt32
    var least: UInt32
  }

  private static func add<Value: FixedWidthInteger>(
    _ values: Span<Value>, _ step: Step, _ known: Bitmap?, to result: inout MutableBuffer<UInt32>
  ) {
    var target = result.mutableSpan
    let (least, missing, factor) = (step.least, step.values, step.values &+ 1)
    if step.isFirst {
      for row in 0..<values.count { target[row] = UInt32(truncatingIfNeeded: values[row]) &- least }
    } else {
      for row in 0..<values.count {
        target[row] = target[row] &* factor &+ (UInt32(truncatingIfNeeded: values[row]) &- least)
      }
    }
    guard let known else { return }
    let words = known.words
    let bits = words.span
    for row in 0..<values.count where bits[row >> 6] &>> UInt64(row & 63) & 1 == 0 {
      let own = UInt32(truncatingIfNeeded: values[row]) &- least
      target[row] = target[row] &- own &+ missing
    }
  }

  /// The keys that have some numbers.
  package func keys(_ numbers: Buffer<UInt32>) -> [Column] {
    var rest = 1
    var columns: [Column] = []
    for key in keys.reversed() {
      columns.append(Self.column(key, numbers, below: rest))
      rest *= key.values + 1
    }
    return columns.reversed()
  }

  /// - Parameter factor: how many numbers the keys behind have.
  private static func column(_ key: Key, _ numbers: Buffer<UInt32>, below factor: Int) -> Column {
    var validity = MutableBitmap(repeating: false, count: numbers.count)
    var codes = MutableBuffer<UInt32>(count: numbers.count)
    for index in 0..<numbers.count {
      let own = Int(numbers[index]) / factor % (key.values + 1)
      codes[index] = own < key.values ? UInt32(own) : 0
      if own < key.values { validity.set(index) }
    }
    let found = codes.freeze()
    let known = validity.freezeValidity()
    if let pool = key.pool {
      return .text(.narrowed(found, below: pool.count), pool, validity: known)
    }
    let least = key.least
    let values: Buffer<Int64> = Kernels.map(found) { least &+ Int64($0) }
    return .integers(values, type: key.type, validity: known)
  }
}

extension Column {
  /// The codes of a text column.
  fileprivate var textCodes: TextCodes? {
    if case .text(let codes, _) = storage { codes } else { nil }
  }

  /// Codes or whole numbers, however they are stored; zeros where everything is missing.
  fileprivate var codesOrNumbers: Buffer<Int64> {
    guard case .text(let codes, _) = storage else { return int64Values }
    let plain = codes.widened
    return Kernels.map(plain) { Int64($0) }
  }

  /// The least and the greatest known whole number.
  fileprivate var wholeExtremes: (least: Int64, greatest: Int64)? {
    func wide<Value: FixedWidthInteger>(_ values: Buffer<Value>) -> (least: Int64, greatest: Int64)? {
      values.span.extremes(validity).map { (Int64($0.least), Int64($0.greatest)) }
    }
    switch storage {
    case .int8(let values): return wide(values)
    case .int16(let values): return wide(values)
    case .int32(let values), .date(let values): return wide(values)
    case .int64(let values): return wide(values)
    default: return nil
    }
  }
}
