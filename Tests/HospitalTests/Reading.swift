import Columns
import Glibc
import Hospital
import Testing

/// One hospital for all tests: its tables are made once.
let hospital = SyntheticHospital()

func table(_ name: String) throws -> Table { try #require(hospital.table(name)) }

extension Table {
  func integers(_ name: String) throws -> [Int?] {
    try values(name).map { $0.integer.map { Int($0) } }
  }

  func numbers(_ name: String) throws -> [Double?] { try values(name).map(\.number) }

  func flags(_ name: String) throws -> [Bool?] { try values(name).map(\.boolean) }

  /// Texts by way of the codes, so that each different text is decoded once.
  func texts(_ name: String) throws -> [String?] {
    let found = try #require(column(named: name))
    guard case .text(let codes, let pool) = found.storage else { return [] }
    let all = (0..<pool.count).map { pool[$0] }
    return (0..<found.count).map { found.isKnown($0) ? all[codes[$0]] : nil }
  }

  /// Minutes since 1970-01-01 of a datetime column, or days of a date column.
  func moments(_ name: String) throws -> [Int?] {
    try values(name).map { value in
      switch value {
      case .datetime(let instant, _): Int(instant / Calendar.microsecondsPerMinute)
      case .date(let days): Int(days)
      default: nil
      }
    }
  }

  func missingShare(_ name: String) throws -> Double {
    Double(try #require(column(named: name)).missingCount) / Double(rowCount)
  }

  private func values(_ name: String) throws -> [Value] { try #require(column(named: name)).values }
}

extension Column {
  /// The same storage and validity, bit for bit.
  func isIdentical(to other: Column) -> Bool {
    guard count == other.count, type == other.type, (validity == nil) == (other.validity == nil) else {
      return false
    }
    if let validity, let known = other.validity, !same(validity.words, known.words) { return false }
    switch (storage, other.storage) {
    case (.int8(let a), .int8(let b)): return same(a, b)
    case (.int16(let a), .int16(let b)): return same(a, b)
    case (.int32(let a), .int32(let b)): return same(a, b)
    case (.float(let a), .float(let b)): return same(a, b)
    case (.bool(let a), .bool(let b)): return same(a.words, b.words)
    case (.date(let a), .date(let b)): return same(a, b)
    case (.datetime(let a, _), .datetime(let b, _)): return same(a, b)
    case (.text(.u8(let a), let p), .text(.u8(let b), let q)): return same(a, b) && same(p.bytes, q.bytes)
    case (.text(.sequence, let p), .text(.sequence, let q)): return same(p.bytes, q.bytes)
    default: return false
    }
  }

  private func same<Element>(_ left: Buffer<Element>, _ right: Buffer<Element>) -> Bool {
    guard left.count == right.count else { return false }
    return left.withUnsafePointer { a in
      right.withUnsafePointer { b in memcmp(a, b, left.byteCount) == 0 }
    }
  }
}

func share(_ flags: some Sequence<Bool>) -> Double {
  var (yes, all) = (0, 0)
  for flag in flags {
    all += 1
    if flag { yes += 1 }
  }
  return all == 0 ? .nan : Double(yes) / Double(all)
}

func median(_ values: [Int]) -> Int { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

/// Days since 1970-01-01.
func day(_ year: Int, _ month: Int, _ day: Int) throws -> Int {
  Int(try #require(Calendar.days(year: year, month: month, day: day)))
}
