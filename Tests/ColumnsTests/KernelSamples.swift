import Columns

/// Numbers that are the same on every run.
struct Random: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// Columns of every storage, with and without missing values, of few and of many different values.
enum KernelSamples {
  static let kinds = [
    "int8", "int16", "int32", "int64", "wide", "float", "bool", "text8", "text16", "text32", "plain",
    "sequence",
    "ordered", "date", "datetime", "duration", "list", "record", "missing",
  ]

  static func validity(_ rows: Int, _ random: inout Random) -> Bitmap? {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: nil
    case 1: Bitmap((0..<rows).map { _ in Bool.random(using: &random) })
    default: Bitmap((0..<rows).map { _ in Int.random(in: 0..<10, using: &random) > 0 })
    }
  }

  static func column(_ kind: String, rows: Int, domain: Int = 5, _ random: inout Random) -> Column {
    let known = validity(rows, &random)
    func numbers<T: FixedWidthInteger>(_ type: T.Type) -> Buffer<T> {
      Buffer((0..<rows).map { _ in T(truncatingIfNeeded: Int.random(in: -domain...domain, using: &random)) })
    }
    func codes<T: FixedWidthInteger>(_ type: T.Type, _ count: Int) -> Buffer<T> {
      Buffer((0..<rows).map { _ in T(truncatingIfNeeded: Int.random(in: 0..<count, using: &random)) })
    }
    let texts = ["b", "", "abcdefgh1", "abcdefgh", "é", "a", "Z", "abcdefgh2"]
    let pool = TextPool(texts, isDistinct: true)
    switch kind {
    case "int8": return Column(type: .int, storage: .int8(numbers(Int8.self)), validity: known, count: rows)
    case "int16":
      return Column(type: .int, storage: .int16(numbers(Int16.self)), validity: known, count: rows)
    case "int32":
      return Column(type: .int, storage: .int32(numbers(Int32.self)), validity: known, count: rows)
    case "int64": return .int(numbers(Int64.self), validity: known)
    case "wide":
      let values = [Int64.min, .max, 0, -1, 1, 1 << 40, .min + 1, .max - 1]
      return .int(Buffer((0..<rows).map { _ in values.randomElement(using: &random) ?? 0 }), validity: known)
    case "float":
      let values = [0.0, -0.0, 1.5, -2.5, 7e299, -7e299, .nan, 1e300, -1e-300]
      return .float(
        Buffer((0..<rows).map { _ in values.randomElement(using: &random) ?? 0 }), validity: known)
    case "bool": return .bool(Bitmap((0..<rows).map { _ in Bool.random(using: &random) }), validity: known)
    case "text8": return .text(.u8(codes(UInt8.self, 8)), pool, validity: known)
    case "text16": return .text(.u16(codes(UInt16.self, 8)), pool, validity: known)
    case "text32": return .text(.u32(codes(UInt32.self, 8)), pool, validity: known)
    case "plain":
      let plain = TextPool(["b", "a", "b", "", "a", "c"], isDistinct: false)
      return .text(.u32(codes(UInt32.self, 6)), plain, validity: known)
    case "sequence":
      let chosen = (0..<rows + 2).map { _ in texts.randomElement(using: &random) ?? "" }
      let sequence = TextCodes.sequence(start: 2, count: rows)
      return .text(sequence, TextPool(chosen, isDistinct: false), validity: known)
    case "ordered":
      let ordered = TextPool(["low", "mid", "high"], isDistinct: true, ordered: true)
      return .text(.u8(codes(UInt8.self, 3)), ordered, validity: known)
    case "date": return .date(numbers(Int32.self), validity: known)
    case "datetime": return .datetime(numbers(Int64.self), validity: known)
    case "duration": return .duration(numbers(Int64.self), validity: known)
    case "list", "record":
      let values = (0..<rows).map { row -> Value in
        if let known, !known[row] { return .missing }
        let items = (0..<Int.random(in: 0..<3, using: &random)).map { _ in
          Value.int(Int64.random(in: 0..<2, using: &random))
        }
        return kind == "list" ? .list(items) : .record([Value.Field("n", .int(Int64(items.count)))])
      }
      let type = kind == "list" ? DataType.list(.int) : .record([DataType.RecordField("n", .int)])
      return Column(values, type: type)
    default: return .missing(count: rows, type: .int)
    }
  }

  /// A value such that equal ones compare equal: NaN is missing, -0 is 0, an ordered text its position.
  static func comparable(_ column: Column, _ row: Int) -> Value {
    let value = column.value(row)
    if case .float(let number) = value { return number.isNaN ? .missing : .float(number == 0 ? 0 : number) }
    if case .text(let codes, let pool) = column.storage, let order = pool.ownOrder, column.isKnown(row) {
      return .int(Int64(order[codes[row]]))
    }
    return value
  }

  /// -1, 0 or 1 for two values of a column, missing after everything.
  static func compare(_ a: Value, _ b: Value, descending: Bool) -> Int {
    if a.isMissing || b.isMissing { return (a.isMissing ? 1 : 0) - (b.isMissing ? 1 : 0) }
    let sign = before(a, b) ? -1 : before(b, a) ? 1 : 0
    return descending ? -sign : sign
  }

  private static func before(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.list(let a), .list(let b)): a.lexicographicallyPrecedes(b, by: before)
    case (.record(let a), .record(let b)):
      a.map(\.value).lexicographicallyPrecedes(b.map(\.value), by: before)
    default: Value.precedes(a, b)
    }
  }
}
