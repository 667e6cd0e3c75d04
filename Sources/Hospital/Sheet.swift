import Columns
import Synchronization

/// Marks of a missing value while a column is filled.
enum Missing {
  static let code: UInt8 = .max
  static let minute: Int32 = .min
  static let day: Int32 = .min
  static let int: Int32 = .min
}

/// Gathers the columns of a table, turning arrays with marks for missing into columns with validity.
struct Sheet {
  private var columns: [(name: String, column: Column)] = []

  /// A text column by codes into different texts.
  mutating func text(_ name: String, _ codes: [UInt8], of texts: [String], ordered: Bool = false) {
    let known = validity(codes, mark: Missing.code)
    let clean = known == nil ? codes : codes.map { $0 == Missing.code ? 0 : $0 }
    let pool = TextPool(texts, isDistinct: true, ordered: ordered)
    add(name, .text(.u8(Buffer(clean)), pool, validity: known))
  }

  /// A text column of rows that mostly differ.
  mutating func text(_ name: String, each texts: [String]) {
    let pool = TextPool(texts, isDistinct: false)
    add(name, .text(.sequence(start: 0, count: texts.count), pool))
  }

  mutating func int(_ name: String, _ values: [Int32]) {
    let known = validity(values, mark: Missing.int)
    add(name, Column(type: .int, storage: .int32(Buffer(values)), validity: known, count: values.count))
  }

  mutating func int(_ name: String, small values: [Int16]) {
    let known = validity(values, mark: Int16.min)
    add(name, Column(type: .int, storage: .int16(Buffer(values)), validity: known, count: values.count))
  }

  /// Small numbers; `Missing.code` marks a missing one.
  mutating func int(_ name: String, tiny values: [UInt8]) {
    let known = validity(values, mark: Missing.code)
    let bytes = values.map { Int8(truncatingIfNeeded: $0) }
    add(name, Column(type: .int, storage: .int8(Buffer(bytes)), validity: known, count: values.count))
  }

  /// Consecutive whole numbers, as ids are.
  mutating func ids(_ name: String, from first: Int32, count: Int) {
    int(name, (0..<count).map { first &+ Int32(truncatingIfNeeded: $0) })
  }

  /// A float column; a value that is not a number is missing.
  mutating func float(_ name: String, _ values: [Double]) {
    let known = validity(values.count) { !values[$0].isNaN }
    add(name, .float(Buffer(values), validity: known))
  }

  mutating func bool(_ name: String, _ values: [Bool]) {
    add(name, .bool(Bitmap(values)))
  }

  mutating func date(_ name: String, _ days: [Int32]) {
    add(name, .date(Buffer(days), validity: validity(days, mark: Missing.day)))
  }

  /// A datetime column from minutes since 1970-01-01.
  mutating func datetime(_ name: String, minutes: [Int32]) {
    let known = validity(minutes, mark: Missing.minute)
    let instants = minutes.map { Int64($0) &* Calendar.microsecondsPerMinute }
    add(name, .datetime(Buffer(instants), validity: known))
  }

  func table() -> Table { Table(columns) }

  private mutating func add(_ name: String, _ column: Column) { columns.append((name, column)) }

  private func validity<Number: FixedWidthInteger>(_ values: [Number], mark: Number) -> Bitmap? {
    values.contains(mark) ? validity(values.count) { values[$0] != mark } : nil
  }

  @inline(__always)
  private func validity(_ count: Int, _ isKnown: (Int) -> Bool) -> Bitmap? {
    var bits = MutableBitmap(repeating: true, count: count)
    for index in 0..<count where !isKnown(index) { bits.clear(index) }
    return bits.freezeValidity()
  }
}

/// A value that is made once, by whoever asks first.
final class Once<Value: Sendable>: Sendable {
  private let made = Mutex<Value?>(nil)

  func get(_ make: () -> Value) -> Value {
    made.withLock { made in
      if let made { return made }
      let value = make()
      made = value
      return value
    }
  }
}
